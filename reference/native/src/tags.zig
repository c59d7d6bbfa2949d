//! NAMES-12: lists of tags.
//!
//! A list can be long, and its reader slow: it is written to a file in memory, which is then served
//! and forgotten as a blob is.

const layout = @import("layout.zig");
const list = @import("list.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const sys = @import("sys.zig");

/// Bytes of the list that `open` has made.
pub var length: u64 = 0;

var file: sys.Descriptor = undefined;
/// What is to be written next.
var buffer: [512]u8 = undefined;
var used: usize = 0;
var failed = false;

/// The list of a name's tags; none if there is no such name, or no way to write it down.
pub fn open(name: []const u8) ?sys.Descriptor {
    @setRuntimeSafety(true);
    // A name with such characters in it would have to be escaped; no image has one.
    for (name) |byte| if (byte < ' ' or byte == '"' or byte == '\\') return null;
    layout.findTags(name);
    if (list.count == 0) return null;
    const opened = net.unnamedFile();
    if (opened < 0) return null;
    file = @intCast(opened);
    length = 0;
    failed = false;
    put("{\"name\":\"");
    for (name) |byte| add(byte);
    put("\",\"tags\":[");
    var before: []const u8 = "";
    for (0..list.count) |i| {
        const tag = memory.span(list.get(@intCast(i)));
        if (memory.equal(tag, before)) continue;
        put(if (before.len > 0) ",\"" else "\"");
        for (tag) |byte| add(byte);
        put("\"");
        before = tag;
    }
    put("]}");
    flush();
    if (!failed) return file;
    _ = sys.close(file);
    return null;
}

noinline fn put(text: [*:0]const u8) void {
    for (memory.span(text)) |byte| add(byte);
}

noinline fn add(byte: u8) void {
    @setRuntimeSafety(true);
    buffer[used] = byte;
    used += 1;
    if (used == buffer.len) flush();
}

fn flush() void {
    @setRuntimeSafety(true);
    if (sys.write(file, buffer[0..used]) != used) failed = true;
    length += used;
    used = 0;
}
