//! The harness' hand in a sandbox: it needs nothing of an image, not even a shell.
//!
//! Without arguments it is a container's first process: it waits, reaps orphans, and ends when its
//! standard input does, which the daemon closes as soon as the harness is gone. A harness that does
//! not write to it within a minute never came.
//!
//! `launcher h…` makes a place for stages, `launcher b…` a box in it (place.zig, outer.zig).
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
//!     oc, ob, of, ou; ec, eb, ef, eu  standard output, error: closed, broken pipe, full device,
//!             a pipe that nobody reads
//!     qERRNO  system calls newer than Linux 4.10 fail with that
//!     n       no environment
//!     rPATH   PATH becomes the root; the init directory in it the working directory
//!     gGROUP, wUSER  become that group and that user, after that
//!     x       become the subject instead of waiting for it: it is process 1 then

const std = @import("std");
const builtin = @import("builtin");
const linux = std.os.linux;
const outer = @import("outer.zig");
const place = @import("place.zig");
const subject = @import("subject.zig");
const system = @import("system.zig");

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

fn start(stack: [*]const usize) callconv(.c) noreturn {
    const count = stack[0];
    const words: system.Words = @ptrCast(stack + 1);
    const environment = words + count + 1;
    if (count < 2) keep();
    if (words[1].?[0] == 'h') place.make(words + 1);
    if (words[1].?[0] == 'b') outer.enter(words + 1);
    var options: subject.Options = .{};
    const program = subject.parse(words + 1, &options) orelse system.exit(subject.not_found);
    const report = linux.syscall3(.fcntl, 2, linux.F.DUPFD_CLOEXEC, subject.saved_descriptor);
    if (options.waits) awaitHarness();
    if (options.direct) subject.become(options, program, environment, report);
    supervise(options, program, environment, report);
}

/// Hold the container open for as long as the harness holds the other end of standard input.
fn keep() noreturn {
    becomeUntraceable();
    system.ignore(system.signal_child); // orphans are reaped by the kernel
    var descriptor: linux.pollfd = .{ .fd = 0, .events = linux.POLL.IN, .revents = 0 };
    const minute: [2]usize = .{ 60, 0 };
    const arrived = linux.syscall5(.ppoll, @intFromPtr(&descriptor), 1, @intFromPtr(&minute), 0, 0);
    var byte: [1]u8 = undefined;
    if (!system.isPositive(arrived)) system.exit(0);
    while (system.isPositive(linux.syscall3(.read, 0, @intFromPtr(&byte), 1))) {}
    system.exit(0);
}

/// Nobody may trace this process, or write its memory, even under its own user id.
fn becomeUntraceable() void {
    _ = linux.syscall5(.prctl, @backingInt(linux.PR.SET_DUMPABLE), 0, 0, 0, 0);
}

fn awaitHarness() void {
    var byte: [1]u8 = undefined;
    const arrived = linux.syscall3(.read, 0, @intFromPtr(&byte), 1);
    if (!system.isPositive(arrived)) system.exit(subject.not_found);
    system.replace(0, "/dev/null", 0);
}

fn supervise(
    options: subject.Options,
    program: system.Words,
    environment: system.Words,
    report: usize,
) noreturn {
    becomeUntraceable();
    // Whoever the subject leaves behind becomes a child of this process.
    _ = linux.syscall5(.prctl, @backingInt(linux.PR.SET_CHILD_SUBREAPER), 1, 0, 0, 0);
    const started = now();
    const child = linux.syscall5(.clone, system.signal_child, 0, 0, 0, 0);
    if (child == 0) subject.become(options, program, environment, report);
    var status: u32 = 0;
    var usage: linux.rusage = undefined;
    while (true) {
        if (linux.syscall4(.wait4, child, @intFromPtr(&status), 0, @intFromPtr(&usage)) != child) continue;
        if (status & 0xff != stopped) break;
        // It has made this process its tracer, and waits for it.
        _ = linux.syscall2(.kill, child, system.signal_kill);
    }
    const ended = now();
    // Every process of the container but the first one and this: only where the parent lies
    // outside of the process namespace, as it does for whatever the daemon starts.
    if (linux.syscall0(.getppid) == 0) _ = linux.syscall2(.kill, ~@as(usize, 0), system.signal_kill);
    while (system.isPositive(linux.syscall4(.wait4, ~@as(usize, 0), 0, 0, 0))) {}
    system.write(report, "\x00");
    system.field(report, "status=", status);
    system.field(report, " peak=", @intCast(usage.maxrss));
    system.field(report, " nanoseconds=", ended - started);
    system.write(report, "\n");
    system.exit(0);
}

/// What wait(2) says of a process that has only stopped.
const stopped = 0x7f;

fn now() usize {
    var time: [2]usize = undefined;
    _ = linux.syscall2(.clock_gettime, 1, @intFromPtr(&time)); // CLOCK_MONOTONIC
    return time[0] * 1_000_000_000 + time[1];
}
