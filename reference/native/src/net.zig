//! The system calls that serving makes, in addition to those of `sys.zig`.

const linux = @import("std").os.linux;
const sys = @import("sys.zig");
const Descriptor = sys.Descriptor;
const Result = sys.Result;
const bits = sys.bits;
const result = sys.result;

pub const again = -11;

/// LIFE-3: ENFILE, EMFILE, ENOMEM, ENOBUFS: there is not enough of something.
pub fn isShortage(code: Result) bool {
    return code == -23 or code == -24 or code == -12 or code == -105;
}

/// IPv4 or IPv6, as the kernel has them: family, port with its high byte first, and the rest.
pub const Address = extern struct {
    family: u16,
    port: [2]u8,
    /// IPv4: the address and zeros. IPv6: flow, address, scope.
    rest: [24]u8,
};

pub fn socket(family: u16) Result {
    return result(linux.syscall3(.socket, family, stream | nonblocking | close_on_exec, 0));
}

const stream = 1;
const nonblocking = 0o4000;
const close_on_exec = 0o2000000;

pub fn option(descriptor: Descriptor, level: u32, name: u32, value: u32) void {
    _ = linux.syscall5(.setsockopt, bits(descriptor), level, name, @intFromPtr(&value), 4);
}

pub fn bind(descriptor: Descriptor, address: *const Address) Result {
    const length: u32 = if (address.family == linux.AF.INET) 16 else 28;
    return result(linux.syscall3(.bind, bits(descriptor), @intFromPtr(address), length));
}

pub fn listen(descriptor: Descriptor, waiting: u32) Result {
    return result(linux.syscall2(.listen, bits(descriptor), waiting));
}

/// The address that a socket has.
pub fn addressOf(descriptor: Descriptor, address: *Address) void {
    var length: u32 = @sizeOf(Address);
    _ = linux.syscall3(.getsockname, bits(descriptor), @intFromPtr(address), @intFromPtr(&length));
}

pub fn accept(descriptor: Descriptor) Result {
    return result(linux.syscall4(.accept4, bits(descriptor), 0, 0, nonblocking | close_on_exec));
}

/// Say that nothing more will be sent.
pub fn finish(descriptor: Descriptor) void {
    _ = linux.syscall2(.shutdown, bits(descriptor), 1);
}

/// Read what has come.
pub fn receive(descriptor: Descriptor, into: []u8) Result {
    return sys.read(descriptor, into);
}

/// `more`: something follows at once, with which it may share a packet.
pub fn send(descriptor: Descriptor, data: []const u8, more: bool) Result {
    const flags: usize = if (more) linux.MSG.MORE else 0;
    return result(linux.syscall6(.sendto, bits(descriptor), @intFromPtr(data.ptr), data.len, flags, 0, 0));
}

/// From a file to a connection; `offset` is moved on.
pub fn sendFile(to: Descriptor, from: Descriptor, offset: *u64, length: u64) Result {
    return result(linux.syscall4(.sendfile, bits(to), bits(from), @intFromPtr(offset), length));
}

pub fn readAt(descriptor: Descriptor, into: []u8, offset: u64) Result {
    return result(linux.syscall4(.pread64, bits(descriptor), @intFromPtr(into.ptr), into.len, offset));
}

/// A file that has no name and lies in memory.
pub fn unnamedFile() Result {
    return result(linux.syscall2(.memfd_create, @intFromPtr(""), 1));
}

pub fn poll() Result {
    return result(linux.syscall1(.epoll_create1, close_on_exec));
}

pub const Event = linux.epoll_event;
pub const ended = linux.EPOLL.RDHUP | linux.EPOLL.HUP | linux.EPOLL.ERR;

pub const Watch = enum(u32) { begin = linux.EPOLL.CTL_ADD, again = linux.EPOLL.CTL_MOD };

/// Report, once for each time that it happens, that the descriptor can be read or written. `again`:
/// report also what can be done now.
pub noinline fn watch(descriptor: Descriptor, what: Descriptor, how: Watch, number: u32) Result {
    var event: Event = .{
        .events = linux.EPOLL.IN | linux.EPOLL.OUT | linux.EPOLL.RDHUP | linux.EPOLL.ET,
        .data = .{ .u32 = number },
    };
    return result(linux.syscall4(.epoll_ctl, bits(descriptor), @backingInt(how), bits(what), @intFromPtr(&event)));
}

/// `milliseconds`: -1 for ever.
pub fn wait(descriptor: Descriptor, events: []Event, milliseconds: isize) Result {
    return result(linux.syscall6(.epoll_pwait, bits(descriptor), @intFromPtr(events.ptr), events.len, bits(milliseconds), 0, 8));
}

/// Seconds since some time in the past (CLOCK_MONOTONIC).
pub fn seconds() u32 {
    @setRuntimeSafety(true);
    var now: [2]u64 = undefined;
    _ = linux.syscall2(.clock_gettime, 1, @intFromPtr(&now));
    return @truncate(now[0]);
}

/// Whether a write of a few kilobytes would not wait.
pub fn takesMore(descriptor: Descriptor) bool {
    @setRuntimeSafety(true);
    var asked = linux.pollfd{ .fd = @intCast(descriptor), .events = 4, .revents = 0 };
    // Not a constant: the kernel writes back what is left of the time.
    var none: [2]usize = .{ 0, 0 };
    _ = linux.syscall5(.ppoll, @intFromPtr(&asked), 1, @intFromPtr(&none), 0, 8);
    return asked.revents & 4 != 0;
}

/// Remove an empty directory.
pub fn removeDirectory(directory: Descriptor, path: [*:0]const u8) Result {
    return result(linux.syscall3(.unlinkat, bits(directory), @intFromPtr(path), linux.AT.REMOVEDIR));
}

/// Fresh memory, at least so many bytes.
pub fn memory(bytes: usize) ?usize {
    const readable_writable = 3;
    const private_anonymous = 0x22;
    const address = result(linux.syscall6(.mmap, 0, bytes, readable_writable, private_anonymous, bits(-1), 0));
    return if (address < 0) null else @bitCast(address);
}
