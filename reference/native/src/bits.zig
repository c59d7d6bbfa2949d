//! The payload as a stream of bits, least significant first (RFC 1951, 3.1.1).

const builtin = @import("builtin");
const memory = @import("memory.zig");
const report = @import("report.zig");
const source = @import("root").source;

/// How much is read at a time.
const capacity = 1 << 16;
/// What is appended at the end of the stream, see `more`.
const zeros = 16;

/// The bytes being read. The hashing pass borrows it.
pub var buffer: [capacity + 128]u8 = undefined;

/// The reading position. Its fields have 32 bits, so that sums of them in 64 cannot overflow and
/// need no check.
pub const Position = struct {
    /// Bits taken from the buffer and not used yet, from the lowest; `count` of them are valid.
    /// Above lie zeros, or the bits that really follow: `refill` may write those a second time.
    hold: u64,
    count: u32,
    /// The next byte to take, and the end of the bytes.
    at: u32,
    end: u32,
    /// How many of the bytes before `end` are zeros that were never in the stream.
    padding: u32,
};

var position: Position = @import("std").mem.zeroes(Position);

/// The position, see `memory.base`.
pub inline fn here() *Position {
    // On aarch64 there is nothing to gain: an instruction that names an address is no longer.
    return if (builtin.cpu.arch == .x86_64) memory.base(&position) else &position;
}

/// Make at least 56 bits available.
pub noinline fn refill() void {
    @setRuntimeSafety(true);
    const p = here();
    if (@as(usize, p.at) + 8 > p.end) more();
    p.hold |= word(p.at) << @truncate(p.count);
    p.at += (63 - p.count) >> 3;
    p.count |= 56;
}

/// The eight bytes at `index`, lowest first.
pub inline fn word(index: usize) u64 {
    @setRuntimeSafety(true);
    return memory.load(u64, buffer[index..][0..8]);
}

/// The lowest `length` bits of `value`; fewer than 32.
pub inline fn low(value: u64, length: u32) u32 {
    return @as(u32, @truncate(value)) & ~(~@as(u32, 0) << @truncate(length));
}

/// Use `length` bits that are available; fewer than 32.
pub noinline fn take(length: u32) u32 {
    @setRuntimeSafety(true);
    const p = here();
    const value = low(p.hold, length);
    p.hold >>= @truncate(length);
    p.count -= length;
    return value;
}

/// The next `length` bits of the stream; fewer than 32.
pub noinline fn read(length: u32) u32 {
    refill();
    return take(length);
}

/// Skip to the next byte boundary.
pub noinline fn alignToByte() void {
    _ = take(position.count & 7);
}

/// Give whole unused bytes back to the buffer. GZ-6: zeros that were never in the stream and have
/// been used are how a truncated one is found.
pub noinline fn restore() void {
    @setRuntimeSafety(true);
    const p = here();
    p.at -= p.count >> 3;
    p.count &= 7;
    p.hold = low(p.hold, p.count);
    if (@as(usize, p.at) + p.padding > p.end) report.fail("gzip: truncated");
}

/// Fail because of `cause`, unless it is only that the stream ended too early.
pub noinline fn fail(cause: [*:0]const u8) noreturn {
    restore();
    report.fail(cause);
}

/// Move the unread bytes to the front and read more behind them; at the end of the stream, zeros:
/// so `refill` needs one path only.
pub noinline fn more() void {
    @setRuntimeSafety(true);
    restore();
    const p = here();
    memory.copy(&buffer, buffer[p.at..p.end]);
    const tail = p.end - p.at;
    p.at = 0;
    p.end = tail + source.fill(buffer[tail..capacity]);
    if (p.end < capacity) {
        @memset(buffer[p.end..][0..zeros], 0);
        p.padding += zeros;
        p.end += zeros;
    }
}

/// Whether the stream is used up, at a byte boundary. Afterwards the next byte is at `at`.
pub inline fn ended() bool {
    @setRuntimeSafety(true);
    refill();
    restore();
    const p = here();
    return @as(usize, p.at) + p.padding == p.end;
}
