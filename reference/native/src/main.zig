//! zarf-injector [SHA256]: verify the payload in the working directory, then extract it.
//!
//! A freestanding program: no C library, no dynamic loader, nothing of Zig's runtime. The order is
//! the promise: all chunks are read and hashed before the first write (SUM-2).

const std = @import("std");
const bits = @import("bits.zig");
const crc32 = @import("crc32.zig");
const extract = @import("extract.zig");
const payload = @import("payload.zig");
const report = @import("report.zig");
const runtime = @import("runtime.zig");
const sha256 = @import("sha256.zig");
const sys = @import("sys.zig");
const tar = @import("tar.zig");
const verify = @import("verify.zig");

/// Where the files go.
pub const destination = "/zarf-stage2";
/// Every chunk and every mode gets a line on standard output.
pub const tells_progress = true;

/// What the decompressor reads from.
pub const source = payload;

/// A failed run-time check executes a trap instruction, two bytes at each check. `trapped` makes a
/// clean rejection of the signal (RUN-2).
pub const panic = std.debug.no_panic;

comptime {
    @export(&runtime.entry, .{ .name = "_start" });
}
/// Keeps the standard library from bringing its own.
pub const _start = {};

pub inline fn run(stack: [*]const usize) noreturn {
    @setRuntimeSafety(true);
    // SIGILL and SIGTRAP: failed checks. SIGBUS and SIGSEGV: what the checks cannot see.
    sys.onSignals("\x04\x05\x07\x0b", @intFromPtr(&trapped));
    // RUN-9 and RUN-8: SIGPIPE and SIGXFSZ; the write's own error says enough.
    sys.onSignals("\x0d\x19", sys.ignored);
    sys.clearUmask(); // MODE-2

    // RUN-9: where standard descriptors are closed, the first files to be opened would take their
    // place and receive messages. Fill the gap with a directory, which nothing can be written to.
    var directory: sys.Result = 0;
    while (directory < 3) {
        directory = sys.open(sys.working_directory, ".", .directory);
        if (directory < 0) report.failCall("cannot read the init directory", directory);
    }

    sha256.detect(runtime.hardware(stack));
    sha256.prepare();

    // Further arguments mean nothing.
    var expected: ?[*:0]const u8 = null;
    if (stack[0] > 1) {
        const argument: [*:0]u8 = @ptrFromInt(stack[2]);
        verify.argument(argument);
        expected = argument;
    }

    payload.find(directory, bits.buffer[0 .. 1 << 16]);
    verify.check(expected);

    payload.rewind();
    extract.begin(destination);
    crc32.prepare();
    tar.read();
    extract.finish();
    sys.exit(0);
}

fn trapped(_: i32) callconv(.c) void {
    report.fail("an internal check failed");
}
