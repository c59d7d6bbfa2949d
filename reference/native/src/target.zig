//! From a request's target to the path that it means (HTTP-7, HTTP-8).

const characters = @import("characters.zig");
const cursor = @import("cursor.zig");
const memory = @import("memory.zig");
const scratch = @import("scratch.zig");

/// The path, its percent-encoding undone.
const path = scratch.path;

/// The path of a target, without query; none, if it cannot be undone. Every `%` and two digits
/// become one byte, once: `%2541` is `%41`. An encoded slash is a slash; that is safe, because the
/// path is taken apart afterwards, and no part of it names a file but a digest's digits.
pub fn decoded(target: []const u8) ?[]u8 {
    @setRuntimeSafety(true);
    cursor.begin(target);
    // Whole URIs are taken too, whatever their host (RFC 9112, 3.2.2).
    if (cursor.peek() != '/') {
        cursor.find('/');
        _ = cursor.take();
        // It is neither, and no path.
        if (cursor.take() != '/') return path[0..0];
        cursor.find('/');
    }
    var length: usize = 0;
    while (true) {
        var byte = cursor.take();
        if (byte == cursor.end or byte == '?') break;
        if (byte == '%') {
            const high = characters.value(cursor.take());
            const low = characters.value(cursor.take());
            if (high | low > 15) return null;
            byte = high << 4 | low;
        }
        path[length] = @truncate(byte);
        length += 1;
    }
    return path[0..length];
}

/// A path from `NAME/COLLECTION/REFERENCE`. The name is what is left in front of the last two
/// components, of any number itself (NAMES-2).
pub const Parts = struct { name: []u8, collection: []u8, reference: []u8 };

pub fn parts(of: []u8) Parts {
    @setRuntimeSafety(true);
    const last = lastSlash(of);
    const middle = lastSlash(of[0..last]);
    return .{
        .name = of[0..middle],
        .collection = of[@min(middle + 1, last)..last],
        .reference = of[@min(last + 1, of.len)..],
    };
}

/// Where the last slash is; 0 where there is none, as where it comes first.
noinline fn lastSlash(text: []const u8) usize {
    @setRuntimeSafety(true);
    var at = text.len;
    while (at > 0) {
        at -= 1;
        if (text[at] == '/') return at;
    }
    return 0;
}
