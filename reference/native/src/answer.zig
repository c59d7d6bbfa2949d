//! An answer, from status to body, as it is put together (HTTP-2 to HTTP-5).

const memory = @import("memory.zig");
const net = @import("net.zig");
const request = @import("request.zig");
const sys = @import("sys.zig");

/// The head, and a body that is no file. A media type is the longest part of it.
var buffer: [1024]u8 = undefined;
var used: usize = 0;

/// Where the body comes from, else: the file, 0 for none, and which bytes of it.
pub const Body = struct { file: sys.Descriptor, offset: u64, end: u64 };
pub var body: Body = undefined;

pub fn bytes() []const u8 {
    @setRuntimeSafety(true);
    return buffer[0..used];
}

pub fn clear() void {
    used = 0;
    body.file = 0;
}

pub noinline fn text(added: []const u8) void {
    @setRuntimeSafety(true);
    memory.copy(buffer[used..], added);
    used += added.len;
}

pub noinline fn put(added: [*:0]const u8) void {
    text(memory.span(added));
}

pub noinline fn number(value: u64) void {
    @setRuntimeSafety(true);
    var digits: [20]u8 = @splat(0);
    var at = digits.len;
    var rest = value;
    while (true) {
        at -= 1;
        digits[at] = '0' + @as(u8, @intCast(rest % 10));
        rest /= 10;
        if (rest == 0) break;
    }
    text(digits[at..]);
}

/// Status line, and what every answer has.
pub noinline fn begin(status: request.Status) void {
    clear();
    put("HTTP/1.1 ");
    put(status);
    put("\r\nDocker-Distribution-Api-Version: registry/2.0\r\nContent-Type: ");
}

/// HTTP-15: there is always a length, so that a body that broke off can be told from a whole one.
noinline fn finish(length: u64) void {
    put("\r\nContent-Length: ");
    number(length);
    if (request.asked.closes) put("\r\nConnection: close");
    put("\r\n\r\n");
}

/// HTTP-5: an error as OCI has it; clients show the message to their users. `fields`: further ones.
pub noinline fn fail(status: request.Status, code: [*:0]const u8, fields: [*:0]const u8, total: u64) void {
    @setRuntimeSafety(true);
    begin(status);
    put(json);
    put(fields);
    if (total != no_total) number(total);
    finish(before.len + memory.span(code).len + between.len + memory.span(status).len + behind.len);
    if (request.asked.method == .head) return;
    put(before);
    put(code);
    put(between);
    put(status);
    put(behind);
}

pub const no_total = ~@as(u64, 0);

pub const json = "application/json";
const before = "{\"errors\":[{\"code\":\"";
const between = "\",\"message\":\"";
const behind = "\"}]}";

/// 200, and an object without members.
pub fn nothing() void {
    begin(ok);
    put(json);
    finish(2);
    if (request.asked.method != .head) put("{}");
}

pub const ok = "200 OK";

/// An open file is the body, the part of it that `body` tells; HEAD gets none. Type and other fields
/// have been put.
pub fn content(of: sys.Descriptor) void {
    @setRuntimeSafety(true);
    finish(body.end - body.offset);
    if (request.asked.method == .head) {
        _ = sys.close(of);
    } else body.file = of;
}
