//! System calls that no subject needs and by which it could reach the host: those that a container
//! runtime's default profile refuses, and every call of a foreign architecture.

const std = @import("std");
const builtin = @import("builtin");
const linux = std.os.linux;

/// By name, so that one list serves all machines; a name that a machine does not know is passed over.
const refused = [_][]const u8{
    // keyrings, which belong to users and not to namespaces
    "add_key",           "request_key",   "keyctl",
    // other processes
    "ptrace",            "process_vm_readv", "process_vm_writev", "process_madvise",
    "kcmp",              "pidfd_getfd",
    // namespaces and mounts
    "unshare",           "setns",         "mount",                "umount2",
    "pivot_root",        "move_mount",    "open_tree",            "open_tree_attr",
    "fsopen",            "fsconfig",      "fsmount",              "fspick",
    "mount_setattr",     "fanotify_init", "open_by_handle_at",    "quotactl",
    "quotactl_fd",       "sethostname",   "setdomainname",
    // large and young parts of the kernel
    "bpf",               "userfaultfd",   "perf_event_open",      "io_uring_setup",
    "io_uring_enter",    "io_uring_register",
    // the machine as a whole
    "reboot",            "swapon",        "swapoff",              "acct",
    "settimeofday",      "clock_settime", "clock_adjtime",        "init_module",
    "finit_module",      "delete_module", "kexec_load",           "kexec_file_load",
    "iopl",              "ioperm",        "syslog",               "vhangup",
    "mbind",             "set_mempolicy", "get_mempolicy",        "migrate_pages",
    "move_pages",        "set_mempolicy_home_node",
    // what nobody calls any more
    "create_module",     "get_kernel_syms", "query_module",       "nfsservctl",
    "lookup_dcookie",    "uselib",        "ustat",                "sysfs",
    "sysctl",
};

const last_known = 463;
const new_namespaces = 0x7e020000;
const family_vsock = 40;
const personalities = [_]u32{ 0, 8, 0x20000, 0x20008, 0xffffffff };
const foreign_numbers = 0x40000000;

const machine: u32 = switch (builtin.cpu.arch) {
    .x86_64 => 0xc000003e,
    .aarch64 => 0xc00000b7,
    else => @compileError("x86_64 and aarch64 only"),
};

const Instruction = extern struct { code: u16, yes: u8 = 0, no: u8 = 0, value: u32 };

const load = 0x20;
const equal = 0x15;
const at_least = 0x35;
const has_bits = 0x45;
const give = 0x06;

const offset_number = 0;
const offset_machine = 4;
const offset_argument = 16;

const allow: Instruction = .{ .code = give, .value = 0x7fff0000 };
const not_permitted: Instruction = .{ .code = give, .value = 0x00050001 };
const not_there: Instruction = .{ .code = give, .value = 0x00050026 }; // ENOSYS

fn number(comptime name: []const u8) u32 {
    return @backingInt(@field(linux.SYS, name));
}

const instructions = made: {
    @setEvalBranchQuota(100_000);
    var made: []const Instruction = &.{
        .{ .code = load, .value = offset_machine },
        .{ .code = equal, .yes = 1, .value = machine },
        not_permitted,
        .{ .code = load, .value = offset_number },
        .{ .code = at_least, .no = 1, .value = foreign_numbers },
        not_permitted,
        .{ .code = at_least, .no = 1, .value = last_known + 1 },
        not_there,
        // Its flags lie in memory, where no filter can see them; libraries fall back on clone.
        .{ .code = equal, .no = 1, .value = number("clone3") },
        not_there,
    };
    for (refused) |name| {
        if (!@hasField(linux.SYS, name)) continue;
        made = made ++ .{ Instruction{ .code = equal, .no = 1, .value = number(name) }, not_permitted };
    }
    made = made ++ .{
        Instruction{ .code = equal, .no = 3, .value = number("clone") },
        Instruction{ .code = load, .value = offset_argument },
        Instruction{ .code = has_bits, .no = 1, .value = new_namespaces },
        not_permitted,
        // An argument that is loaded now is taken for a number below, and is that of no call there.
        Instruction{ .code = load, .value = offset_number },
        Instruction{ .code = equal, .no = 3, .value = number("socket") },
        Instruction{ .code = load, .value = offset_argument },
        Instruction{ .code = equal, .no = 1, .value = family_vsock },
        not_permitted,
        Instruction{ .code = load, .value = offset_number },
        Instruction{ .code = equal, .yes = 1, .value = number("personality") },
        allow,
        Instruction{ .code = load, .value = offset_argument },
    };
    for (personalities) |value| {
        made = made ++ .{ Instruction{ .code = equal, .no = 1, .value = value }, allow };
    }
    made = made ++ .{not_permitted};
    break :made made[0..made.len].*;
};

/// A kernel that is older than the calls that came after Linux 4.10, or a profile that does not know
/// them. C libraries must be able to make threads, so two stay.
fn young(comptime refusal: u32) [7]Instruction {
    return .{
        .{ .code = load, .value = offset_number },
        .{ .code = at_least, .yes = 1, .value = number("statx") },
        allow,
        .{ .code = equal, .yes = 2, .value = number("clone3") },
        .{ .code = equal, .yes = 1, .value = number("rseq") },
        .{ .code = give, .value = 0x00050000 | refusal },
        allow,
    };
}

const without_young = young(38);
const forbidding_young = young(1);

/// The same for calls newer than Linux 4.10, with the system's number for why.
pub fn refuseYoung(reason: usize) usize {
    return install(if (reason == 38) &without_young else &forbidding_young);
}

/// Put the filter into force for this process and what it becomes. The result is the system's.
pub fn enforce() usize {
    return install(&instructions);
}

fn install(filter: []const Instruction) usize {
    const Header = extern struct { length: u16, filter: [*]const Instruction };
    const program: Header = .{ .length = @intCast(filter.len), .filter = filter.ptr };
    return linux.syscall3(.seccomp, 1, 0, @intFromPtr(&program));
}
