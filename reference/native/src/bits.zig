//! The payload as a stream of bits, least significant first (RFC 1951, 3.1.1).

const memory = @import("memory.zig");
const report = @import("report.zig");
const source = @import("root").source;

/// How much is read at a time.
const capacity = 1 << 16;
/// What is appended at the end of the stream, see `more`.
const zeros = 16;

/// The bytes being read. The hashing pass borrows it.
pub var buffer: [capacity + 128]u8 = undefined;

/// Bits taken from the buffer and not used yet, from the lowest; `count` of them are valid. Above
/// lie zeros, or the bits that really follow: `refill` may write those a second time.
pub var hold: u64 = 0;
pub var count: u32 = 0;
/// The next byte to take, and the end of the bytes. 32 bits, so that sums in 64 cannot overflow
/// and need no check.
pub var at: u32 = 0;
pub var end: u32 = 0;

/// How many of the bytes before `end` are zeros that were never in the stream.
var padding: u32 = 0;

/// Make at least 56 bits available.
pub noinline fn refill() void {
    @setRuntimeSafety(true);
    if (@as(usize, at) + 8 > end) more();
    hold |= word(at) << @truncate(count);
    at += (63 - count) >> 3;
    count |= 56;
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
    const value = low(hold, length);
    hold >>= @truncate(length);
    count -= length;
    return value;
}

/// The next `length` bits of the stream; fewer than 32.
pub noinline fn read(length: u32) u32 {
    refill();
    return take(length);
}

/// Skip to the next byte boundary.
pub fn alignToByte() void {
    _ = take(count & 7);
}

/// Give whole unused bytes back to the buffer. GZ-6: zeros that were never in the stream and have
/// been used are how a truncated one is found.
fn restore() void {
    @setRuntimeSafety(true);
    at -= count >> 3;
    count &= 7;
    hold = low(hold, count);
    if (@as(usize, at) + padding > end) report.fail("gzip: the stream is truncated");
}

/// Move the unread bytes to the front and read more behind them; at the end of the stream, zeros:
/// so `refill` needs one path only.
pub noinline fn more() void {
    @setRuntimeSafety(true);
    restore();
    memory.copy(&buffer, buffer[at..end]);
    end -= at;
    at = 0;
    end += @intCast(source.fill(buffer[end..capacity]));
    if (end < capacity) {
        @memset(buffer[end..][0..zeros], 0);
        padding += zeros;
        end += zeros;
    }
}

/// Whether the stream is used up, at a byte boundary. Afterwards the next byte is `buffer[at]`.
pub noinline fn ended() bool {
    @setRuntimeSafety(true);
    refill();
    restore();
    return at + padding == end;
}
