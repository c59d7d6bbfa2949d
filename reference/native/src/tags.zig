//! NAMES-12: lists of tags.
//!
//! A list can be long, and its reader slow: it is written to a file in memory, which is then served
//! and forgotten as a blob is.

const answer = @import("answer.zig");
const layout = @import("layout.zig");
const list = @import("list.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const sys = @import("sys.zig");

var file: sys.Descriptor = undefined;
var failed = false;

/// The list of a name's tags, as the answer's body; none if there is no such name, or no way to write it down.
pub inline fn open(name: []const u8) ?sys.Descriptor {
    @setRuntimeSafety(true);
    // A name with such characters in it would have to be escaped; no image has one.
    for (name) |byte| if (byte < ' ' or byte == '"' or byte == '\\') return null;
    layout.findTags(name);
    if (list.count == 0) return null;
    const opened = net.unnamedFile();
    if (opened < 0) return null;
    file = opened;
    answer.body.offset = 0;
    answer.body.end = 0;
    failed = false;
    write("{\"name\":\"");
    write(name);
    write("\",\"tags\":[");
    var before: []const u8 = "";
    for (0..list.count) |i| {
        const tag = memory.span(list.get(@intCast(i)));
        if (memory.equal(tag, before)) continue;
        answer.clear();
        answer.put(if (before.len > 0) ",\"" else "\"");
        answer.text(tag);
        answer.put("\"");
        write(answer.bytes());
        before = tag;
    }
    write("]}");
    if (!failed) return file;
    _ = sys.close(file);
    return null;
}

noinline fn write(part: []const u8) void {
    @setRuntimeSafety(true);
    if (sys.write(file, part) != part.len) failed = true;
    answer.body.end += part.len;
}
