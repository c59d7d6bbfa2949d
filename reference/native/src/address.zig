//! ARG-2, ARG-4: the address to serve at, `A.B.C.D:PORT` or `[IPv6]:PORT`.

const characters = @import("characters.zig");
const cursor = @import("cursor.zig");
const net = @import("net.zig");
const linux = @import("std").os.linux;

/// The address that was parsed last.
pub var address: net.Address = undefined;

/// False: it is no address.
pub fn parse(text: []const u8) bool {
    @setRuntimeSafety(true);
    @memset(&address.rest, 0);
    cursor.begin(text);
    address.family = linux.AF.INET;
    if (cursor.peek() == '[') {
        _ = cursor.take();
        address.family = linux.AF.INET6;
        if (!parse6(address.rest[4..20]) or cursor.take() != ']') return false;
    } else if (!parse4(address.rest[0..4])) return false;
    if (cursor.take() != ':') return false;
    const port = cursor.number();
    address.port = .{ @truncate(port >> 8), @truncate(port) };
    return port <= 65535 and cursor.take() == cursor.end;
}

/// Four numbers, without zeros in front, which some take for octal.
noinline fn parse4(into: []u8) bool {
    @setRuntimeSafety(true);
    for (0..4) |i| {
        if (i > 0 and cursor.take() != '.') return false;
        const zero = cursor.peek() == '0';
        const byte = cursor.number();
        if (byte > 255 or zero and byte != 0) return false;
        into[i] = @truncate(byte);
    }
    return true;
}

const none = 17;

/// RFC 4291, 2.2: eight groups, or fewer around `::`; the last two may be an IPv4 address.
fn parse6(into: *[16]u8) bool {
    @setRuntimeSafety(true);
    var count: usize = 0;
    var gap: usize = none;
    // Two colons may come first, one may not.
    if (cursor.peek() == ':') {
        _ = cursor.take();
        if (cursor.peek() != ':') return false;
    }
    while (true) {
        // The second of two.
        if (cursor.peek() == ':') {
            if (gap != none) return false;
            _ = cursor.take();
            gap = count;
            if (cursor.peek() == ']') break;
        }
        if (count == 16) return false;
        const start = cursor.at;
        var group: u32 = 0;
        for (0..4) |_| {
            const digit = characters.value(cursor.peek());
            if (digit > 15) break;
            _ = cursor.take();
            group = group << 4 | digit;
        }
        if (cursor.peek() == '.') {
            cursor.at = start;
            if (count > 12 or !parse4(into[count..])) return false;
            count += 4;
            break;
        }
        if (cursor.at == start) return false;
        into[count] = @truncate(group >> 8);
        into[count + 1] = @truncate(group);
        count += 2;
        if (cursor.peek() != ':') break;
        _ = cursor.take();
    }
    if (gap == none or count == 16) return gap == none and count == 16;
    // What is behind the gap goes to the end.
    var to: usize = 16;
    while (count > gap) {
        to -= 1;
        count -= 1;
        into[to] = into[count];
        into[count] = 0;
    }
    return true;
}
