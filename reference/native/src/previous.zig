//! EXT-3: what an earlier start has left makes way, when the payload has been verified (SUM-2).
//!
//! What is in the output directory beside an image layout belongs to somebody else, and stays.

const bits = @import("bits.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const sys = @import("sys.zig");

/// Remove the layout below the open directory `root`, through no link (BOX-5). What cannot be
/// removed is left: extraction will say what is wrong with it.
pub fn remove(root: sys.Descriptor) void {
    @setRuntimeSafety(true);
    var depth: u32 = 0;
    var directory = root;
    // One directory at a time, from its first entry on: down where one is not empty, up where one is.
    while (true) {
        if (depth == 0) directory = sys.open(root, ".", .directory);
        const below = clear(directory, depth == 0);
        if (below == 0 and depth == 0) break;
        const next = if (below == 0) sys.open(directory, "..", .inside) else below;
        _ = sys.close(directory);
        if (next < 0) return;
        directory = next;
        if (below == 0) depth -= 1 else depth += 1;
    }
    _ = sys.close(directory);
}

/// Remove entries; those of a layout, or all. Returns a directory that is not empty, open; 0 if
/// none is left; or an error.
fn clear(directory: sys.Descriptor, outermost: bool) sys.Result {
    @setRuntimeSafety(true);
    while (true) {
        const got = sys.entries(directory, &bits.buffer);
        if (got <= 0) return got;
        var rest: []u8 = bits.buffer[0..@intCast(got)];
        while (rest.len > 0) {
            // See `payload.find`.
            const length = rest[16] | @as(u32, rest[17]) << 8;
            const name: [*:0]const u8 = @ptrCast(rest[19..].ptr);
            rest = rest[length..];
            const text = memory.span(name);
            const known = memory.which(text, ".\x00..\x00blobs\x00index.json\x00oci-layout\x00");
            if (known < 2 or outermost and known == 5) continue;
            if (sys.unlink(directory, name) >= 0) continue;
            if (net.removeDirectory(directory, name) >= 0) continue;
            return sys.open(directory, name, .inside);
        }
    }
}
