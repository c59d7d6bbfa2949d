//! The payload: the chunks of the init directory, found, ordered, and read as one stream.
//!
//! It is read twice, first to hash it and then to extract it, one open file at a time, so that
//! neither the number of chunks nor their size costs memory or descriptors (PAY-3, RUN-10).

const memory = @import("memory.zig");
const report = @import("report.zig");
const sys = @import("sys.zig");

const prefix = "zarf-payload-";

const most_chunks = 1 << 14;

/// The chunks' names, one behind the other, each with its zero byte. Pages of these arrays that
/// are never touched cost nothing.
var names: [1 << 19]u8 = undefined;
var names_used: usize = 0;

/// Where in `names` the name of each chunk begins, in the order of the stream.
var chunks: [most_chunks]u32 = undefined;
/// What the first pass saw of each chunk, see `identity`.
var identities: [most_chunks]u64 = undefined;
var count: u32 = 0;

/// The chunk that is read next or being read.
var index: u32 = 0;
/// Its descriptor; 0 where it is not open. (0, 1 and 2 never are: see `main`.)
var current: sys.Descriptor = 0;
var verified = false;

var status: sys.Status = undefined;

/// Find the chunks in the open init directory (PAY-1, PAY-4, PAY-7). `scratch` is borrowed.
pub noinline fn find(directory: sys.Descriptor, scratch: []u8) void {
    @setRuntimeSafety(true);
    while (true) {
        const got = sys.entries(directory, scratch);
        if (got < 0) report.failCall("cannot read the working directory", got);
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
    if (count == 0) report.fail("no file zarf-payload-* here");
    sort();
}

const cannot_read = "cannot read";

fn add(padded: []const u8) void {
    @setRuntimeSafety(true);
    if (!memory.startsWith(padded, prefix)) return;
    if (count == most_chunks or names.len - names_used < 512) report.fail("too many chunks");
    chunks[count] = @intCast(names_used);
    count += 1;
    memory.copy(names[names_used..], padded);
    names_used += memory.span(@ptrCast(padded.ptr)).len + 1;
}

/// PAY-2: ascending bytewise order, by Shell's method: as short as the simplest ones, without
/// their quadratic time.
fn sort() void {
    @setRuntimeSafety(true);
    var gap = count;
    while (gap > 1) {
        gap /= 2;
        for (gap..count) |start| {
            const moving = chunks[start];
            var at = start;
            while (at >= gap and before(moving, chunks[at - gap])) {
                chunks[at] = chunks[at - gap];
                at -= gap;
            }
            chunks[at] = moving;
        }
    }
}

fn before(a: u32, b: u32) bool {
    @setRuntimeSafety(true);
    var i: usize = 0;
    // Names differ, so this ends at their zero bytes at the latest.
    while (names[a + i] == names[b + i]) i += 1;
    return names[a + i] < names[b + i];
}

/// Fill `into` from the stream, across as many chunks as it takes. Fewer bytes: the stream ended.
pub noinline fn fill(into: []u8) u32 {
    @setRuntimeSafety(true);
    var rest = into;
    while (rest.len > 0) {
        if (current == 0) {
            if (index == count) break;
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

noinline fn open() void {
    @setRuntimeSafety(true);
    const name: [*:0]const u8 = @ptrCast(&names[chunks[index]]);
    const before_this = report.subject;
    report.subject = name;
    if (!verified) {
        report.put("Processing ");
        report.put(name);
        report.send(1);
    }
    const opened = sys.open(sys.working_directory, name, .chunk);
    if (opened < 0) report.failCall("cannot open", opened);
    current = @intCast(opened);
    // PAY-6
    const found = sys.status(current, "", &status);
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
    var print = status.inode;
    for ([_]u64{ status.changed[0], status.changed[1], status.size }) |part| {
        print = print *% 0x9e3779b97f4a7c15 +% part;
    }
    return print;
}
