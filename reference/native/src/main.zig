//! zarf-injector [SHA256]: verify the payload in the working directory, then extract it.
//!
//! A freestanding program: no C library, no dynamic loader, nothing of Zig's runtime. The order is
//! the promise: all chunks are read and hashed before the first write (SUM-2).

const std = @import("std");
const builtin = @import("builtin");
const compare = @import("compare.zig");
const bits = @import("bits.zig");
const extract = @import("extract.zig");
const gzip = @import("gzip.zig");
const payload = @import("payload.zig");
const report = @import("report.zig");
const runtime = @import("runtime.zig");
const sha256 = @import("sha256.zig");
const sys = @import("sys.zig");
const tar = @import("tar.zig");

/// What the decompressor reads from and writes to.
pub const source = payload;
pub const sink = tar;

/// A failed run-time check executes a trap instruction, two bytes at each check. `trapped` makes a
/// clean rejection of the signal (RUN-2).
pub const panic = std.debug.no_panic;

comptime {
    @export(&runtime.entry, .{ .name = "_start" });
}
/// Keeps the standard library from bringing its own.
pub const _start = {};

pub fn run(stack: [*]const usize) noreturn {
    @setRuntimeSafety(true);
    // SIGILL and SIGTRAP: failed checks. SIGBUS and SIGSEGV: what the checks cannot see.
    for ([_]u32{ 4, 5, 7, 11 }) |signal| sys.onSignal(signal, trapped);
    // RUN-9 and RUN-8: SIGPIPE and SIGXFSZ; the write's own error says enough.
    sys.ignoreSignal(13);
    sys.ignoreSignal(25);
    sys.clearUmask(); // MODE-2

    // RUN-9: where standard descriptors are closed, the first files to be opened would take their
    // place and receive messages. Fill the gap with a directory, which nothing can be written to.
    var directory: sys.Result = 0;
    while (directory < 3) {
        directory = sys.open(sys.working_directory, ".", .directory);
        if (directory < 0) report.failCall("cannot open the working directory", directory);
    }

    // The stack begins with the argument count, the arguments, a zero, the environment, a zero,
    // and the auxiliary vector, pairs of a key and a value.
    const count = stack[0];
    var at = count + 2;
    while (stack[at] != 0) at += 1;
    at += 1;
    var hwcap: usize = 0;
    while (stack[at] != 0) : (at += 2) {
        if (stack[at] == 16) hwcap = stack[at + 1];
    }
    sha256.detect(hwcap);

    var expected: []const u8 = "";
    const verify = count > 1;
    if (verify) expected = digestArgument(@ptrFromInt(stack[2]));

    payload.find(@intCast(directory), &bits.buffer);
    check(expected, verify);
    report.subject = "";

    payload.rewind();
    extract.begin();
    gzip.decode();
    tar.finish();
    extract.finish();
    sys.exit(0);
}

/// SUM-3
fn digestArgument(text: [*:0]const u8) []const u8 {
    @setRuntimeSafety(true);
    var length: usize = 0;
    while (text[length] != 0) : (length += 1) {
        switch (text[length]) {
            '0'...'9', 'a'...'f' => {},
            else => report.fail(malformed),
        }
    }
    if (length != 64) report.fail(malformed);
    return text[0..64];
}

const malformed = "the argument is not a SHA-256 of 64 lowercase hexadecimal digits";

/// Read the payload from end to end and compare its SHA-256 (SUM-1, SUM-2). Without an argument
/// nothing is compared (SUM-4), but unreadable chunks are still found before the first write.
fn check(expected: []const u8, verify: bool) void {
    @setRuntimeSafety(true);
    var state = sha256.initial;
    var total: u64 = 0;
    // A whole number of blocks; what comes before the last read is never a partial block.
    const part = bits.buffer[0 .. 1 << 16];
    while (true) {
        const length = payload.fill(part);
        total += length;
        const whole = length & ~@as(usize, 63);
        sha256.compress(&state, part[0..whole]);
        if (length < part.len) {
            sha256.finish(&state, bits.buffer[whole..], length - whole, total);
            break;
        }
    }
    report.subject = "";
    const actual = sha256.hex(&state);
    if (verify and !compare.equal(expected, &actual)) report.failDigest(expected, &actual);
}

fn trapped(_: i32) callconv(.c) void {
    report.fail("an internal check failed");
}
