//! The harness' hand in a sandbox: it needs nothing of an image, not even a shell.
//!
//! Without arguments it is a container's first process: it waits, reaps orphans, and ends when its
//! standard input does, which the daemon closes as soon as the harness is gone. A harness that does
//! not write to it within a minute never came.
//!
//! `launcher bDESCRIPTOR` is the first process of a sandbox that serves many runs. Each message on
//! that socket holds the words below from OPTION on, each ended by a zero byte; when the subject
//! has ended and everything it left behind is dead, the answer is its status as wait(2) gives it.
//!
//! `launcher OPTION… -- PROGRAM ARGUMENT…` runs the subject under conditions that the sandbox's
//! interface cannot express, waits for it, kills whatever it left behind, and appends a line to
//! standard error: a zero byte, then `status=… peak=… nanoseconds=…` (status as wait(2) gives it,
//! peak in KiB). A subject that could not be started gives `errno=…` instead, in every mode.
//!
//!     s       wait for a byte on standard input, which is empty then: the harness is listening
//!     uOCTAL  umask
//!     fBYTES  RLIMIT_FSIZE; SIGXFSZ is ignored, so that writes fail
//!     dBYTES  RLIMIT_DATA
//!     io, ic  standard input: open without a writer that would end it, closed
//!     oc, ob, of; ec, eb, ef  standard output, error: closed, broken pipe, full device
//!     n       no environment
//!     rPATH   PATH becomes the root; the init directory in it the working directory
//!     gGROUP, wUSER  become that group and that user, after that
//!     x       become the subject instead of waiting for it: it is process 1 then

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
            \\ movq %%rsp, %%rdi
            \\ andq $-16, %%rsp
            \\ callq %[start:P]
            :
            : [start] "X" (&start),
        ),
        .aarch64 => asm volatile (
            \\ mov x0, sp
            \\ b %[start]
            :
            : [start] "X" (&start),
        ),
        else => @compileError("x86_64 and aarch64 only"),
    }
}

const Text = [*:0]const u8;
const Words = [*:null]const ?Text;

const signal_kill = 9;
const signal_child = 17;
const signal_file_size = 25;
const saved_descriptor = 100;
const not_found = 127;

const Options = struct {
    umask: usize = 0o022,
    file_size: usize = 0,
    data: usize = 0,
    /// One letter each, or zero: see the table at the top.
    streams: [3]u8 = .{ 0, 0, 0 },
    no_environment: bool = false,
    root: ?Text = null,
    group: usize = 0,
    user: usize = 0,
    direct: bool = false,
    waits: bool = false,
};

fn start(stack: [*]const usize) callconv(.c) noreturn {
    const count = stack[0];
    const words: Words = @ptrCast(stack + 1);
    const environment = words + count + 1;
    if (count < 2) keep();
    if (words[1].?[0] == 'b') serve(number(words[1].? + 1, 10), environment);
    var options: Options = .{};
    const program = parse(words + 1, &options) orelse exit(not_found);
    const report = linux.syscall3(.fcntl, 2, linux.F.DUPFD_CLOEXEC, saved_descriptor);
    if (options.waits) awaitHarness();
    if (options.direct) become(options, program, environment, report);
    supervise(options, program, environment, report);
}

/// Read the options; what is to be executed follows them and a word that is none.
fn parse(words: Words, options: *Options) ?Words {
    var at: usize = 0;
    while (words[at]) |word| : (at += 1) {
        switch (word[0]) {
            'u' => options.umask = number(word + 1, 8),
            'f' => options.file_size = number(word + 1, 10),
            'd' => options.data = number(word + 1, 10),
            'i' => options.streams[0] = word[1],
            'o' => options.streams[1] = word[1],
            'e' => options.streams[2] = word[1],
            'n' => options.no_environment = true,
            'r' => options.root = word + 1,
            'g' => options.group = number(word + 1, 10),
            'w' => options.user = number(word + 1, 10),
            'x' => options.direct = true,
            's' => options.waits = true,
            else => break,
        }
    }
    return if (words[at] == null or words[at + 1] == null) null else words + at + 1;
}

/// The harness sends no more than this, and a last zero byte.
var message: [1 << 16]u8 = undefined;
var table: [64]?Text = undefined;

