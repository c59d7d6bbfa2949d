//! The cell of one run: mounts, processes and IPC of its own, and in it the subject, confined.
//!
//! Words of a run come before those of the subject (see launcher.zig), each ended by a zero byte:
//!
//!     TPATH       the stage, which becomes the root
//!     MNUMBER:PATH  /exposed/NUMBER is to be seen at PATH
//!     BSOURCE:PATH  SOURCE is to be seen at PATH, and can be changed
//!     P           /proc and /dev
//!     N           /dev with nothing but null
//!     WPATH, OPATH  PATH as a mount of its own, writable, read-only
//!     ZPATH       a file system of 64 KiB at PATH
//!     R           the root becomes read-only
//!     DPATH       the working directory
//!     VNAME=VALUE a variable of the environment
//!     H           the subject waits at a gate, which the harness opens
//!     X           the subject is process 1; otherwise it is process 2, and this one waits for it

const linux = @import("std").os.linux;
const system = @import("system.zig");
const place = @import("place.zig");
const keeper = @import("keeper.zig");
const subject = @import("subject.zig");
const Text = system.Text;

pub const namespaces = place.new_mount | 0x8000000 | 0x20000000; // IPC, processes

pub const Report = extern struct { status: u32 = 0, unused: u32 = 0, peak: u64 = 0 };

/// Where outputs go; where it is said that the subject could not be started; where how it ended.
pub const Channels = struct { output: [2]usize, failure: usize, report: usize, gate: usize };

const most_words = 256;
var table: [most_words + 1]?Text = undefined;
var variables: [32]?Text = undefined;

/// Words that each end with a zero byte, as a table.
pub fn split(words: []u8, failure: usize) system.Words {
    var count: usize = 0;
    var start: usize = 0;
    for (words, 0..) |byte, at| {
        if (byte != 0) continue;
        if (count == most_words) system.check(failure, "words", 0 -% @as(usize, 7));
        table[count] = @ptrCast(&words[start]);
        count += 1;
        start = at + 1;
    }
    table[count] = null;
    return @ptrCast(&table);
}

pub fn become(words: system.Words, channels: Channels) noreturn {
    const failure = channels.failure;
    var root: Text = "/";
    var directory: Text = "/";
    var is_first = false;
    var gate: usize = 0;
    var used: usize = 0;
    var at: usize = 0;
    while (words[at]) |word| : (at += 1) {
        switch (word[0]) {
            'T' => {
                root = word + 1;
                system.check(failure, root, place.mount(root, root, null, place.bind, null));
            },
            'M' => {
                var source: system.Line = .{};
                const from = source.add("/exposed/").addNumber(system.number(word + 1, 10)).end();
                lay(failure, from, root, afterColon(word), place.bind | place.recursive, 0);
            },
            'B' => {
                var source: system.Line = .{};
                const from = source.addUntil(word + 1, ':').end();
                lay(failure, from, root, afterColon(word), place.bind, 0);
            },
            'P' => {
                addProc(failure, root);
                addDev(failure, root, &place.devices);
            },
            'N' => addDev(failure, root, place.devices[0..1]),
            'H' => gate = channels.gate,
            'W' => lay(failure, null, root, word + 1, place.bind, 0),
            'O' => lay(failure, null, root, word + 1, place.bind, place.read_only),
            'Z' => {
                var target: system.Line = .{};
                const path = target.add(root).add(word + 1).end();
                const flags = place.no_set_user_id | place.no_devices;
                system.check(failure, path, place.mount("full", path, "tmpfs", flags, "size=64k,mode=755"));
            },
            'R' => system.check(failure, "a read-only root", protectAlone(root)),
            'D' => directory = word + 1,
            'V' => {
                if (used == variables.len - 1) system.check(failure, "variables", 0 -% @as(usize, 7));
                variables[used] = word + 1;
                used += 1;
            },
            'X' => is_first = true,
            else => break,
        }
    }
    variables[used] = null;
    const here: Text = ".";
    system.check(failure, root, linux.syscall1(.chdir, @intFromPtr(root)));
    system.check(failure, "the root", linux.syscall2(.pivot_root, @intFromPtr(here), @intFromPtr(here)));
    system.check(failure, "leave the old root", linux.syscall2(.umount2, @intFromPtr(here), place.detached));
    system.check(failure, directory, linux.syscall1(.chdir, @intFromPtr(directory)));

    var options: subject.Options = .{
        .confined = true,
        .full = keeper.full_device,
        .gate = gate,
    };
    const program = subject.parse(words + at, &options) orelse
        system.exit(subject.not_found);
    if (is_first) start1(options, program, channels);
    const child = linux.syscall5(.clone, system.signal_child, 0, 0, 0, 0);
    system.check(failure, "a process", child);
    if (child == 0) start1(options, program, channels);
    for ([_]usize{ failure, channels.output[0], channels.output[1] }) |descriptor| system.close(descriptor);
    var usage: linux.rusage = undefined;
    var report: Report = .{};
    while (linux.syscall4(.wait4, child, @intFromPtr(&report.status), 0, @intFromPtr(&usage)) != child) {}
    report.peak = @intCast(usage.maxrss);
    _ = linux.syscall3(.write, channels.report, @intFromPtr(&report), @sizeOf(Report));
    system.exit(0); // and all that is left ends with this
}

