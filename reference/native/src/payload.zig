//! The payload: the chunks of the init directory, found, ordered, and read as one stream.
//!
//! It is read twice, first to hash it and then to extract it, one open file at a time, so that
//! neither the number of chunks nor their size costs memory or descriptors (PAY-3, RUN-10).

const compare = @import("compare.zig");
const report = @import("report.zig");
const sys = @import("sys.zig");

const prefix = "zarf-payload-";

const Chunk = struct {
    /// Where the name starts in `names`.
    name: u32,
    /// What the first pass saw, see `identity`.
    identity: u64,
};

// Untouched pages of these cost nothing.
var chunks: [1 << 16]Chunk = undefined;
var names: [1 << 21]u8 = undefined;

var count: usize = 0;
var names_used: usize = 0;

var next: usize = 0;
var current: sys.Descriptor = -1;
var verified = false;

/// Find the chunks in the open init directory (PAY-1, PAY-4, PAY-7). `scratch` is borrowed.
pub fn find(directory: sys.Descriptor, scratch: []u8) void {
    @setRuntimeSafety(true);
    while (true) {
        const got = sys.entries(directory, scratch);
        if (got < 0) report.failCall("cannot list the working directory", got);
        if (got == 0) break;
        var at: usize = 0;
        while (at < got) {
            // struct linux_dirent64: inode (8 bytes), offset (8), record length (2), type (1), name.
            const record = scratch[at..][0 .. scratch[at + 16] | @as(usize, scratch[at + 17]) << 8];
            add(record[19..]);
            at += record.len;
        }
    }
    // PAY-5
    if (count == 0) report.fail("no zarf-payload-* file in the working directory");
    sort();
}

fn add(name: []const u8) void {
    @setRuntimeSafety(true);
    if (!compare.startsWith(name, prefix)) return;
    if (count == chunks.len or names.len - names_used < name.len) report.fail("too many zarf-payload-* files");
    chunks[count] = .{ .name = @intCast(names_used), .identity = 0 };
    count += 1;
    @memcpy(names[names_used..][0..name.len], name);
    // Past the zero byte; a record's name is padded with more of them.
    while (names[names_used] != 0) names_used += 1;
    names_used += 1;
}

/// PAY-2: ascending bytewise order, by Shell's method: as short as the simplest, without its
/// quadratic time.
fn sort() void {
    @setRuntimeSafety(true);
    var gap = count;
    while (gap > 1) {
        gap /= 2;
        for (gap..count) |start| {
            const moving = chunks[start];
            var at = start;
            while (at >= gap and before(moving.name, chunks[at - gap].name)) : (at -= gap) {
                chunks[at] = chunks[at - gap];
            }
            chunks[at] = moving;
        }
    }
}

fn before(a: u32, b: u32) bool {
    @setRuntimeSafety(true);
    var i: u32 = 0;
    // Names differ, so this ends at their zero bytes at the latest.
    while (names[a + i] == names[b + i]) i += 1;
    return names[a + i] < names[b + i];
}

/// Fill `into` from the stream, across as many chunks as it takes. Fewer bytes: the stream ended.
pub fn fill(into: []u8) usize {
    @setRuntimeSafety(true);
    var filled: usize = 0;
    while (filled < into.len) {
        if (current < 0) {
            if (next == count) break;
            openNext();
        }
        const got = sys.read(current, into[filled..]);
        if (got < 0) report.failCall("cannot read", got);
        if (got == 0) {
            _ = sys.close(current);
            current = -1;
            next += 1;
        }
        filled += @intCast(got);
    }
    return filled;
}

/// Start again from the first chunk; from now on the chunks must be what they were.
pub fn rewind() void {
    next = 0;
    verified = true;
}

fn openNext() void {
    @setRuntimeSafety(true);
    const chunk = &chunks[next];
    const name: [*:0]const u8 = @ptrCast(&names[chunk.name]);
    if (!verified) {
        var length: usize = 0;
        while (name[length] != 0) length += 1;
        report.subject = name[0..length];
        report.put("Processing ");
        report.put(report.subject);
        report.send(1);
    }
    const descriptor = sys.open(sys.working_directory, name, .chunk);
    if (descriptor < 0) report.failCall("cannot open the chunk", descriptor);
    current = @intCast(descriptor);
    // PAY-6
    var status: sys.Status = undefined;
    const result = sys.status(current, "", &status);
    if (result < 0) report.failCall("cannot read the chunk's status", result);
    if (!sys.isRegular(&status)) report.fail("the chunk is not a regular file");
    if (!verified) {
        chunk.identity = identity(&status);
    } else if (chunk.identity != identity(&status)) {
        report.fail("a chunk changed after it was verified");
    }
}

/// A fingerprint of which file it is and when it last changed: what is extracted are the bytes
/// that were verified (SUM-2).
fn identity(status: *const sys.Status) u64 {
    const changed = @as(u64, @bitCast(status.ctime.sec)) << 30 ^ status.ctime.nsec;
    return (status.ino *% 0x9e3779b97f4a7c15 ^ changed) *% 0x9e3779b97f4a7c15 ^ status.size;
}
