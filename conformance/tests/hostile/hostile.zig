//! A static subject that does on purpose what no subject may succeed with.
//!
//! The chunk holds a name for the process, by which the tests find it on the host, and a word for
//! what to do. The exit status tells what succeeded; 0 is what the sandbox is there for.

const std = @import("std");
const builtin = @import("builtin");
const linux = std.os.linux;

pub const panic = std.debug.no_panic;
pub const _start = {};

comptime {
    @export(&entry, .{ .name = "_start" });
}

fn entry() callconv(.naked) noreturn {
    switch (builtin.cpu.arch) {
        .x86_64 => asm volatile (
            \\ andq $-16, %%rsp
            \\ callq %[start:P]
            :
            : [start] "X" (&start),
        ),
        .aarch64 => asm volatile (
            \\ b %[start]
            :
            : [start] "X" (&start),
        ),
        else => @compileError("x86_64 and aarch64 only"),
    }
}

const here: usize = @bitCast(@as(isize, -100));
const chunk: [*:0]const u8 = "zarf-payload-000";
const output: [*:0]const u8 = "/zarf-stage2";
const own: [*:0]const u8 = "/zarf-stage1/zarf-injector";
const attribute: [*:0]const u8 = "user.left";
var text: [256]u8 = @splat(0);

fn failed(result: usize) bool {
    return @as(isize, @bitCast(result)) < 0;
}

/// One for a call that succeeded.
fn worked(result: usize) usize {
    return if (failed(result)) 0 else 1;
}

fn exit(status: usize) noreturn {
    _ = linux.syscall1(.exit_group, status);
    unreachable;
}

fn fork() usize {
    return linux.syscall5(.clone, 17, 0, 0, 0, 0);
}

fn open(path: [*:0]const u8, flags: usize) usize {
    return linux.syscall4(.openat, here, @intFromPtr(path), flags, 0o755);
}

fn say(words: []const u8) void {
    _ = linux.syscall3(.write, 1, @intFromPtr(words.ptr), words.len);
}

fn waitForEver() noreturn {
    while (true) _ = linux.syscall5(.ppoll, 0, 0, 0, 0, 8);
}

/// Take no signal that can be refused, and do not die with a parent.
fn harden() void {
    const ignored: [4]usize = .{ 1, 0, 0, 0 };
    for (1..65) |signal| _ = linux.syscall4(.rt_sigaction, signal, @intFromPtr(&ignored), 0, 8);
    const all = ~@as(u64, 0);
    _ = linux.syscall4(.rt_sigprocmask, 0, @intFromPtr(&all), 0, 8);
    _ = linux.syscall5(.prctl, 1, 0, 0, 0, 0);
    _ = linux.syscall0(.setsid);
}

fn start() callconv(.c) noreturn {
    const file = open(chunk, 0);
    _ = linux.syscall3(.read, file, @intFromPtr(&text), text.len - 1);
    _ = linux.syscall1(.close, file);
    var end: usize = 0;
    while (text[end] != ' ') end += 1;
    text[end] = 0;
    _ = linux.syscall5(.prctl, 15, @intFromPtr(&text), 0, 0, 0);
    const word = std.mem.sliceTo(text[end + 1 ..], 0);
    inline for (deeds) |deed| {
        if (std.mem.eql(u8, word, deed[0])) exit(deed[1]());
    }
    exit(99);
}

const deeds = .{
    .{ "nothing", nothing },
    .{ "hang", hang },
    .{ "leave-and-hang", leaveAndHang },
    .{ "multiply", multiply },
    .{ "stop", stop },
    .{ "be-traced", beTraced },
    .{ "leave-children", leaveChildren },
    .{ "exchange", exchange },
    .{ "forge", forge },
    .{ "attack-first", attackFirst },
    .{ "calls", calls },
    .{ "foreign-calls", foreignCalls },
    .{ "set-user-id", setUserId },
    .{ "device", device },
    .{ "leave", leave },
    .{ "look", look },
    .{ "packets", packets },
    .{ "close-root", closeRoot },
    .{ "reach", reach },
};

