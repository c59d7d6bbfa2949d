//! The payload: the chunks of the init directory, found, ordered, and read as one stream.
//!
//! It is read twice, first to hash it and then to extract it, one open file at a time, so that
//! neither the number of chunks nor their size costs memory or descriptors (PAY-3, RUN-10).

const root = @import("root");
const list = @import("list.zig");
const memory = @import("memory.zig");
const report = @import("report.zig");
const sys = @import("sys.zig");

const prefix = "zarf-payload-";

/// What the first pass saw of each chunk, see `identity`.
var identities: [list.most]u64 = undefined;
/// Where the chunks are.
var directory: sys.Descriptor = undefined;

/// The chunk that is read next or being read.
var index: u32 = 0;
/// Its descriptor; 0 where it is not open. (0, 1 and 2 never are: see `main`.)
var current: sys.Descriptor = 0;
var verified = false;

var status: sys.Status = undefined;

/// Find the chunks in the open init directory (PAY-1, PAY-4, PAY-7). `scratch` is borrowed.
pub fn find(place: sys.Descriptor, scratch: []u8) void {
    @setRuntimeSafety(true);
    directory = place;
    while (true) {
        const got = sys.entries(directory, scratch);
        if (got < 0) report.failCall("cannot read the init directory", got);
        if (got == 0) break;
        var rest = scratch[0..@intCast(got)];
        while (rest.len > 0) {
            // struct linux_dirent64: inode (8 bytes), offset (8), record length (2), type (1), name.
            const length = rest[16] | @as(u32, rest[17]) << 8;
            add(rest[19..length]);
            rest = rest[length..];
        }
    }
    // PAY-5
    if (list.count == 0) report.fail("no file zarf-payload-* here");
    list.sort();
}

const cannot_read = "cannot read";

noinline fn add(padded: []const u8) void {
    @setRuntimeSafety(true);
    if (!memory.startsWith(padded, prefix)) return;
    if (!list.hasRoom()) report.fail("too many chunks");
    list.add(padded);
}

/// Fill `into` from the stream, across as many chunks as it takes. Fewer bytes: the stream ended.
pub noinline fn fill(into: []u8) u32 {
    @setRuntimeSafety(true);
    var rest = into;
    while (rest.len > 0) {
        if (current == 0) {
            if (index == list.count) break;
            open();
        }
        const got = sys.read(current, rest);
        if (got < 0) report.failCall(cannot_read, got);
        if (got == 0) {
            _ = sys.close(current);
            current = 0;
            index += 1;
        }
        rest = rest[@intCast(got)..];
    }
    return @intCast(into.len - rest.len);
}

/// Start again from the first chunk; from now on the chunks must be what they were.
pub fn rewind() void {
    index = 0;
    verified = true;
}

fn open() void {
    @setRuntimeSafety(true);
    const name: [*:0]const u8 = list.get(index);
    const before_this = report.subject;
    report.subject = name;
    if (root.tells_progress and !verified) {
        report.put("Processing ");
        report.put(name);
        report.send(1);
    }
    const opened = sys.open(directory, name, .chunk);
    if (opened < 0) report.failCall("cannot open", opened);
    current = opened;
    // PAY-6
    const found = sys.statusOf(current, &status);
    if (found < 0) report.failCall(cannot_read, found);
    if (!status.isOf(sys.regular)) report.fail("not a regular file");
    // What is extracted are the bytes that were verified (SUM-2).
    const seen = identity();
    if (!verified) identities[index] = seen;
    if (identities[index] != seen) report.fail("changed after it was verified");
    report.subject = before_this;
}

/// A fingerprint of which file it is and when it last changed.
fn identity() u64 {
    @setRuntimeSafety(true);
    const factor = 0x6b43a9b5;
    return ((status.inode *% factor +% status.changed[0]) *% factor +% status.changed[1]) *% factor +% status.size;
}
