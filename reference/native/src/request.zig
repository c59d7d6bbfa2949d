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
pub var method: Method = undefined;
pub var target: []const u8 = undefined;
/// HTTP-16: what was asked for of a blob; empty, where nothing was, or more than once.
pub var range: []const u8 = undefined;
/// HTTP-13, HTTP-14: whether the connection ends after the answer.
pub var closes = false;
/// Why it is none; see `parse`.
pub var refusal: ?Status = null;

/// HTTP/1.1, or later.
var modern = false;
var hosts: u32 = 0;
var lengths: u32 = 0;
var codings: u32 = 0;
var ranges: u32 = 0;

noinline fn refuse(status: Status) void {
    if (refusal == null) refusal = status;
}

/// How many bytes the request has that `bytes` begins with. Letters of fields are made small there. 0: it is refused, if `refusal` says so,
/// or more has to come.
pub noinline fn parse(bytes: []u8) usize {
    @setRuntimeSafety(true);
    refusal = null;
    range = "";
    closes = false;
    method = .other;
    hosts = 0;
    lengths = 0;
    codings = 0;
    ranges = 0;
    // Some clients send an empty line behind a request's body (RFC 9112, 2.2).
    var at: usize = 0;
    while (at < bytes.len and at < 4 and (bytes[at] == '\r' or bytes[at] == '\n')) at += 1;
    // HTTP-10: a TLS ClientHello has no line end.
    if (at < bytes.len and !characters.is(bytes[at], characters.token)) refuse(bad_request);
    var first = true;
    while (refusal == null) {
        const start = at;
        while (at < bytes.len and bytes[at] != '\n') at += 1;
        if (at == bytes.len) {
            if (at >= longest_head) refuse(if (first) too_long else "431 Request Header Fields Too Large");
            break;
        }
        var line = bytes[start..at];
        at += 1;
        if (line.len > 0 and line[line.len - 1] == '\r') line = line[0 .. line.len - 1];
        if (first) requestLine(line) else if (line.len == 0) {
            finish();
            if (refusal == null) return at;
        } else field(line);
        first = false;
    }
    return 0;
}

const too_long = "414 URI Too Long";

/// Method, target and version, each one space from the next.
fn requestLine(line: []const u8) void {
    @setRuntimeSafety(true);
    const end = characters.run(line, characters.token);
    var at = end;
    // The target: visible characters.
    while (true) {
        at += 1;
        if (at >= line.len or line[at] -% '!' > '~' - '!') break;
    }
    const version = line[@min(at, line.len)..];
    if (end == 0 or line[@min(end, line.len - 1)] != ' ' or at == end + 1 or version.len != 9 or
        !memory.startsWith(version, " HTTP/") or version[7] != '.' or
        version[6] -% '0' > 9 or version[8] -% '0' > 9) return refuse(bad_request);
    target = line[end + 1 .. at];
    if (target.len > longest_target) refuse(too_long);
    if (version[6] != '1') refuse("505 HTTP Version Not Supported");
    modern = version[8] != '0';
    method = @fromBackingInt(@as(u8, @intCast(memory.which(line[0..end], "GET\x00HEAD\x00"))));
}

/// A field line. One that begins with a space would continue the one before, which nobody may send
/// (RFC 9112, 5.2).
fn field(line: []u8) void {
    @setRuntimeSafety(true);
    const end = characters.run(line, characters.token);
    if (end == 0 or end == line.len or line[end] != ':') return refuse(bad_request);
    const name = line[0..end];
    lower(name);
    const value = trimmed(line[end + 1 ..]);
    for (value) |byte| {
        if (byte < ' ' and byte != '\t' or byte == 0x7f) return refuse(bad_request);
    }
    switch (memory.which(name, fields)) {
        0 => {
            hosts += 1;
            if (characters.run(value, characters.host) != value.len) refuse(bad_request);
        },
        1 => {
            lengths += 1;
            if (value.len -% 1 > 17) refuse(bad_request);
            for (value) |byte| {
                if (byte -% '0' > 9) refuse(bad_request);
                if (byte != '0') closes = true;
            }
        },
        2 => {
            codings += 1;
            lower(value);
            if (!memory.equal(value, "chunked")) codings += 1;
        },
        3 => connection(value),
        4 => {
            ranges += 1;
            range = value;
        },
        // If-Range: no ETag is ever sent, so it names none of ours: all is to be sent (RFC 9110,
        // 13.1.5).
        5 => ranges = 2,
        else => {},
    }
}

const fields = "host\x00content-length\x00transfer-encoding\x00connection\x00range\x00if-range\x00";

noinline fn lower(text: []u8) void {
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
fn connection(value: []u8) void {
    @setRuntimeSafety(true);
    lower(value);
    var rest = value;
    while (rest.len > 0) {
        var end: usize = 0;
        while (end < rest.len and rest[end] != ',') end += 1;
        if (memory.equal(trimmed(rest[0..end]), "close")) closes = true;
        rest = rest[@min(end + 1, rest.len)..];
    }
}

/// What can be said only at the end of the head.
fn finish() void {
    @setRuntimeSafety(true);
    // HTTP-21
    if (hosts > 1 or hosts == 0 and modern) refuse(bad_request);
    // HTTP-13: there must be one way only to tell where a body ends (RFC 9112, 6.3).
    if (lengths > 1) refuse(bad_request);
    if (codings > 0) {
        if (lengths > 0 or !modern) refuse(bad_request);
        if (codings > 1) refuse("501 Not Implemented");
        closes = true;
    }
    // HTTP-14: HTTP/1.0 is not kept even if it asks for it: its clients are proxies and probes.
    if (!modern) closes = true;
    if (ranges != 1 or method != .get) range = "";
}
