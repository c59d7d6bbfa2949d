//! Requests as bytes (RFC 9112): what is one, what is none, and where one ends.
//!
//! Nothing is guessed: what is not exactly a request is refused, and its connection ends (HTTP-11,
//! HTTP-13). Every byte is looked at before anything is believed of it.

const characters = @import("characters.zig");
const memory = @import("memory.zig");
const scratch = @import("scratch.zig");

/// HTTP-12: 16 KiB and 8,000 bytes must be taken.
const longest_head = scratch.head.len;
const longest_target = 16 << 10;

pub const Status = [*:0]const u8;
pub const bad_request = "400 Bad Request";

pub const Method = enum(u8) { get, head, other };

/// The request that was parsed last. Texts are parts of the bytes that were given.
const Request = struct {
    target: []const u8,
    /// HTTP-16: what was asked for of a blob; empty, where nothing was, or more than once.
    range: []u8,
    /// Why it is none; see `parse`.
    refusal: ?Status,
    /// What its fields have said, see `Said`.
    said: u32,
    method: Method,
    /// HTTP-13, HTTP-14: whether the connection ends after the answer.
    closes: bool,
    /// HTTP/1.1, or later.
    modern: bool,
};
pub var asked: Request = undefined;

/// Fields that mean something, in the order of `Said`.
const fields = "host\x00content-length\x00transfer-encoding\x00range\x00if-range\x00connection\x00";

/// Bits of the fields that were there.
const Said = struct {
    const host = 1 << 0;
    const length = 1 << 1;
    const coding = 1 << 2;
    const range = 1 << 3;
    /// If-Range: no ETag is ever sent, so it names none of ours: all is to be sent (RFC 9110, 13.1.5).
    /// And so it is where several ranges are asked for.
    const no_range = 1 << 4;
    const connection = 1 << 5;
    /// Another coding than `chunked`, or that one twice.
    const unknown_coding = 1 << 7;
};

/// How many bytes the request has that `bytes` begins with. Letters of fields are made small there.
/// 0: it is refused, if `refusal` says so, or more has to come.
pub noinline fn parse(bytes: []u8) usize {
    @setRuntimeSafety(true);
    const a = memory.base(&asked);
    a.closes = false;
    a.said = 0;
    a.range.len = 0;
    // This is what is wrong wherever nothing else is said.
    a.refusal = bad_request;
    // Some clients send an empty line behind a request's body (RFC 9112, 2.2).
    var at: usize = 0;
    while (at < bytes.len and at < 4 and (bytes[at] == '\r' or bytes[at] == '\n')) at += 1;
    // HTTP-10: a TLS ClientHello has no line end.
    if (at < bytes.len and !characters.is(bytes[at], characters.token)) return 0;
    var first = true;
    while (true) {
        const rest = bytes[at..];
        const end = memory.find(rest, '\n');
        if (end == rest.len) {
            a.refusal = if (bytes.len < longest_head) null else if (first) too_long else "431 Request Header Fields Too Large";
            return 0;
        }
        at += end + 1;
        const line = rest[0 .. end - @intFromBool(end > 0 and rest[end - 1] == '\r')];
        if (!first and line.len == 0) break;
        if (!(if (first) isRequestLine(line) else isField(line))) return 0;
        first = false;
    }
    if (!isSound()) return 0;
    a.refusal = null;
    return at;
}

const too_long = "414 URI Too Long";

