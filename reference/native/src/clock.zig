//! For how long connections may take: a clock that counts seconds.
//!
//! It does not tell the time of day, so there is no field Date (RFC 9110, 6.6.1, for servers without
//! a clock), and nothing happens if somebody puts the machine's clock forward.

const net = @import("net.zig");

pub var tick: u32 = 0;

/// Look at the clock. True: another second has begun.
pub fn look() bool {
    const before = tick;
    tick = net.seconds();
    return tick != before;
}
