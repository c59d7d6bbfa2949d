//! What both files need of the system, and of text.

const linux = @import("std").os.linux;

pub const Text = [*:0]const u8;
pub const Words = [*:null]const ?Text;
pub const signal_kill = 9;
pub const signal_child = 17;

/// SIG_IGN is 1; flags, restorer and mask stay zero.
pub fn ignore(signal: usize) void {
    const action: [4]usize = .{ 1, 0, 0, 0 };
    _ = linux.syscall4(.rt_sigaction, signal, @intFromPtr(&action), 0, 8);
}

pub fn replace(descriptor: usize, path: Text, mode: usize) void {
    const directory: usize = @bitCast(@as(isize, linux.AT.FDCWD));
    const opened = linux.syscall4(.openat, directory, @intFromPtr(path), mode, 0);
    _ = linux.syscall3(.dup3, opened, descriptor, 0);
    _ = linux.syscall1(.close, opened);
}

pub fn field(report: usize, name: Text, value: usize) void {
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
pub fn write(report: usize, text: Text) void {
    var length: usize = 0;
    while (text[length] != 0 or length == 0) length += 1;
    _ = linux.syscall3(.write, report, @intFromPtr(text), length);
}

pub fn number(text: Text, base: usize) usize {
    var value: usize = 0;
    var at: usize = 0;
    while (text[at] != 0) : (at += 1) value = value * base + (text[at] - '0');
    return value;
}

pub fn isPositive(result: usize) bool {
    return @as(isize, @bitCast(result)) > 0;
}

pub fn exit(status: usize) noreturn {
    _ = linux.syscall1(.exit_group, status);
    unreachable;
}