/// Method, target and version, each one space from the next.
inline fn isRequestLine(line: []const u8) bool {
    @setRuntimeSafety(true);
    const a = memory.base(&asked);
    if (line.len < 9) return false;
    const version = line[line.len - 9 ..];
    const before = line[0 .. line.len - 9];
    const end = characters.run(before, characters.token);
    if (end == 0 or end == before.len or before[end] != ' ') return false;
    const target = before[end + 1 ..];
    if (target.len == 0 or characters.run(target, characters.visible) != target.len) return false;
    if (!memory.startsWith(version, " HTTP/") or version[7] != '.' or
        version[6] -% '0' > 9 or version[8] -% '0' > 9) return false;
    a.target = target;
    if (target.len > longest_target) {
        a.refusal = too_long;
        return false;
    }
    if (version[6] != '1') {
        a.refusal = "505 HTTP Version Not Supported";
        return false;
    }
    a.modern = version[8] != '0';
    a.method = @fromBackingInt(@as(u8, @intCast(memory.which(before[0..end], "GET\x00HEAD\x00"))));
    return true;
}

/// A field line. One that begins with a space would continue the one before, which nobody may send
/// (RFC 9112, 5.2).
fn isField(line: []u8) bool {
    @setRuntimeSafety(true);
    const a = memory.base(&asked);
    const end = characters.run(line, characters.token);
    if (end == 0 or end == line.len or line[end] != ':') return false;
    const name = line[0..end];
    lower(name);
    const value = trimmed(line[end + 1 ..]);
    for (value) |byte| {
        if (byte < ' ' and byte != '\t' or byte == 0x7f) return false;
    }
    const bit = @as(u32, 1) << @intCast(memory.which(name, fields));
    const again = a.said & bit != 0;
    a.said |= bit;
    // Not `switch`: a table of jumps is longer than they are.
    if (bit == Said.host) {
        // HTTP-21
        return !again and characters.run(value, characters.host) == value.len;
    } else if (bit == Said.length) {
        // HTTP-13: there must be one way only to tell where a body ends (RFC 9112, 6.3).
        if (again or value.len -% 1 > 17) return false;
        if (characters.run(value, characters.zero) != value.len) a.closes = true;
        return characters.run(value, characters.decimal) == value.len;
    } else if (bit == Said.coding) {
        lower(value);
        if (again or !memory.equal(value, "chunked")) a.said |= Said.unknown_coding;
    } else if (bit == Said.range) {
        if (again) a.said |= Said.no_range;
        a.range = value;
    } else if (bit == Said.connection) connection(value);
    return true;
}

pub fn lower(text: []u8) void {
    @setRuntimeSafety(true);
    for (text) |*byte| if (byte.* -% 'A' < 26) {
        byte.* |= 0x20;
    };
}

fn trimmed(text: []u8) []u8 {
    @setRuntimeSafety(true);
    var rest = text;
    while (rest.len > 0 and isSpace(rest[0])) rest = rest[1..];
    while (rest.len > 0 and isSpace(rest[rest.len - 1])) rest = rest[0 .. rest.len - 1];
    return rest;
}

fn isSpace(byte: u8) bool {
    return byte == ' ' or byte == '\t';
}

/// A list of words; one of them matters.
inline fn connection(value: []u8) void {
    @setRuntimeSafety(true);
    lower(value);
    var rest = value;
    while (true) {
        const end = memory.find(rest, ',');
        if (memory.equal(trimmed(rest[0..end]), "close")) asked.closes = true;
        if (end == rest.len) return;
        rest = rest[end + 1 ..];
    }
}

/// What can be said only at the end of the head.
inline fn isSound() bool {
    @setRuntimeSafety(true);
    const a = memory.base(&asked);
    // HTTP-21
    if (a.said & Said.host == 0 and a.modern) return false;
    // HTTP-14: HTTP/1.0 is not kept even if it asks for it: its clients are proxies and probes.
    if (!a.modern) a.closes = true;
    if (a.said & Said.coding != 0) {
        // HTTP-13
        if (a.said & Said.length != 0 or !a.modern) return false;
        a.closes = true;
        if (a.said & Said.unknown_coding != 0) {
            a.refusal = "501 Not Implemented";
            return false;
        }
    }
    if (a.said & Said.no_range != 0 or a.method != .get) a.range.len = 0;
    return true;
}
