//! A place that nobody else sees, and that is gone with the last process that holds it: a file
//! system in memory, or a directory, in a mount namespace of its own.
//!
//!     /work   the place, without set-user-ID programs and device nodes
//!     /host   the host's whole tree, for whoever makes a box of this
//!     /proc   the host's
//!     /dev    the few devices that a program needs
//!     /exposed, /box

const linux = @import("std").os.linux;
const system = @import("system.zig");
const Text = system.Text;

pub const new_user = 0x10000000;
pub const new_mount = 0x20000;
pub const read_only = 1;
pub const no_set_user_id = 2;
pub const no_devices = 4;
pub const remount = 32;
pub const bind = 4096;
pub const recursive = 16384;
pub const private = 1 << 18;
pub const detached = 2;

pub const devices = [_]Text{ "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom" };

pub fn mount(source: ?Text, target: Text, kind: ?Text, flags: usize, data: ?Text) usize {
    return linux.syscall5(.mount, pointer(source), @intFromPtr(target), pointer(kind), flags, pointer(data));
}

fn pointer(text: ?Text) usize {
    return if (text) |one| @intFromPtr(one) else 0;
}

pub fn makeDirectory(path: Text) usize {
    return linux.syscall3(.mkdirat, system.current_directory, @intFromPtr(path), 0o755);
}

/// Show `source` at `target`, which is made first if it is not there, and nothing in it may be
/// changed from there.
pub fn show(source: Text, target: Text) usize {
    _ = makeDirectory(target);
    var result = mount(source, target, null, bind | recursive, null);
    if (0 -% result == system.is_no_directory) {
        _ = linux.syscall3(.unlinkat, system.current_directory, @intFromPtr(target), 0x200);
        system.close(system.open(target, 0o101));
        result = mount(source, target, null, bind, null);
    }
    if (system.hasFailed(result)) return result;
    return protect(target, no_set_user_id);
}

/// The same, with owners as a user namespace has them, where kernel and file systems can do that.
pub fn showMapped(source: Text, target: Text, users: ?usize) bool {
    const namespace = users orelse return false;
    const empty: Text = "";
    const tree = linux.syscall3(.open_tree, system.current_directory, @intFromPtr(source), 1 | all_below | system.close_on_exec);
    if (system.hasFailed(tree)) return false;
    defer system.close(tree);
    const attributes: [4]u64 = .{ read_only | no_set_user_id | map_ids, 0, 0, namespace };
    const flags = at_empty_path | all_below;
    if (system.hasFailed(linux.syscall5(.mount_setattr, tree, @intFromPtr(empty), flags, @intFromPtr(&attributes), 32)))
        return false;
    var result = makeDirectory(target);
    for (0..2) |_| {
        result = linux.syscall5(.move_mount, tree, @intFromPtr(empty), system.current_directory, @intFromPtr(target), 4);
        if (!system.hasFailed(result)) return true;
        _ = linux.syscall3(.unlinkat, system.current_directory, @intFromPtr(target), 0x200);
        system.close(system.open(target, 0o101));
    }
    return false;
}

const all_below = 0x8000;
const at_empty_path = 0x1000;
const map_ids = 0x100000;

/// Make a mount, and what is mounted below it, read-only; `flags` in addition.
pub fn protect(target: Text, flags: u64) usize {
    const attributes: [4]u64 = .{ read_only | flags, 0, 0, 0 };
    const result = linux.syscall5(
        .mount_setattr,
        system.current_directory,
        @intFromPtr(target),
        0x8000,
        @intFromPtr(&attributes),
        @sizeOf(@TypeOf(attributes)),
    );
    if (!system.hasFailed(result)) return result;
    return mount(null, target, null, bind | remount | read_only | @as(usize, flags), null);
}

/// `launcher hSOCKET [l] tOPTIONS | dDIRECTORY`: make the place, and hand out its mount namespace,
/// its directory, and its user namespace if `l` has asked for one.
pub fn make(words: system.Words) noreturn {
    const socket = system.number(words[0].? + 1, 10);
    var at: usize = 1;
    const is_limited = words[at].?[0] == 'l';
    if (is_limited) {
        becomeRootOfOwn();
        at += 1;
    } else {
        system.check(2, "a mount namespace", linux.syscall1(.unshare, new_mount));
    }
    system.check(2, "mounts of its own", mount(null, "/", null, recursive | private, null));
    const base = for ([_]Text{ "/tmp", "/var", "/usr", "/etc" }) |path| {
        if (!system.hasFailed(linux.syscall2(.chdir, @intFromPtr(path), 0))) break path;
    } else "/proc";
    const word = words[at].?;
    var source: usize = 0;
    if (word[0] == 'd') {
        source = system.open(word + 1, 0o10200000);
        system.check(2, word + 1, source);
    }
    system.check(2, "a file system in memory", mount("injector", base, "tmpfs", no_set_user_id, "mode=755,size=4m"));
    system.check(2, "a directory in it", linux.syscall1(.chdir, @intFromPtr(base)));
    for ([_]Text{ "work", "host", "proc", "dev", "exposed", "box" }) |name| {
        system.check(2, name, makeDirectory(name));
    }
    const flags = no_set_user_id | no_devices;
    if (word[0] == 't') {
        system.check(2, "a file system in memory", mount("injector", "work", "tmpfs", flags, word + 1));
    } else {
        var path: system.Line = .{};
        const given = path.add("/proc/self/fd/").addNumber(source).end();
        system.check(2, "mount the directory", mount(given, "work", null, bind, null));
        system.check(2, "protect the directory", mount(null, "work", null, bind | remount | flags, null));
    }
    const here: Text = ".";
    system.check(2, "a root of its own", linux.syscall2(.pivot_root, @intFromPtr(here), @intFromPtr(@as(Text, "host"))));
    system.check(2, "show /proc", mount("/host/proc", "/proc", null, bind | recursive, null));
    for (devices) |device| {
        var path: system.Line = .{};
        system.check(2, device, show(path.add("/host").add(device).end(), device));
    }
    const namespaces = system.open("/proc/self/ns/mnt", 0);
    const place = system.open("/work", 0o200000);
    const user = system.open("/proc/self/ns/user", 0);
    system.check(2, "its own namespaces", namespaces | place | user);
    const sent = system.Parcel.send(socket, "p", &.{ namespaces, place, user });
    system.check(2, "hand the place out", sent);
    system.exit(0);
}

/// An ordinary user's way to mounts: a user namespace in which he is root.
fn becomeRootOfOwn() void {
    const user = linux.syscall0(.geteuid);
    const group = linux.syscall0(.getegid);
    system.check(2, "a user namespace", linux.syscall1(.unshare, new_user | new_mount));
    var users: system.Line = .{};
    var groups: system.Line = .{};
    writeFile("/proc/self/setgroups", "deny");
    writeFile("/proc/self/uid_map", users.add("0 ").addNumber(user).add(" 1").end());
    writeFile("/proc/self/gid_map", groups.add("0 ").addNumber(group).add(" 1").end());
}

pub fn writeFile(path: Text, text: Text) void {
    const file = system.open(path, 1);
    system.check(2, path, file);
    var length: usize = 0;
    while (text[length] != 0) length += 1;
    system.check(2, path, linux.syscall3(.write, file, @intFromPtr(text), length));
    system.close(file);
}