fn nothing() usize {
    say("honest\n");
    return 0;
}

fn hang() usize {
    harden();
    waitForEver();
}

fn leaveAndHang() usize {
    _ = leave();
    _ = leaveChildren();
    return hang();
}

/// As many as there may be, each in a session of its own.
fn multiply() usize {
    harden();
    while (true) {
        if (failed(fork())) waitForEver();
        _ = linux.syscall0(.setsid);
    }
}

fn stop() usize {
    _ = linux.syscall2(.kill, linux.syscall0(.getpid), 19);
    waitForEver();
}

/// Make whoever waits for this process its tracer, and stop for it at every signal.
fn beTraced() usize {
    const result = worked(linux.syscall4(.ptrace, 0, 0, 0, 0));
    _ = linux.syscall2(.kill, linux.syscall0(.getpid), 10);
    return result;
}

fn leaveChildren() usize {
    for (0..20) |_| {
        if (fork() != 0) continue;
        harden();
        if (fork() == 0) waitForEver();
        waitForEver();
    }
    return 0;
}

/// Exchange a directory and a link to the outside for as long as anybody looks.
fn exchange() usize {
    const directory: [*:0]const u8 = "/zarf-stage2/a";
    const link: [*:0]const u8 = "/zarf-stage2/b";
    const target: [*:0]const u8 = "/../../../../../tmp";
    _ = linux.syscall3(.mkdirat, here, @intFromPtr(directory), 0o755);
    _ = linux.syscall3(.symlinkat, @intFromPtr(target), here, @intFromPtr(link));
    if (fork() == 0) {
        harden();
        while (true) _ = linux.syscall5(.renameat2, here, @intFromPtr(directory), here, @intFromPtr(link), 2);
    }
    return 0;
}

/// Say "status 0" to whoever may be listening, and go on.
fn forge() usize {
    harden();
    const said: [24]u8 = .{ 'e', 0, 0, 0 } ++ @as([20]u8, @splat(0));
    for (3..1024) |descriptor| _ = linux.syscall3(.write, descriptor, @intFromPtr(&said), said.len);
    const line = "\x00status=0 peak=1 nanoseconds=1\n";
    _ = linux.syscall3(.write, 2, @intFromPtr(line), line.len);
    waitForEver();
}

/// Trace, kill, limit and write to process 1.
fn attackFirst() usize {
    var count = worked(linux.syscall4(.ptrace, 16, 1, 0, 0));
    count += worked(linux.syscall4(.ptrace, 0x4206, 1, 0, 0));
    const limits: [2]usize = .{ 0, 0 };
    _ = linux.syscall4(.prlimit64, 1, 0, @intFromPtr(&limits), 0);
    _ = linux.syscall4(.prlimit64, 1, 7, @intFromPtr(&limits), 0);
    for (1..65) |signal| _ = linux.syscall2(.kill, 1, signal);
    const vector: [2]usize = .{ @intFromPtr(&text), 8 };
    const there: [2]usize = .{ 0x1000000, 8 };
    count += worked(linux.syscall6(.process_vm_writev, 1, @intFromPtr(&vector), 1, @intFromPtr(&there), 1, 0));
    return count;
}