fn start1(options: subject.Options, program: system.Words, channels: Channels) noreturn {
    const streams = [3]usize{ keeper.null_device, channels.output[0], channels.output[1] };
    for (streams, 0..) |from, to| {
        if (from != to) system.check(channels.failure, "streams", linux.syscall3(.dup3, from, to, 0));
    }
    subject.become(options, program, @ptrCast(&variables), channels.failure);
}

fn afterColon(word: Text) Text {
    var end: usize = 0;
    while (word[end] != ':') end += 1;
    return word + end + 1;
}

fn lay(failure: usize, source: ?Text, root: Text, path: Text, flags: usize, more: u64) void {
    var target: system.Line = .{};
    const to = target.add(root).add(path).end();
    system.check(failure, to, place.mount(source orelse to, to, null, flags, null));
    if (more != 0) system.check(failure, to, protectAlone(to));
}

/// Not what is mounted below it.
fn protectAlone(path: Text) usize {
    const flags = place.bind | place.remount | place.read_only | place.no_set_user_id | place.no_devices;
    return place.mount(null, path, null, flags, null);
}

/// As a container has them: without a way to settings of the kernel, even those of the box's own
/// network, which outlives the run.
fn addProc(failure: usize, root: Text) void {
    const flags = place.no_set_user_id | no_programs;
    var proc: system.Line = .{};
    const proc_path = proc.add(root).add("/proc").end();
    system.check(failure, "mount /proc", place.mount("proc", proc_path, "proc", flags | place.no_devices, null));
    for ([_]Text{ "/sys", "/sysrq-trigger", "/irq", "/bus", "/fs" }) |name| {
        var path: system.Line = .{};
        const one = path.add(proc_path).add(name).end();
        const result = place.mount(one, one, null, place.bind | place.recursive, null);
        if (0 -% result == system.not_there) continue;
        system.check(failure, one, result);
        system.check(failure, one, place.protect(one, place.no_set_user_id | place.no_devices));
    }
    for ([_]Text{ "/kcore", "/keys", "/timer_list" }) |name| {
        var path: system.Line = .{};
        _ = place.mount("/dev/null", path.add(proc_path).add(name).end(), null, place.bind, null);
    }
}

const no_programs = 8;

fn addDev(failure: usize, root: Text, devices: []const Text) void {
    const flags = place.no_set_user_id | no_programs;
    var dev: system.Line = .{};
    const dev_path = dev.add(root).add("/dev").end();
    system.check(failure, "mount /dev", place.mount("dev", dev_path, "tmpfs", flags, "mode=755,size=64m"));
    for (devices) |device| {
        var path: system.Line = .{};
        const one = path.add(root).add(device).end();
        system.close(system.open(one, 0o101));
        system.check(failure, device, place.mount(device, one, null, place.bind, null));
    }
    if (devices.len == 1) return;
    const links = [_][2]Text{
        .{ "/proc/self/fd", "/fd" },         .{ "/proc/self/fd/0", "/stdin" },
        .{ "/proc/self/fd/1", "/stdout" },   .{ "/proc/self/fd/2", "/stderr" },
    };
    for (links) |link| {
        var path: system.Line = .{};
        const one = path.add(dev_path).add(link[1]).end();
        _ = linux.syscall3(.symlinkat, @intFromPtr(link[0]), system.current_directory, @intFromPtr(one));
    }
    var shared: system.Line = .{};
    const path = shared.add(dev_path).add("/shm").end();
    _ = place.makeDirectory(path);
    _ = linux.syscall3(.fchmodat, system.current_directory, @intFromPtr(path), 0o1777);
}
