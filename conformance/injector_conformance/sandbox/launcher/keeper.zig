//! The keeper of a box: process 1 of a process namespace that subjects are not in, but below.
//!
//! It starts one subject after the other, each in namespaces of its own, times it and tells how it
//! ended. Subjects do not see it. When it ends, for whatever reason, the kernel ends all that it
//! has started; and it ends with the harness, whose end of the socket is the only one.
//!
//! Messages of the harness: 'r' with the words of a run and the two descriptors of its outputs,
//! 'k' to kill, 'g' to open the gate, 's' and a digit or two to send a signal, 'c' and a digit to be given a socket of
//! that address family. The keeper says 'o' when it is ready, 'd' with a socket, and 'e' or 'f' at
//! the end of a run, of which each gets exactly one.

const linux = @import("std").os.linux;
const system = @import("system.zig");
const place = @import("place.zig");
const cell = @import("cell.zig");

pub const null_device = 200;
pub const full_device = 201;

/// The harness sends no more than this, and a last zero byte.
var message: [3 << 16]u8 = undefined;

/// What is said at the end of a run, and the words of whoever could not start it behind it.
const Ending = extern struct {
    kind: u32,
    status: u32 = 0,
    peak: u64 = 0,
    nanoseconds: u64 = 0,
    words: [256]u8 = undefined,
};

/// Become the subject, whose process 1 this is.
pub fn runAlone(words: system.Words, users: ?system.Text, groups: ?system.Text) noreturn {
    settle(users, groups);
    cell.become(words, .{ .output = .{ 1, 2 }, .failure = 2, .report = 2, .gate = 0 });
}

fn settle(users: ?system.Text, groups: ?system.Text) void {
    becomeInner(users, groups);
    _ = linux.syscall5(.prctl, @backingInt(linux.PR.SET_PDEATHSIG), system.signal_kill, 0, 0, 0);
    _ = linux.syscall0(.setsid);
    keepOpen("/dev/null", 0, null_device);
    keepOpen("/dev/full", 1, full_device);
    const name = "injector";
    _ = linux.syscall2(.sethostname, @intFromPtr(name), name.len);
    useLoopback();
}

pub fn keep(socket: usize, users: ?system.Text, groups: ?system.Text) noreturn {
    settle(users, groups);
    _ = linux.syscall5(.prctl, @backingInt(linux.PR.SET_DUMPABLE), 0, 0, 0, 0);
    _ = system.Parcel.send(socket, "o", &.{});
    while (true) {
        var descriptors: [2]usize = .{ 0, 0 };
        const length = system.Parcel.receive(socket, message[0 .. message.len - 1], &descriptors);
        if (!system.isPositive(length)) system.exit(0);
        if (message[0] != 'r') continue; // it came too late
        message[length] = 0;
        run(socket, message[1..length], descriptors);
        renewNetwork();
    }
}

/// Root, or whom the namespace has, and none of the caller's groups.
fn becomeInner(users: ?system.Text, groups: ?system.Text) void {
    if (groups) |map| {
        const group = system.number(map, 10);
        system.check(2, "the box's group", linux.syscall3(.setresgid, group, group, group));
        _ = linux.syscall2(.setgroups, 0, 0);
    }
    if (users) |map| {
        const user = system.number(map, 10);
        system.check(2, "the box's user", linux.syscall3(.setresuid, user, user, user));
    }
}

fn keepOpen(path: system.Text, mode: usize, number: usize) void {
    const opened = system.open(path, mode);
    system.check(2, path, opened);
    system.check(2, path, linux.syscall3(.dup3, opened, number, system.close_on_exec));
    system.close(opened);
}

