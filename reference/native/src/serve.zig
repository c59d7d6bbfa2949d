//! All connections, in one thread that waits for none of them (HTTP-17 to HTTP-19, LIFE-3).

const clock = @import("clock.zig");
const Connection = @import("connection.zig").Connection;
const net = @import("net.zig");
const report = @import("report.zig");
const scratch = @import("scratch.zig");
const sys = @import("sys.zig");

/// LIFE-9: more are served one after the other.
pub const most = 2048;
/// Stands for the listener among the numbers of connections.
const listening = most;
/// Connections that are taken before others have their turn.
const taken_at_once = 64;

/// What is rarely needed of a connection, apart from the rest.
pub const Store = struct {
    /// What has come of a head whose rest has not, and what has come behind one.
    kept: [scratch.head.len]u8,
    /// What the kernel would not take of an answer's head: clients that send request after request
    /// and read nothing make it so.
    unsent: [1024]u8,
};
const Tables = struct {
    connections: [most]Connection,
    stores: [most]Store,
};
/// Too large to lie beside the program's other data: aarch64 reaches 1 MiB by short instructions.
/// Pages that are never touched cost nothing.
var tables: *Tables = undefined;

/// How many there are, and where to look first for a free place.
var count: u32 = 0;
var hint: u32 = 0;

var poll: sys.Descriptor = undefined;
var listener: sys.Descriptor = undefined;
/// Connections may wait to be taken.
var somebody_waits = false;

var events: [64]net.Event = undefined;

/// The connection that is being worked on.
var current: ?*Connection = null;

/// Make ready to serve whoever connects.
pub inline fn begin(listen_on: sys.Descriptor) void {
    @setRuntimeSafety(true);
    listener = listen_on;
    tables = @ptrFromInt(net.memory(@sizeOf(Tables)) orelse report.fail("not enough memory"));
    const opened = net.poll();
    if (opened < 0) report.failCall("cannot serve", opened);
    poll = opened;
    const watched = net.watch(poll, listener, .begin, listening);
    if (watched < 0) report.failCall("cannot serve", watched);
    somebody_waits = true;
    _ = clock.look();
}

/// A check has failed: that ends the connection that it was about, and nothing else (see README.md).
/// What was to be done for the others is found out anew.
pub fn recover() callconv(.c) noreturn {
    @setRuntimeSafety(true);
    if (current) |broken| {
        current = null;
        broken.close();
    }
    for (&tables.connections, 0..) |*one, number| {
        if (one.state != .free) watchAgain(one.socket, @intCast(number));
    }
    somebody_waits = true;
    work();
}

/// Serve for ever: nothing that a client does ends this.
pub fn work() noreturn {
    @setRuntimeSafety(true);
    while (true) {
        if (somebody_waits) take();
        // LIFE-9a: without connections there is nothing to wake up for.
        const got = net.wait(poll, &events, if (count > 0 or somebody_waits) 1000 else -1);
        for (events[0..if (got > 0) @intCast(got) else 0]) |*event| {
            const number = event.data.u32;
            if (number == listening) {
                somebody_waits = true;
            } else {
                const one = &tables.connections[number];
                current = one;
                one.proceed(event.events & net.ended != 0);
                current = null;
            }
        }
        if (clock.look()) expire();
    }
}

/// Take connections that wait; those that nobody needs make room for them.
fn take() void {
    @setRuntimeSafety(true);
    for (0..taken_at_once) |_| {
        if (count == most and !makeRoom()) return;
        const taken = net.accept(listener);
        if (taken == net.again) {
            somebody_waits = false;
            return;
        }
        if (taken >= 0) {
            add(taken);
        } else if (net.isShortage(taken) and !makeRoom()) {
            return;
        }
        // Whoever was first in the queue may be gone; that is no reason to stop.
    }
    watchAgain(listener, listening);
    somebody_waits = false;
}

fn add(socket: sys.Descriptor) void {
    @setRuntimeSafety(true);
    var number = hint;
    while (tables.connections[number].state != .free) number = (number + 1) % most;
    hint = number;
    if (net.watch(poll, socket, .begin, number) < 0) {
        _ = sys.close(socket);
        return;
    }
    tables.connections[number].begin(socket, number, &tables.stores[number]);
    count += 1;
}

/// A connection was closed.
pub fn gone() void {
    @setRuntimeSafety(true);
    count -= 1;
}

pub noinline fn watchAgain(descriptor: sys.Descriptor, number: u32) void {
    _ = net.watch(poll, descriptor, .again, number);
}

/// Close the connection that has been without an answer the longest, if there is one. Whoever has
/// just come is the last to go: a request may be on its way.
pub noinline fn makeRoom() bool {
    @setRuntimeSafety(true);
    var oldest: ?*Connection = null;
    for (&tables.connections) |*one| {
        if (!one.isDispensable()) continue;
        if (oldest == null or one.since < oldest.?.since) oldest = one;
    }
    if (oldest) |one| one.close();
    return oldest != null;
}

/// HTTP-19: end what has taken too long.
fn expire() void {
    @setRuntimeSafety(true);
    for (&tables.connections) |*one| {
        if (one.state == .free or one.deadline > clock.tick) continue;
        current = one;
        one.expire();
        current = null;
    }
}
