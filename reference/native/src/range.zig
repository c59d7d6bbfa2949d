//! Parts of a blob (HTTP-16; RFC 9110, section 14).

const answer = @import("answer.zig");
const cursor = @import("cursor.zig");
const memory = @import("memory.zig");
const request = @import("request.zig");

pub const Part = enum(u8) { whole, part, beyond };

/// Find out what a Range field asks for, of so many bytes, for the answer's body. `whole`: what it says is to be ignored:
/// several parts, another unit, nonsense. `beyond`: there is no such part.
pub inline fn find(field: []u8, size: u64) Part {
    @setRuntimeSafety(true);
    const body = &answer.body;
    body.offset = 0;
    body.end = size;
    request.lower(field);
    if (!memory.startsWith(field, "bytes=")) return .whole;
    cursor.begin(field[6..]);
    while (cursor.peek() == ' ') _ = cursor.take();
    const begin = cursor.number();
    if (cursor.take() != '-') return .whole;
    // Where there is none, this is larger than all numbers.
    const last = cursor.number();
    if (cursor.take() != cursor.end or last < begin and begin != cursor.none) return .whole;
    if (begin != cursor.none) {
        if (begin >= size) return .beyond;
        if (last < size) body.end = last + 1;
        body.offset = begin;
        return .part;
    }
    // The last bytes, so many or all.
    if (last == cursor.none) return .whole;
    if (last == 0) return .beyond;
    if (size == 0) return .whole;
    body.offset = size -| last;
    return .part;
}
