//! A list of names, gathered and sorted: of the chunks, and later of tags.

const memory = @import("memory.zig");

pub const most = 1 << 14;

/// The names, one behind the other, each with a zero byte. Pages of these arrays that are never
/// touched cost nothing.
var bytes: [7 << 16]u8 = undefined;
var used: usize = 0;

/// Where in `bytes` each name begins, in the list's order.
var starts: [most]u32 = undefined;
pub var count: u32 = 0;

/// Whether there is room for another name, of up to 255 bytes.
pub fn hasRoom() bool {
    @setRuntimeSafety(true);
    return count < most and bytes.len - used >= 512;
}

/// Append a name, which has a zero byte somewhere; what lies behind that is never looked at.
pub fn add(padded: []const u8) void {
    @setRuntimeSafety(true);
    starts[count] = @intCast(used);
    count += 1;
    memory.copy(bytes[used..], padded);
    used += padded.len;
}

pub noinline fn get(index: u32) [*:0]const u8 {
    @setRuntimeSafety(true);
    return @ptrCast(&bytes[starts[index]]);
}

/// PAY-2: ascending bytewise order, by Shell's method: as short as the simplest ones, without
/// their quadratic time.
pub fn sort() void {
    @setRuntimeSafety(true);
    var gap = count;
    while (gap > 1) {
        gap /= 2;
        for (gap..count) |start| {
            const moving = starts[start];
            var at = start;
            while (at >= gap and before(moving, starts[at - gap])) {
                starts[at] = starts[at - gap];
                at -= gap;
            }
            starts[at] = moving;
        }
    }
}

fn before(a: u32, b: u32) bool {
    @setRuntimeSafety(true);
    var i: usize = 0;
    while (bytes[a + i] == bytes[b + i] and bytes[a + i] != 0) i += 1;
    return bytes[a + i] < bytes[b + i];
}

pub fn clear() void {
    used = 0;
    count = 0;
}
