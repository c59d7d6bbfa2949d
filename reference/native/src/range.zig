//! Parts of a blob (HTTP-16; RFC 9110, section 14).

const cursor = @import("cursor.zig");

pub const Part = enum(u8) { whole, part, beyond };

/// The part that was asked for: from `first` up to but not including `end`.
pub var first: u64 = 0;
pub var end: u64 = 0;

/// Find out what a Range field asks for, of so many bytes. `whole`: what it says is to be ignored:
/// several parts, another unit, nonsense. `beyond`: there is no such part.
pub fn find(field: []const u8, size: u64) Part {
    @setRuntimeSafety(true);
    first = 0;
    end = size;
    cursor.begin(field);
    for ("bytes=") |want| {
        const byte = cursor.take();
        if (byte != want and byte != want & ~@as(u8, 0x20)) return .whole;
    }
    while (cursor.peek() == ' ') _ = cursor.take();
    const begin = cursor.number();
    const open = cursor.at;
    if (cursor.take() != '-') return .whole;
    const last = cursor.number();
    const closed = cursor.at > open + 1;
    if (cursor.take() != cursor.end) return .whole;
    if (field[open - 1] -% '0' <= 9) {
        if (closed and last < begin) return .whole;
        if (closed and last < size) end = last + 1;
        if (begin >= size) return .beyond;
        first = begin;
        return .part;
    }
    // The last bytes, so many or all.
    if (!closed) return .whole;
    if (last == 0) return .beyond;
    if (size == 0) return .whole;
    first = size -| last;
    return .part;
}
