//! Parts of a blob (HTTP-16; RFC 9110, section 14).

const memory = @import("memory.zig");

pub const Part = enum(u8) { whole, part, beyond };

/// The part that was asked for: from `first` up to but not including `end`.
pub var first: u64 = 0;
pub var end: u64 = 0;

/// Find out what a Range field asks for, of so many bytes. `whole`: what it says is to be ignored:
/// several parts, another unit, nonsense. `beyond`: there is no such part.
pub noinline fn find(field: []const u8, size: u64) Part {
    @setRuntimeSafety(true);
    first = 0;
    end = size;
    if (field.len < 6) return .whole;
    for ("bytes=", field[0..6]) |want, byte| if (byte | (want & 0x20) != want) return .whole;
    var at: usize = 6;
    while (at < field.len and (field[at] == ' ' or field[at] == '\t')) at += 1;
    const from = number(field, &at);
    if (at == field.len or field[at] != '-') return .whole;
    at += 1;
    const to = number(field, &at);
    if (at != field.len) return .whole;
    if (from) |begin| {
        if (to) |last| {
            if (last < begin) return .whole;
            if (last < size) end = last + 1;
        }
        if (begin >= size) return .beyond;
        first = begin;
        return .part;
    }
    // The last bytes, so many or all.
    const count = to orelse return .whole;
    if (count == 0) return .beyond;
    if (size == 0) return .whole;
    first = size -| count;
    return .part;
}

/// Digits, however many: what no file has bytes for is the largest number there is.
fn number(field: []const u8, at: *usize) ?u64 {
    @setRuntimeSafety(true);
    const start = at.*;
    var value: u64 = 0;
    while (at.* < field.len and field[at.*] -% '0' <= 9) : (at.* += 1) {
        value = value *| 10 +| (field[at.*] - '0');
    }
    return if (at.* > start) value else null;
}