/// Calls that a container runtime refuses; the number of those that were not.
fn calls() usize {
    const null_text: [*:0]const u8 = "";
    const at = @intFromPtr(null_text);
    var count = worked(linux.syscall5(.keyctl, 0, @bitCast(@as(isize, -3)), 1, 0, 0));
    count += worked(linux.syscall5(.add_key, @intFromPtr(@as([*:0]const u8, "user")), @intFromPtr(chunk), @intFromPtr(chunk), 4, @bitCast(@as(isize, -4))));
    var parameters: [120]u8 = @splat(0);
    count += worked(linux.syscall2(.io_uring_setup, 4, @intFromPtr(&parameters)));
    count += worked(linux.syscall3(.bpf, 0, @intFromPtr(&parameters), parameters.len));
    count += worked(linux.syscall1(.userfaultfd, 1));
    count += worked(linux.syscall1(.unshare, 0x10000000));
    count += worked(linux.syscall1(.unshare, 0x20000));
    const child = linux.syscall5(.clone, 17 | 0x10000000, 0, 0, 0, 0);
    if (child == 0) exit(0);
    count += worked(child);
    count += worked(linux.syscall5(.mount, at, @intFromPtr(output), @intFromPtr(@as([*:0]const u8, "tmpfs")), 0, 0));
    count += worked(linux.syscall2(.umount2, @intFromPtr(output), 2));
    count += worked(linux.syscall3(.socket, 40, 1, 0));
    count += worked(linux.syscall5(.perf_event_open, @intFromPtr(&parameters), 0, @bitCast(@as(isize, -1)), @bitCast(@as(isize, -1)), 0));
    count += worked(linux.syscall2(.sethostname, @intFromPtr(output), 4));
    count += worked(linux.syscall1(.personality, 0x40000));
    count += worked(linux.syscall1(.chroot, @intFromPtr(output)));
    count += worked(linux.syscall2(.fsopen, @intFromPtr(@as([*:0]const u8, "tmpfs")), 0));
    count += worked(linux.syscall5(.open_tree, here, @intFromPtr(output), 1, 0, 0));
    return count;
}

/// The same machine's other ways into its kernel.
fn foreignCalls() usize {
    if (builtin.cpu.arch != .x86_64) return 0;
    const by_x32 = asm volatile ("syscall"
        : [result] "={rax}" (-> usize),
        : [number] "{rax}" (@as(usize, 0x40000000 + 39)),
        : .{ .rcx = true, .r11 = true, .memory = true });
    const by_interrupt = asm volatile ("int $0x80"
        : [result] "={rax}" (-> usize),
        : [number] "{rax}" (@as(usize, 20)),
        : .{ .memory = true });
    return worked(by_x32) + @as(usize, @intFromBool(@as(i32, @truncate(@as(isize, @bitCast(by_interrupt)))) > 0));
}

/// A program in the output directory that makes whoever runs it root.
fn setUserId() usize {
    const made: [*:0]const u8 = "/zarf-stage2/root";
    const file = open(made, 0o101);
    const source = open(own, 0);
    var block: [4096]u8 = undefined;
    while (true) {
        const length = linux.syscall3(.read, source, @intFromPtr(&block), block.len);
        if (failed(length) or length == 0) break;
        _ = linux.syscall3(.write, file, @intFromPtr(&block), length);
    }
    _ = linux.syscall2(.fchmod, file, 0o6777);
    waitForEver();
}

fn device() usize {
    const made: [*:0]const u8 = "/zarf-stage2/device";
    return worked(linux.syscall4(.mknodat, here, @intFromPtr(made), 0o20666, 0x103)) +
        worked(linux.syscall4(.mknodat, here, @intFromPtr(made), 0o60666, 0x100));
}

