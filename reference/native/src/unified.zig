//! zarf-injector SHA256 [ADDRESS]: verify the payload, extract it, and serve it as a registry.
//!
//! The injector of Zarf since v0.23 (profile `unified`), from the parts of the one before (`main.zig`).
//! The order is the promise: verified, then extracted, then served (LIFE-1).

const std = @import("std");
const address = @import("address.zig");
const answer = @import("answer.zig");
const bits = @import("bits.zig");
const crc32 = @import("crc32.zig");
const extract = @import("extract.zig");
const layout = @import("layout.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const payload = @import("payload.zig");
const previous = @import("previous.zig");
const report = @import("report.zig");
const runtime = @import("runtime.zig");
const serve = @import("serve.zig");
const sha256 = @import("sha256.zig");
const sys = @import("sys.zig");
const tar = @import("tar.zig");
const verify = @import("verify.zig");

/// Nobody need read what it says (LIFE-8), so it says little.
pub const tells_progress = false;

/// What the decompressor reads from.
pub const source = payload;

/// A failed run-time check executes a trap instruction, see `trapped`.
pub const panic = std.debug.no_panic;

comptime {
    @export(&runtime.entry, .{ .name = "_start" });
}
/// Keeps the standard library from bringing its own.
pub const _start = {};

var serving = false;

pub fn run(stack: [*]const usize) noreturn {
    @setRuntimeSafety(true);
    // SIGILL and SIGTRAP: failed checks. SIGBUS and SIGSEGV: what the checks cannot see.
    sys.onSignals("\x04\x05\x07\x0b", @intFromPtr(&trapped));
    // LIFE-4: SIGINT and SIGTERM.
    sys.onSignals("\x02\x0f", @intFromPtr(&ended));
    // HTTP-17 and RUN-8: SIGPIPE and SIGXFSZ; the write's own error says enough.
    sys.onSignals("\x0d\x19", sys.ignored);
    sys.clearUmask(); // EXT-1

    // ARG-5
    const init = runtime.variable(stack, "ZARF_INJECTOR_INIT_ROOT=") orelse "/zarf-init";
    const seed = runtime.variable(stack, "ZARF_INJECTOR_SEED_ROOT=") orelse "/zarf-seed";

    // RUN-9: where standard descriptors are closed, the first files to be opened would take their
    // place and receive messages. Fill the gap with a directory, which nothing can be written to.
    report.subject = init;
    var directory: sys.Result = 0;
    while (directory < 3) {
        directory = sys.open(sys.working_directory, init, .directory);
        if (directory < 0) report.failCall("cannot open", directory);
    }
    report.subject = null;

    // ARG-3
    if (stack[0] < 2) report.fail("usage: zarf-injector SHA256 [ADDRESS:PORT]");
    const expected: [*:0]u8 = @ptrFromInt(stack[2]);
    verify.argument(expected);
    // ARG-1
    const at: [*:0]const u8 = if (stack[0] > 2) @ptrFromInt(stack[3]) else "0.0.0.0:5000";
    report.subject = at;
    const listener = reserve(at);

    sha256.detect(runtime.hardware(stack));
    sha256.prepare();
    report.subject = null;
    payload.find(directory, &bits.buffer);
    verify.check(expected);

    payload.rewind();
    extract.begin(seed);
    previous.remove(extract.root);
    crc32.prepare();
    tar.read();
    extract.finish();
    layout.open(extract.root);

    // LIFE-1: from here on connections are taken.
    report.subject = at;
    const listened = net.listen(listener, 512);
    if (listened < 0) report.failCall(cannot_serve, listened);
    serve.begin(listener);
    serving = true;
    tell(at, listener);
    serve.work();
}

const cannot_serve = "cannot serve";

/// A socket that has the address, and does not listen: nobody can connect yet (LIFE-1). So a mistake
/// in the address is found before the work (ARG-4), and so is a port that is taken (LIFE-7).
fn reserve(at: [*:0]const u8) sys.Descriptor {
    @setRuntimeSafety(true);
    if (!address.parse(memory.span(at))) report.fail("not an address A.B.C.D:PORT or [IPv6]:PORT");
    const socket = net.socket(address.address.family);
    if (socket < 0) report.failCall(cannot_serve, socket);
    // LIFE-6: SO_REUSEADDR; connections of an earlier start occupy the port for minutes otherwise.
    net.option(socket, 1, 2, 1);
    // Connections inherit these. TCP_NODELAY: an answer's last bytes are not held back.
    net.option(socket, 6, 1, 1);
    // TCP_NOTSENT_LOWAT: how much the kernel holds unsent for a client that does not read.
    net.option(socket, 6, 25, 1 << 20);
    const bound = net.bind(socket, &address.address);
    if (bound < 0) report.failCall(cannot_serve, bound);
    return socket;
}

/// LIFE-11: a line that names address and port, which the kernel may have chosen (ARG-8).
inline fn tell(at: [*:0]const u8, listener: sys.Descriptor) void {
    @setRuntimeSafety(true);
    net.addressOf(listener, &address.address);
    const text = memory.span(at);
    var colon = text.len;
    while (text[colon - 1] != ':') colon -= 1;
    answer.clear();
    answer.put("listening on ");
    answer.text(text[0..colon]);
    answer.number(@as(u32, address.address.port[0]) << 8 | address.address.port[1]);
    answer.put("\n");
    if (net.takesMore(1)) _ = sys.write(1, answer.bytes());
}

/// A failed check. While it serves, it ends the work on one connection (LIFE-3).
fn trapped(_: i32) callconv(.c) void {
    if (!serving) report.fail("an internal check failed");
    runtime.startAgain(serve.recover);
}

/// LIFE-4: as process 1 only a signal that is handled ends it. Before it serves, the status must not
/// be 0 (LIFE-2).
fn ended(number: i32) callconv(.c) void {
    @setRuntimeSafety(true);
    sys.exit(if (serving) 0 else @intCast(128 + number));
}
