//! The checksum (SUM): the argument, and the first pass over the payload.

const memory = @import("memory.zig");
const bits = @import("bits.zig");
const payload = @import("payload.zig");
const report = @import("report.zig");
const sha256 = @import("sha256.zig");

/// SUM-3. SUM-6: capital letters are turned into small ones, in place.
pub fn argument(text: [*:0]u8) void {
    @setRuntimeSafety(true);
    const digits = text[0..memory.span(text).len];
    var good = digits.len == 64;
    for (digits) |*digit| {
        if (digit.* -% 'A' <= 5) digit.* |= 0x20;
        if (digit.* -% '0' > 9 and digit.* -% 'a' > 5) good = false;
    }
    if (!good) report.fail("the argument is not 64 hex digits");
}

/// Read the payload from end to end and compare its SHA-256 (SUM-1, SUM-2). Without an argument
/// nothing is compared (SUM-4), but unreadable chunks are still found before the first write.
pub fn check(expected: ?[*:0]const u8) void {
    @setRuntimeSafety(true);
    var state: sha256.State align(16) = sha256.initial;
    var total: u64 = 0;
    // A whole number of blocks; only the last read can end within one.
    const part = bits.buffer[0 .. 1 << 16];
    while (true) {
        const length = payload.fill(part);
        total += length;
        if (length < part.len) {
            sha256.finish(&state, &bits.buffer, length, total);
            break;
        }
        sha256.compress(&state, part);
    }
    const actual = sha256.hex(&state);
    if (expected) |wanted| {
        if (!memory.startsWith(memory.span(wanted), actual)) report.failDigest(wanted, actual);
    }
}