/// Run one subject after the other, each of them the only other process.
fn serve(socket: usize, environment: Words) noreturn {
    // Nobody in the sandbox may look into this process, or use its socket.
    _ = linux.syscall5(.prctl, @backingInt(linux.PR.SET_DUMPABLE), 0, 0, 0, 0);
    _ = linux.syscall3(.fcntl, socket, linux.F.SETFD, linux.FD_CLOEXEC);
    while (true) {
        const length = linux.syscall3(.read, socket, @intFromPtr(&message), message.len);
        if (!isPositive(length)) exit(0);
        var count: usize = 0;
        var at: usize = 0;
        while (at < length) : (at += 1) {
            table[count] = @ptrCast(&message[at]);
            count += 1;
            while (message[at] != 0) at += 1;
        }
        table[count] = null;
        var options: Options = .{};
        const program = parse(@ptrCast(&table), &options) orelse exit(not_found);
        const child = linux.syscall5(.clone, signal_child, 0, 0, 0, 0);
        if (child == 0) {
            // Not this process' own directory: that may have been replaced.
            _ = linux.syscall1(.chdir, @intFromPtr("/zarf-stage1"));
            become(options, program, environment, 2);
        }
        var status: u32 = 0;
        _ = linux.syscall4(.wait4, child, @intFromPtr(&status), 0, 0);
        _ = linux.syscall2(.kill, ~@as(usize, 0), signal_kill);
        while (isPositive(linux.syscall4(.wait4, ~@as(usize, 0), 0, 0, 0))) {}
        _ = linux.syscall3(.write, socket, @intFromPtr(&status), @sizeOf(u32));
    }
}

/// Hold the container open for as long as the harness holds the other end of standard input.
fn keep() noreturn {
    ignore(signal_child); // orphans are reaped by the kernel
    var descriptor: linux.pollfd = .{ .fd = 0, .events = linux.POLL.IN, .revents = 0 };
    const minute: [2]usize = .{ 60, 0 };
    const arrived = linux.syscall5(.ppoll, @intFromPtr(&descriptor), 1, @intFromPtr(&minute), 0, 0);
    var byte: [1]u8 = undefined;
    if (!isPositive(arrived)) exit(0);
    while (isPositive(linux.syscall3(.read, 0, @intFromPtr(&byte), 1))) {}
    exit(0);
}

fn awaitHarness() void {
    var byte: [1]u8 = undefined;
    if (!isPositive(linux.syscall3(.read, 0, @intFromPtr(&byte), 1))) exit(not_found);
    replace(0, "/dev/null", 0);
}

fn supervise(options: Options, program: Words, environment: Words, report: usize) noreturn {
    // Whoever the subject leaves behind becomes a child of this process.
    _ = linux.syscall5(.prctl, @backingInt(linux.PR.SET_CHILD_SUBREAPER), 1, 0, 0, 0);
    const started = now();
    const child = linux.syscall5(.clone, signal_child, 0, 0, 0, 0);
    if (child == 0) become(options, program, environment, report);
    var status: u32 = 0;
    var usage: linux.rusage = undefined;
    while (linux.syscall4(.wait4, child, @intFromPtr(&status), 0, @intFromPtr(&usage)) != child) {}
    const ended = now();
    // Every process of the container but the first one and this: only where the parent lies
    // outside of the process namespace, as it does for whatever the daemon starts.
    if (linux.syscall0(.getppid) == 0) _ = linux.syscall2(.kill, ~@as(usize, 0), signal_kill);
    while (isPositive(linux.syscall4(.wait4, ~@as(usize, 0), 0, 0, 0))) {}
    write(report, "\x00");
    field(report, "status=", status);
    field(report, " peak=", @intCast(usage.maxrss));
    field(report, " nanoseconds=", ended - started);
    write(report, "\n");
    exit(0);
}

