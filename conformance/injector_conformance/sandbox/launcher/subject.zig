//! Becoming the subject: the conditions that a process gives itself before it executes a program.

const linux = @import("std").os.linux;
const system = @import("system.zig");
const filter = @import("filter.zig");

const signal_file_size = 25;
pub const saved_descriptor = 100;
pub const not_found = 127;

pub const Options = struct {
    umask: usize = 0o022,
    file_size: usize = 0,
    data: usize = 0,
    /// One letter each, or zero: see the table at the top.
    streams: [3]u8 = .{ 0, 0, 0 },
    no_environment: bool = false,
    root: ?system.Text = null,
    group: usize = 0,
    user: usize = 0,
    direct: bool = false,
    waits: bool = false,
    /// Why calls of the system that are newer than Linux 4.10 are refused, or zero.
    refusal: usize = 0,
    /// Read a byte here first, if it is any descriptor.
    gate: usize = 0,
    /// Give up everything that leads out of the namespaces that it is in.
    confined: bool = false,
    /// Where the device without space is open already.
    full: ?usize = null,
};

/// Read the options; what is to be executed follows them and a word that is none.
pub fn parse(words: system.Words, options: *Options) ?system.Words {
    var at: usize = 0;
    while (words[at]) |word| : (at += 1) {
        switch (word[0]) {
            'u' => options.umask = system.number(word + 1, 8),
            'f' => options.file_size = system.number(word + 1, 10),
            'd' => options.data = system.number(word + 1, 10),
            'i' => options.streams[0] = word[1],
            'o' => options.streams[1] = word[1],
            'e' => options.streams[2] = word[1],
            'n' => options.no_environment = true,
            'r' => options.root = word + 1,
            'g' => options.group = system.number(word + 1, 10),
            'w' => options.user = system.number(word + 1, 10),
            'x' => options.direct = true,
            's' => options.waits = true,
            'q' => options.refusal = system.number(word + 1, 10),
            else => break,
        }
    }
    return if (words[at] == null or words[at + 1] == null) null else words + at + 1;
}

pub fn become(
    options: Options,
    program: system.Words,
    environment: system.Words,
    report: usize,
) noreturn {
    _ = linux.syscall0(.setsid);
    _ = linux.syscall1(.umask, options.umask);
    system.forgetSignals();
    _ = linux.syscall3(.setpriority, 0, 0, 0);
    limit(limit_core, 0);
    limit(limit_descriptors, most_descriptors);
    if (options.data != 0) limit(limit_data, options.data);
    if (options.file_size != 0) {
        system.ignore(signal_file_size);
        limit(limit_file_size, options.file_size);
    }
    for (options.streams, 0..) |kind, descriptor| redirect(kind, descriptor, options.full);
    if (options.root) |root| {
        check(report, linux.syscall1(.chroot, @intFromPtr(root)));
        check(report, linux.syscall1(.chdir, @intFromPtr("/zarf-stage1")));
    }
    if (options.confined) giveUpCapabilities();
    if (options.user != 0) {
        check(report, linux.syscall2(.setgroups, 0, 0));
        check(report, linux.syscall1(.setgid, options.group));
        check(report, linux.syscall1(.setuid, options.user));
    }
    const nothing: [1]?system.Text = .{null};
    const variables: usize = if (options.no_environment)
        @intFromPtr(&nothing)
    else
        @intFromPtr(environment);
    const path = @intFromPtr(program[0].?);
    if (options.confined) {
        // A keyring of its own, empty, in place of the caller's.
        _ = linux.syscall2(.keyctl, 1, 0);
        limit(limit_processes, most_processes);
        check(report, linux.syscall5(.prctl, no_new_privileges, 1, 0, 0, 0));
        check(report, filter.enforce());
        refuseYoung(options, report);
        if (options.gate != 0) {
            var opened: [1]u8 = undefined;
            _ = linux.syscall3(.read, options.gate, @intFromPtr(&opened), 1);
        }
        const byte: [1]u8 = .{'r'};
        if (report > 2) _ = linux.syscall3(.write, report, @intFromPtr(&byte), 1);
    } else if (options.refusal != 0) {
        check(report, linux.syscall5(.prctl, no_new_privileges, 1, 0, 0, 0));
        refuseYoung(options, report);
    }
    fail(report, linux.syscall3(.execve, path, @intFromPtr(program), variables));
}

fn refuseYoung(options: Options, report: usize) void {
    if (options.refusal != 0) check(report, filter.refuseYoung(options.refusal));
}

/// What container runtimes leave to root, but for the network's, the root's (SYS_CHROOT), and
/// device nodes (MKNOD): CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, SETFCAP.
const capabilities: u64 = 1 << 0 | 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 31;

fn giveUpCapabilities() void {
    for (0..64) |capability| {
        if (capabilities >> @as(u6, @intCast(capability)) & 1 == 1) continue;
        _ = linux.syscall5(.prctl, drop_from_bounds, capability, 0, 0, 0);
    }
    _ = linux.syscall5(.prctl, ambient, ambient_clear, 0, 0, 0);
}

const drop_from_bounds = 24;
const no_new_privileges = 38;
const ambient = 47;
const ambient_clear = 4;

fn redirect(kind: u8, descriptor: usize, full: ?usize) void {
    var ends: [2]u32 = undefined;
    switch (kind) {
        'c' => _ = linux.syscall1(.close, descriptor),
        'o', 'b', 'u' => {
            _ = linux.syscall2(.pipe2, @intFromPtr(&ends), 0);
            const kept: usize = if (kind == 'o') 0 else 1;
            _ = linux.syscall3(.dup3, ends[kept], descriptor, 0);
            _ = linux.syscall1(.close, ends[kept]);
            // The other end stays, out of the way; a broken pipe loses its reader.
            if (kind != 'b') _ = linux.syscall3(.fcntl, ends[1 - kept], linux.F.DUPFD, saved_descriptor);
            _ = linux.syscall1(.close, ends[1 - kept]);
        },
        'f' => if (full) |device| {
            _ = linux.syscall3(.dup3, device, descriptor, 0);
        } else system.replace(descriptor, "/dev/full", 1),
        else => {},
    }
}

const limit_file_size = 1;
const limit_data = 2;
const limit_core = 4;
const limit_processes = 6;
const limit_descriptors = 7;

const most_descriptors = 1024;
const most_processes = 1024;

fn limit(resource: usize, value: usize) void {
    const both: [2]usize = .{ value, value };
    _ = linux.syscall4(.prlimit64, 0, resource, @intFromPtr(&both), 0);
}

fn check(report: usize, result: usize) void {
    if (result != 0) fail(report, result);
}

fn fail(report: usize, result: usize) noreturn {
    system.write(report, "\x00");
    system.field(report, "errno=", 0 -% result);
    system.write(report, "\n");
    system.exit(not_found);
}