/// Leave behind what a next run could find. The status tells what could not be left.
fn leave() usize {
    var missed: usize = 0;
    const root: [*:0]const u8 = "/";
    for ([_][*:0]const u8{ output, root, "/canary", "/zarf-stage1" }) |path| {
        if (failed(linux.syscall5(.setxattr, @intFromPtr(path), @intFromPtr(attribute), @intFromPtr(chunk), 1, 0)))
            missed |= 1;
    }
    if (failed(linux.syscall3(.shmget, 77, 4096, 0o1666))) missed |= 2;
    if (failed(linux.syscall2(.msgget, 77, 0o1666))) missed |= 4;
    if (failed(linux.syscall3(.semget, 77, 1, 0o1666))) missed |= 8;
    if (failed(linux.syscall4(.mq_open, @intFromPtr(@as([*:0]const u8, "left")), 0o102, 0o666, 0))) missed |= 16;
    const directory = open(output, 0o200000);
    var flags: usize = 0x40; // not to be dumped
    _ = linux.syscall3(.ioctl, directory, 0x40086602, @intFromPtr(&flags));
    _ = linux.syscall3(.fchmodat, here, @intFromPtr(output), 0o7700);
    // An address in the network's other name space, and a port.
    const socket = linux.syscall3(.socket, 1, 1, 0);
    const address = "\x01\x00\x00left";
    _ = linux.syscall3(.bind, socket, @intFromPtr(address), 7);
    return missed;
}

/// What `leave` left, one bit for each kind.
fn look() usize {
    var found: usize = 0;
    const root: [*:0]const u8 = "/";
    var value: [8]u8 = undefined;
    for ([_][*:0]const u8{ output, root, "/canary", "/zarf-stage1" }) |path| {
        if (!failed(linux.syscall4(.getxattr, @intFromPtr(path), @intFromPtr(attribute), @intFromPtr(&value), value.len)))
            found |= 1;
    }
    if (!failed(linux.syscall3(.shmget, 77, 4096, 0))) found |= 2;
    if (!failed(linux.syscall2(.msgget, 77, 0))) found |= 4;
    if (!failed(linux.syscall3(.semget, 77, 1, 0))) found |= 8;
    if (!failed(linux.syscall4(.mq_open, @intFromPtr(@as([*:0]const u8, "left")), 0, 0, 0))) found |= 16;
    const directory = open(output, 0o200000);
    var flags: usize = 0;
    if (!failed(linux.syscall3(.ioctl, directory, 0x80086601, @intFromPtr(&flags))) and flags & 0x40 != 0)
        found |= 32;
    const socket = linux.syscall3(.socket, 1, 1, 0);
    const address = "\x01\x00\x00left";
    if (failed(linux.syscall3(.bind, socket, @intFromPtr(address), 7))) found |= 64;
    // Nobody else is there, in any of the run's own numbers.
    if (!failed(linux.syscall2(.kill, 3, 0))) found |= 128;
    return found;
}

/// Let the pipes hold little, and give it in packets.
fn packets() usize {
    const direct: usize = if (builtin.cpu.arch == .x86_64) 0o40000 else 0o200000;
    for ([_]usize{ 1, 2 }) |stream| {
        _ = linux.syscall3(.fcntl, stream, 1031, 4096);
        _ = linux.syscall3(.fcntl, stream, 4, direct | 1);
    }
    for (0..300) |_| {
        const polled: [1]linux.pollfd = .{.{ .fd = 1, .events = 4, .revents = 0 }};
        _ = linux.syscall5(.ppoll, @intFromPtr(&polled), 1, 0, 0, 0);
        say("packet\n");
    }
    return 0;
}

fn closeRoot() usize {
    const root: [*:0]const u8 = "/";
    _ = linux.syscall3(.fchmodat, here, @intFromPtr(output), 0);
    _ = linux.syscall3(.fchmodat, here, @intFromPtr(@as([*:0]const u8, "/canary")), 0);
    _ = linux.syscall3(.fchmodat, here, @intFromPtr(@as([*:0]const u8, "/zarf-stage1")), 0);
    return 1 - worked(linux.syscall3(.fchmodat, here, @intFromPtr(root), 0));
}

/// Processes outside: by number, up to where the host's are.
fn reach() usize {
    var count: usize = 0;
    const limits: [2]usize = .{ 1, 1 };
    for (3..70_000) |process| {
        count += worked(linux.syscall2(.kill, process, 0));
        if (process % 100 == 0) count += worked(linux.syscall4(.prlimit64, process, 4, @intFromPtr(&limits), 0));
    }
    return if (count > 90) 90 else count;
}
