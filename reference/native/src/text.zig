//! Names and the texts of links, gathered from the archive byte by byte.

const report = @import("report.zig");
const tar = @import("tar.zig");

pub const Text = struct {
    length: u32,
    /// A zero byte was seen; only more of them may follow.
    closed: bool,
    /// What the kernel takes at most, its zero byte included; and room for a slash.
    bytes: [4096]u8,

    pub fn clear(text: *Text) void {
        @setRuntimeSafety(true);
        text.length = 0;
        text.closed = false;
        text.bytes[0] = 0;
    }

    pub noinline fn append(text: *Text, byte: u8) void {
        @setRuntimeSafety(true);
        if (byte == 0) {
            text.closed = true;
        } else {
            // TAR-13
            if (text.closed) report.fail("tar: zero byte in a name");
            if (text.length == text.bytes.len - 1) report.fail("name too long");
            text.bytes[text.length] = byte;
            text.length += 1;
        }
        text.bytes[text.length] = 0;
    }

    /// Replace it by data of the current member, until only `end` bytes of that are left.
    pub inline fn read(text: *Text, end: u64) void {
        text.clear();
        while (tar.left > end) text.append(tar.next());
    }

    /// Append a header's field: up to its first zero byte.
    pub noinline fn appendField(text: *Text, field: []const u8) void {
        for (field) |byte| {
            if (byte == 0) break;
            text.append(byte);
        }
    }

    pub noinline fn get(text: *const Text) [:0]const u8 {
        @setRuntimeSafety(true);
        return text.bytes[0..text.length :0];
    }
};
