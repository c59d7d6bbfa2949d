//! NAMES-12: lists of tags.
//!
//! A list can be long, and its reader slow: it is written to a file in memory, which is then served
//! and forgotten as a blob is.

const layout = @import("layout.zig");
const list = @import("list.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const report = @import("report.zig");
const sys = @import("sys.zig");

/// Bytes of the list that `open` has made.
pub var length: u64 = 0;

var file: sys.Descriptor = undefined;
/// What is to be written next.
var buffer: [512]u8 = undefined;
var used: usize = 0;
var failed = false;

/// The list of a name's tags; none if there is no such name, or no way to write it down.
pub noinline fn open(name: []const u8) ?sys.Descriptor {
    @setRuntimeSafety(true);
    layout.findTags(name);
    if (list.count == 0) return null;
    const opened = net.unnamedFile();
    if (opened < 0) return null;
    file = @intCast(opened);
    length = 0;
    failed = false;
    put("{\"name\":\"");
    quoted(name);
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

/// A name as JSON has it. It is equal to one in the index, so it is UTF-8.
noinline fn quoted(name: []const u8) void {
    @setRuntimeSafety(true);
    for (name) |byte| {
        if (byte >= ' ' and byte != '"' and byte != '\\') {
            add(byte);
        } else {
            put("\\u00");
            add(report.digit(byte >> 4));
            add(report.digit(byte & 15));
        }
    }
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