fn become(options: Options, program: Words, environment: Words, report: usize) noreturn {
    _ = linux.syscall0(.setsid);
    _ = linux.syscall1(.umask, options.umask);
    limit(limit_core, 0);
    if (options.data != 0) limit(limit_data, options.data);
    if (options.file_size != 0) {
        ignore(signal_file_size);
        limit(limit_file_size, options.file_size);
    }
    for (options.streams, 0..) |kind, descriptor| redirect(kind, descriptor);
    if (options.root) |root| {
        check(report, linux.syscall1(.chroot, @intFromPtr(root)));
        check(report, linux.syscall1(.chdir, @intFromPtr("/zarf-stage1")));
    }
    if (options.user != 0) {
        check(report, linux.syscall2(.setgroups, 0, 0));
        check(report, linux.syscall1(.setgid, options.group));
        check(report, linux.syscall1(.setuid, options.user));
    }
    const nothing: [1]?Text = .{null};
    const variables: usize = if (options.no_environment)
        @intFromPtr(&nothing)
    else
        @intFromPtr(environment);
    const path = @intFromPtr(program[0].?);
    fail(report, linux.syscall3(.execve, path, @intFromPtr(program), variables));
}

fn redirect(kind: u8, descriptor: usize) void {
    var ends: [2]u32 = undefined;
    switch (kind) {
        'c' => _ = linux.syscall1(.close, descriptor),
        'o', 'b' => {
            _ = linux.syscall2(.pipe2, @intFromPtr(&ends), 0);
            const kept: usize = if (kind == 'o') 0 else 1;
            _ = linux.syscall3(.dup3, ends[kept], descriptor, 0);
            _ = linux.syscall1(.close, ends[kept]);
            // The writer of an open pipe stays, out of the way; a broken one loses its reader.
            if (kind == 'o') _ = linux.syscall3(.fcntl, ends[1], linux.F.DUPFD, saved_descriptor);
            _ = linux.syscall1(.close, ends[1 - kept]);
        },
        'f' => replace(descriptor, "/dev/full", 1),
        else => {},
    }
}

const limit_file_size = 1;
const limit_data = 2;
const limit_core = 4;

fn replace(descriptor: usize, path: Text, mode: usize) void {
    const directory: usize = @bitCast(@as(isize, linux.AT.FDCWD));
    const opened = linux.syscall4(.openat, directory, @intFromPtr(path), mode, 0);
    _ = linux.syscall3(.dup3, opened, descriptor, 0);
    _ = linux.syscall1(.close, opened);
}

fn limit(resource: usize, value: usize) void {
    const both: [2]usize = .{ value, value };
    _ = linux.syscall4(.prlimit64, 0, resource, @intFromPtr(&both), 0);
}

/// SIG_IGN is 1; flags, restorer and mask stay zero.
fn ignore(signal: usize) void {
    const action: [4]usize = .{ 1, 0, 0, 0 };
    _ = linux.syscall4(.rt_sigaction, signal, @intFromPtr(&action), 0, 8);
}

fn now() usize {
    var time: [2]usize = undefined;
    _ = linux.syscall2(.clock_gettime, 1, @intFromPtr(&time)); // CLOCK_MONOTONIC
    return time[0] * 1_000_000_000 + time[1];
}

fn check(report: usize, result: usize) void {
    if (result != 0) fail(report, result);
}

fn fail(report: usize, result: usize) noreturn {
    write(report, "\x00");
    field(report, "errno=", 0 -% result);
    write(report, "\n");
    exit(not_found);
}

fn field(report: usize, name: Text, value: usize) void {
    write(report, name);
    var digits: [20]u8 = undefined;
    var at: usize = digits.len;
    var rest = value;
    while (true) {
        at -= 1;
        digits[at] = @intCast('0' + rest % 10);
        rest /= 10;
        if (rest == 0) break;
    }
    _ = linux.syscall3(.write, report, @intFromPtr(&digits[at]), digits.len - at);
}

/// Writes the zero byte too if the text begins with it.
fn write(report: usize, text: Text) void {
    var length: usize = 0;
    while (text[length] != 0 or length == 0) length += 1;
    _ = linux.syscall3(.write, report, @intFromPtr(text), length);
}

fn number(text: Text, base: usize) usize {
    var value: usize = 0;
    var at: usize = 0;
    while (text[at] != 0) : (at += 1) value = value * base + (text[at] - '0');
    return value;
}

fn isPositive(result: usize) bool {
    return @as(isize, @bitCast(result)) > 0;
}

fn exit(status: usize) noreturn {
    _ = linux.syscall1(.exit_group, status);
    unreachable;
}
