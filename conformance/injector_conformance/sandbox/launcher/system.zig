//! What all files need of the system, and of text.

const linux = @import("std").os.linux;

pub const Text = [*:0]const u8;
pub const Words = [*:null]const ?Text;
pub const signal_kill = 9;
pub const signal_child = 17;
pub const not_there = 2;
pub const is_no_directory = 20;
pub const close_on_exec = 0o2000000;
pub const current_directory: usize = @bitCast(@as(isize, linux.AT.FDCWD));
pub const everybody = ~@as(usize, 0);

/// Handlers: SIG_DFL is 0, SIG_IGN 1; flags, restorer and mask stay zero.
fn handle(signal: usize, handler: usize) usize {
    const action: [4]usize = .{ handler, 0, 0, 0 };
    return linux.syscall4(.rt_sigaction, signal, @intFromPtr(&action), 0, 8);
}

pub fn ignore(signal: usize) void {
    _ = handle(signal, 1);
}

/// No signal is blocked or ignored any more, whatever the caller of all this had set.
pub fn forgetSignals() void {
    for (1..65) |signal| _ = handle(signal, 0);
    const none: u64 = 0;
    _ = linux.syscall4(.rt_sigprocmask, 2, @intFromPtr(&none), 0, 8);
}

pub fn open(path: Text, mode: usize) usize {
    return linux.syscall4(.openat, current_directory, @intFromPtr(path), mode | close_on_exec, 0o755);
}

pub fn close(descriptor: usize) void {
    _ = linux.syscall1(.close, descriptor);
}

pub fn replace(descriptor: usize, path: Text, mode: usize) void {
    const opened = linux.syscall4(.openat, current_directory, @intFromPtr(path), mode, 0);
    _ = linux.syscall3(.dup3, opened, descriptor, 0);
    close(opened);
}

pub fn field(report: usize, name: Text, value: usize) void {
    write(report, name);
    var digits: [20]u8 = undefined;
    const text = decimal(value, &digits);
    _ = linux.syscall3(.write, report, @intFromPtr(text.ptr), text.len);
}

pub fn decimal(value: usize, digits: *[20]u8) []u8 {
    var at: usize = digits.len;
    var rest = value;
    while (true) {
        at -= 1;
        digits[at] = @intCast('0' + rest % 10);
        rest /= 10;
        if (rest == 0) break;
    }
    return digits[at..];
}

/// Writes the zero byte too if the text begins with it.
pub fn write(report: usize, text: Text) void {
    _ = linux.syscall3(.write, report, @intFromPtr(text), length(text));
}

fn length(text: Text) usize {
    var count: usize = 0;
    while (text[count] != 0 or count == 0) count += 1;
    return count;
}

pub fn number(text: Text, base: usize) usize {
    var value: usize = 0;
    var at: usize = 0;
    while (text[at] >= '0' and text[at] <= '9') : (at += 1) value = value * base + (text[at] - '0');
    return value;
}

pub fn isPositive(result: usize) bool {
    return @as(isize, @bitCast(result)) > 0;
}

pub fn hasFailed(result: usize) bool {
    return @as(isize, @bitCast(result)) < 0;
}

pub fn exit(status: usize) noreturn {
    _ = linux.syscall1(.exit_group, status);
    unreachable;
}

/// End if a call of the system has failed: what was being done, and the system's number for why.
pub fn check(report: usize, doing: Text, result: usize) void {
    if (!hasFailed(result)) return;
    write(report, "\x00");
    write(report, doing);
    field(report, " errno=", 0 -% result);
    write(report, "\n");
    exit(127);
}

/// A path or a line of at most so many bytes, put together from parts.
pub const Line = struct {
    bytes: [4352]u8 = undefined,
    used: usize = 0,

    pub fn add(line: *Line, text: Text) *Line {
        var at: usize = 0;
        while (text[at] != 0 and line.used < line.bytes.len - 1) : (at += 1) {
            line.bytes[line.used] = text[at];
            line.used += 1;
        }
        return line;
    }

    pub fn addUntil(line: *Line, text: Text, stop: u8) *Line {
        var at: usize = 0;
        while (text[at] != 0 and text[at] != stop and line.used < line.bytes.len - 1) : (at += 1) {
            line.bytes[line.used] = text[at];
            line.used += 1;
        }
        return line;
    }

    pub fn addNumber(line: *Line, value: usize) *Line {
        var digits: [20]u8 = undefined;
        for (decimal(value, &digits)) |digit| {
            line.bytes[line.used] = digit;
            line.used += 1;
        }
        return line;
    }

    pub fn end(line: *Line) Text {
        line.bytes[line.used] = 0;
        return @ptrCast(&line.bytes);
    }
};

/// SCM_RIGHTS: a message with descriptors.
pub const Parcel = struct {
    const most = 3;
    const Control = extern struct { length: usize, level: u32 = 1, kind: u32 = 1, descriptors: [most + 1]u32 };
    const Header = extern struct {
        name: usize = 0,
        name_length: u32 = 0,
        vector: usize,
        vectors: usize = 1,
        control: usize,
        control_length: usize,
        flags: u32 = 0,
    };

    pub fn send(socket: usize, text: []const u8, descriptors: []const usize) usize {
        var control: Control = .{ .length = 16 + 4 * descriptors.len, .descriptors = undefined };
        for (descriptors, 0..) |descriptor, at| control.descriptors[at] = @intCast(descriptor);
        const vector: [2]usize = .{ @intFromPtr(text.ptr), text.len };
        const header: Header = .{
            .vector = @intFromPtr(&vector),
            .control = if (descriptors.len == 0) 0 else @intFromPtr(&control),
            .control_length = if (descriptors.len == 0) 0 else (control.length + 7) & ~@as(usize, 7),
        };
        return linux.syscall3(.sendmsg, socket, @intFromPtr(&header), 0x4000);
    }

    /// What was received goes to `into`; descriptors are closed when a program is executed.
    pub fn receive(socket: usize, into: []u8, descriptors: *[2]usize) usize {
        var control: Control = undefined;
        control.length = 0;
        const vector: [2]usize = .{ @intFromPtr(into.ptr), into.len };
        const header: Header = .{
            .vector = @intFromPtr(&vector),
            .control = @intFromPtr(&control),
            .control_length = @sizeOf(Control),
        };
        const result = linux.syscall3(.recvmsg, socket, @intFromPtr(&header), 0x40000000);
        if (control.length >= 24 and header.control_length >= 24) {
            descriptors[0] = control.descriptors[0];
            descriptors[1] = control.descriptors[1];
        }
        return result;
    }
};
