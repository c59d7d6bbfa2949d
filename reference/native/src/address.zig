//! ARG-2, ARG-4: the address to serve at, `A.B.C.D:PORT` or `[IPv6]:PORT`.

const characters = @import("characters.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const linux = @import("std").os.linux;

/// The address that was parsed last.
pub var address: net.Address = undefined;

/// False: it is no address.
pub noinline fn parse(text: []const u8) bool {
    @setRuntimeSafety(true);
    @memset(&address.rest, 0);
    var colon = text.len;
    while (true) {
        if (colon == 0) return false;
        colon -= 1;
        if (text[colon] == ':') break;
    }
    var at = colon + 1;
    const port = number(text, &at, 65535) orelse return false;
    if (at != text.len) return false;
    address.port = .{ @intCast(port >> 8), @truncate(port) };
    const host = text[0..colon];
    if (host.len > 1 and host[0] == '[' and host[host.len - 1] == ']') {
        address.family = linux.AF.INET6;
        return parse6(host[1 .. host.len - 1], address.rest[4..20]);
    }
    address.family = linux.AF.INET;
    return parse4(host, address.rest[0..4]);
}

/// Four numbers, each without zeros in front.
fn parse4(text: []const u8, into: *[4]u8) bool {
    @setRuntimeSafety(true);
    var at: usize = 0;
    for (into, 0..) |*byte, i| {
        if (i > 0) {
            if (at == text.len or text[at] != '.') return false;
            at += 1;
        }
        const start = at;
        byte.* = @intCast(number(text, &at, 255) orelse return false);
        if (text[start] == '0' and at > start + 1) return false;
    }
    return at == text.len;
}

/// RFC 4291, 2.2: eight groups, or fewer around `::`; the last two may be an IPv4 address.
noinline fn parse6(text: []const u8, into: *[16]u8) bool {
    @setRuntimeSafety(true);
    var count: usize = 0;
    var gap: ?usize = null;
    var at: usize = 0;
    if (memory.startsWith(text, "::")) {
        gap = 0;
        at = 2;
    }
    while (at < text.len) {
        if (count == 16) return false;
        const start = at;
        var group: u32 = 0;
        while (at < text.len and at < start + 4) : (at += 1) {
            const digit = characters.value(text[at]);
            if (digit > 15) break;
            group = group << 4 | digit;
        }
        if (at < text.len and text[at] == '.') {
            if (count > 12 or !parse4(text[start..], into[count..][0..4])) return false;
            count += 4;
            break;
        }
        if (at == start) return false;
        into[count] = @truncate(group >> 8);
        into[count + 1] = @truncate(group);
        count += 2;
        if (at == text.len) break;
        if (text[at] != ':') return false;
        at += 1;
        if (at == text.len) return false;
        if (text[at] == ':') {
            if (gap != null) return false;
            gap = count;
            at += 1;
        }
    }
    const open = gap orelse return count == 16;
    if (count == 16) return false;
    // What is behind the gap goes to the end.
    var to: usize = 16;
    while (count > open) {
        to -= 1;
        count -= 1;
        into[to] = into[count];
        into[count] = 0;
    }
    return true;
}

/// Digits, up to `most` in value.
fn number(text: []const u8, at: *usize, most: u32) ?u32 {
    @setRuntimeSafety(true);
    const start = at.*;
    var value: u32 = 0;
    while (at.* < text.len and text[at.*] -% '0' <= 9) : (at.* += 1) {
        value = value * 10 + (text[at.*] - '0');
        if (value > most) return null;
    }
    return if (at.* > start) value else null;
}