/// One run, from the words to the ending.
fn run(socket: usize, words: []u8, descriptors: [2]usize) void {
    var failure: [2]u32 = undefined;
    var report: [2]u32 = undefined;
    var gate: [2]u32 = undefined;
    var ending: Ending = .{ .kind = 'f' };
    _ = linux.syscall2(.pipe2, @intFromPtr(&failure), system.close_on_exec);
    _ = linux.syscall2(.pipe2, @intFromPtr(&report), system.close_on_exec);
    _ = linux.syscall2(.pipe2, @intFromPtr(&gate), system.close_on_exec);
    const started = now();
    const child = linux.syscall5(.clone, cell.namespaces | system.signal_child, 0, 0, 0, 0);
    if (child == 0) cell.become(cell.split(words, failure[1]), .{
        .output = descriptors,
        .failure = failure[1],
        .report = report[1],
        .gate = gate[0],
    });
    for ([_]usize{ descriptors[0], descriptors[1], failure[1], report[1], gate[0] }) |descriptor| {
        if (descriptor > 2) system.close(descriptor);
    }
    var usage: linux.rusage = undefined;
    var status: u32 = 0;
    if (system.isPositive(child)) {
        attend(socket, child, gate[1]);
        _ = linux.syscall4(.wait4, child, @intFromPtr(&status), 0, @intFromPtr(&usage));
        ending.nanoseconds = now() - started;
        ending.status = status;
        ending.peak = @intCast(usage.maxrss);
    }
    var told: cell.Report = .{};
    const length = linux.syscall3(.read, failure[0], @intFromPtr(&ending.words), ending.words.len);
    const has_report = linux.syscall3(.read, report[0], @intFromPtr(&told), @sizeOf(cell.Report)) == @sizeOf(cell.Report);
    // The one byte is written just before the program is executed; whatever follows says why not.
    if (length == 1) ending.kind = 'e';
    if (has_report) {
        ending.status = told.status;
        ending.peak = told.peak;
    }
    system.close(failure[0]);
    system.close(report[0]);
    system.close(gate[1]);
    const said = if (system.isPositive(length)) length else 0;
    const bytes: [*]const u8 = @ptrCast(&ending);
    _ = system.Parcel.send(socket, bytes[0 .. @offsetOf(Ending, "words") + said], &.{});
}

/// Do as the harness says until the first process of the run has ended. Then all others have.
fn attend(socket: usize, child: usize, gate: usize) void {
    const ended = linux.syscall2(.pidfd_open, child, 0);
    var polled = [2]linux.pollfd{
        .{ .fd = @intCast(ended), .events = linux.POLL.IN, .revents = 0 },
        .{ .fd = @intCast(socket), .events = linux.POLL.IN, .revents = 0 },
    };
    while (true) {
        _ = linux.syscall5(.ppoll, @intFromPtr(&polled), polled.len, 0, 0, 0);
        if (polled[0].revents != 0) break;
        if (polled[1].revents != 0) obey(socket, child, gate);
    }
    system.close(ended);
}

fn obey(socket: usize, child: usize, gate: usize) void {
    var order: [4]u8 = .{ 0, 0, 0, 0 };
    var descriptors: [2]usize = .{ 0, 0 };
    if (!system.isPositive(system.Parcel.receive(socket, order[0..3], &descriptors))) system.exit(0);
    const number = system.number(@ptrCast(order[1..]), 10);
    switch (order[0]) {
        'k' => _ = linux.syscall2(.kill, child, system.signal_kill),
        'g' => _ = linux.syscall3(.write, gate, @intFromPtr(&order), 1),
        // A process 1 of ours takes no signal from here but this one; all others get it.
        's' => _ = linux.syscall2(.kill, system.everybody, number),
        'c' => {
            const made = linux.syscall3(.socket, number, 1 | system.close_on_exec, 0);
            if (system.hasFailed(made)) {
                _ = system.Parcel.send(socket, "d", &.{});
            } else {
                _ = system.Parcel.send(socket, "d", &.{made});
                system.close(made);
            }
        },
        else => {},
    }
}

/// A network namespace in which a packet has gone anywhere remembers it: connections that linger,
/// what is known of other ends, counters. Then there is a new one for the next run.
fn renewNetwork() void {
    var table: [1024]u8 = undefined;
    const file = system.open("/proc/self/net/dev", 0);
    const length = linux.syscall3(.read, file, @intFromPtr(&table), table.len);
    system.close(file);
    if (system.isPositive(length)) {
        // Two lines of headings; then a line of zeros for the loopback device, and no other.
        var at: usize = 0;
        while (at < length and table[at] != ':') at += 1;
        for (table[at..length]) |byte| {
            if (byte >= '1' and byte <= '9') break;
        } else if (at < length) return;
    }
    if (!system.hasFailed(linux.syscall1(.unshare, 0x40000000))) useLoopback();
}

fn useLoopback() void {
    const socket = linux.syscall3(.socket, 2, 2 | system.close_on_exec, 0);
    if (system.hasFailed(socket)) return;
    var request: extern struct { name: [16]u8, flags: u16, rest: [22]u8 } = .{
        .name = .{ 'l', 'o' } ++ @as([14]u8, @splat(0)),
        .flags = 1,
        .rest = undefined,
    };
    _ = linux.syscall3(.ioctl, socket, 0x8914, @intFromPtr(&request));
    system.close(socket);
}

fn now() usize {
    var time: [2]usize = undefined;
    _ = linux.syscall2(.clock_gettime, 1, @intFromPtr(&time)); // CLOCK_MONOTONIC
    return time[0] * 1_000_000_000 + time[1];
}
