//! The payload as a stream of bits, least significant first (RFC 1951, 3.1.1).

const std = @import("std");
const report = @import("report.zig");
const runtime = @import("runtime.zig");
const source = @import("root").source;

const capacity = 1 << 16;

/// The bytes being read. The hashing pass borrows it.
pub var buffer: [capacity + 128]u8 = undefined;

/// The reading position. Hot loops work on a copy of their own.
pub const Position = struct {
    /// Bits taken from the buffer and not yet used, from the lowest. Above `count` lie either
    /// zeros or the bits that really follow: `refill` may write them a second time.
    hold: u64 = 0,
    count: usize = 0,
    /// The next byte to take and the end of the valid ones.
    at: usize = 0,
    end: usize = 0,

    /// Make at least 56 bits available.
    pub inline fn refill(p: *Position) void {
        @setRuntimeSafety(true);
        if (p.at + 8 > p.end) p.* = more(p.*);
        const next = std.mem.readInt(u64, buffer[p.at..][0..8], .little);
        p.hold |= next << @truncate(p.count);
        p.at += (63 - p.count) >> 3;
        p.count |= 56;
    }

    /// The next `length` bits, at most 16 and after a refill.
    pub inline fn peek(p: *const Position, length: usize) usize {
        return @as(usize, @truncate(p.hold)) & ~(~@as(usize, 0) << @truncate(length));
    }

    pub inline fn drop(p: *Position, length: usize) void {
        @setRuntimeSafety(true);
        p.hold >>= @truncate(length);
        p.count -= length;
    }

    pub inline fn take(p: *Position, length: usize) usize {
        const value = p.peek(length);
        p.drop(length);
        return value;
    }
};

pub var position: Position = .{};

/// Zero bytes appended behind the real end of the stream so that `refill` needs one path only.
var padding: usize = 0;

/// Give whole unused bytes back to the buffer.
fn restore(from: Position) Position {
    @setRuntimeSafety(true);
    const rest = from.count & 7;
    var p = from;
    p.at -= from.count >> 3;
    p.count = rest;
    p.hold = p.peek(rest);
    return p;
}

/// Move the unread bytes to the front and read more behind them; at the end of the stream, zeros.
noinline fn more(from: Position) Position {
    @setRuntimeSafety(true);
    var p = restore(from);
    checkEnd(p);
    const tail = p.end - p.at;
    runtime.copyDown(&buffer, buffer[p.at..].ptr, tail);
    p.at = 0;
    p.end = tail + source.fill(buffer[tail..capacity]);
    if (p.end < capacity) {
        @memset(buffer[p.end..][0..16], 0);
        padding += 16;
        p.end += 16;
    }
    return p;
}

/// GZ-6: reading zeros that were never in the stream is how a truncated one is found.
fn checkEnd(p: Position) void {
    @setRuntimeSafety(true);
    if (p.at + padding > p.end) report.fail("gzip: the stream is truncated");
}

/// The next `length` bits of the stream, at most 32.
pub fn read(length: usize) u32 {
    @setRuntimeSafety(true);
    position.refill();
    return @truncate(position.take(length));
}

/// Skip to the next byte boundary.
pub fn align_() void {
    position.drop(position.count & 7);
}

/// Whether the stream is used up. Fails where more was used than there was.
pub fn ended() bool {
    @setRuntimeSafety(true);
    position.refill();
    position = restore(position);
    checkEnd(position);
    return position.at + padding == position.end;
}

/// Up to `most` bytes of the stream at a byte boundary; at least one.
pub fn bytes(most: usize) []const u8 {
    @setRuntimeSafety(true);
    position.refill();
    position = restore(position);
    const count = @min(most, position.end - position.at);
    const found = buffer[position.at..][0..count];
    position.at += count;
    return found;
}
