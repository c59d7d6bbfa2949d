//! The system calls that the injector makes, and nothing else of the operating system.
//!
//! Every call returns the kernel's own result: negative numbers are error codes (`-ENOENT` …).
//! The list below is everything: no /proc, no /dev, no environment, no network (RUN-4).

const builtin = @import("builtin");
const linux = @import("std").os.linux;

pub const Result = isize;
/// As calls return them, so that none has to be converted; never negative where it is open.
pub const Descriptor = Result;

/// Stands for the working directory where a directory descriptor is expected.
pub const working_directory: Descriptor = linux.AT.FDCWD;

pub const not_permitted = -1;
pub const not_found = -2;
pub const exists = -17;

pub fn bits(descriptor: Descriptor) usize {
    return @bitCast(descriptor);
}

pub fn result(value: usize) Result {
    return @bitCast(value);
}

fn openFlags(comptime flags: linux.O) u32 {
    return @bitCast(flags);
}

/// How the injector opens files; each flag is a rule. Nothing is ever executed, so nothing has to be
/// closed for that.
pub const Open = enum(u32) {
    /// A chunk: links are followed (PAY-1), a FIFO never blocks (PAY-6).
    chunk = openFlags(.{ .NONBLOCK = true, .NOCTTY = true }),
    /// A directory that was there before the archive: the init and the output directory.
    directory = openFlags(.{ .DIRECTORY = true }),
    /// A directory below the output directory: never through a symbolic link (BOX-5).
    inside = openFlags(.{ .DIRECTORY = true, .NOFOLLOW = true }),
    /// `index.json` or a blob: through no link, without waiting for a FIFO (NAMES-6).
    blob = openFlags(.{ .NOFOLLOW = true, .NONBLOCK = true, .NOCTTY = true }),
};

pub fn open(directory: Descriptor, path: [*:0]const u8, how: Open) Result {
    return result(linux.syscall3(.openat, bits(directory), @intFromPtr(path), @backingInt(how)));
}

const creating = openFlags(.{
    .ACCMODE = .WRONLY,
    .CREAT = true,
    .EXCL = true,
    .NOFOLLOW = true,
});

/// Open a new file: it must not exist, so nothing is ever written through (TAR-6, BOX-5).
pub fn create(directory: Descriptor, path: [*:0]const u8) Result {
    return result(linux.syscall4(.openat, bits(directory), @intFromPtr(path), creating, 0o755));
}

pub fn close(descriptor: Descriptor) Result {
    return result(linux.syscall1(.close, bits(descriptor)));
}

pub fn read(descriptor: Descriptor, into: []u8) Result {
    return result(linux.syscall3(.read, bits(descriptor), @intFromPtr(into.ptr), into.len));
}

pub fn write(descriptor: Descriptor, from: []const u8) Result {
    return result(linux.syscall3(.write, bits(descriptor), @intFromPtr(from.ptr), from.len));
}

pub fn entries(directory: Descriptor, into: []u8) Result {
    return result(linux.syscall3(.getdents64, bits(directory), @intFromPtr(into.ptr), into.len));
}

pub fn makeDirectory(directory: Descriptor, name: [*:0]const u8) Result {
    return result(linux.syscall3(.mkdirat, bits(directory), @intFromPtr(name), 0o755));
}

pub fn unlink(directory: Descriptor, name: [*:0]const u8) Result {
    return result(linux.syscall3(.unlinkat, bits(directory), @intFromPtr(name), 0));
}

pub fn symlink(text: [*:0]const u8, directory: Descriptor, name: [*:0]const u8) Result {
    return result(linux.syscall3(.symlinkat, @intFromPtr(text), bits(directory), @intFromPtr(name)));
}

/// A hard link to exactly this entry: flags 0 do not follow a symbolic link.
pub fn link(from: Descriptor, target: [*:0]const u8, directory: Descriptor, name: [*:0]const u8) Result {
    return result(linux.syscall5(.linkat, bits(from), @intFromPtr(target), bits(directory), @intFromPtr(name), 0));
}

pub fn chmod755(descriptor: Descriptor) Result {
    return result(linux.syscall2(.fchmod, bits(descriptor), 0o755));
}

/// `struct stat`. Both architectures order the fields before the size differently.
pub const Status = extern struct {
    device: u64,
    inode: u64,
    before_size: [8]u32,
    size: u64,
    blocks: [2]u64,
    read_and_written: [4]u64,
    /// Seconds and nanoseconds.
    changed: [2]u64,
    unused: [3]u64,

    /// Whether these are the type's bits of the mode.
    pub fn isOf(of: *const Status, kind: u32) bool {
        @setRuntimeSafety(true);
        const mode = of.before_size[if (builtin.cpu.arch == .x86_64) 2 else 0];
        return mode & 0o170000 == kind;
    }

    /// Whether both are the same file.
    pub fn isSame(a: *const Status, b: *const Status) bool {
        return a.inode == b.inode and a.device == b.device;
    }
};

pub const regular = 0o100000;
pub const symbolic_link = 0o120000;

/// The status of an entry, a symbolic link's own.
/// Not `statx`, which is younger than some kernels and filters of system calls.
pub fn status(directory: Descriptor, name: [*:0]const u8, into: *Status) Result {
    return result(linux.syscall4(.newfstatat, bits(directory), @intFromPtr(name), @intFromPtr(into), linux.AT.SYMLINK_NOFOLLOW));
}

/// The status of what is open.
pub fn statusOf(descriptor: Descriptor, into: *Status) Result {
    return result(linux.syscall2(.fstat, bits(descriptor), @intFromPtr(into)));
}

pub fn clearUmask() void {
    _ = linux.syscall1(.umask, 0);
}

/// What a signal does, as the kernel is told: an address, or to ignore it.
pub const Action = usize;
pub const ignored: Action = 1;

/// Let each of these signals do that. Their numbers are bytes of a text.
pub noinline fn onSignals(numbers: [*:0]const u8, action: Action) void {
    @setRuntimeSafety(true);
    // Handler, flags (SA_RESTORER, which x86_64 insists on, and SA_NODEFER), restorer, mask. Handlers
    // never return, so the restorer is never called, and nothing would unblock the signal.
    const settings = [4]usize{ action, 0x44000000, 0, 0 };
    var rest = numbers;
    while (rest[0] != 0) : (rest += 1) _ = linux.syscall4(.rt_sigaction, rest[0], @intFromPtr(&settings), 0, 8);
}

pub fn exit(code: u8) noreturn {
    _ = linux.syscall1(.exit_group, code);
    unreachable;
}
