//! The way into a box: from the host's side of it to its keeper, who is process 1 in there.

const linux = @import("std").os.linux;
const system = @import("system.zig");
const place = @import("place.zig");
const keeper = @import("keeper.zig");
const Text = system.Text;

const new_ipc = 0x8000000;
const new_names = 0x4000000;
const new_processes = 0x20000000;
const new_network = 0x40000000;
const new_control_groups = 0x2000000;

/// `launcher bSOCKET mMOUNTS [nUSERS] [UMAP GMAP] [eSOURCE…]`: enter the namespaces of a place,
/// show in it what the subject needs of the host, and start the keeper. This process waits for it.
///
///     mDESCRIPTOR, nDESCRIPTOR  (or a path) the place's mount namespace, and the user namespace that owns it
///     UMAP, GMAP   lines of uid_map and gid_map; without them there is no user namespace
///     --           what follows is one run, of which this process has the end (cell.zig)
///     eSOURCE      a path of the host, to be had as /exposed/0, /exposed/1 and so on
pub fn enter(words: system.Words) noreturn {
    const socket = system.number(words[0].? + 1, 10);
    if (socket > 2) _ = linux.syscall3(.fcntl, socket, linux.F.SETFD, linux.FD_CLOEXEC);
    var users: ?Text = null;
    var groups: ?Text = null;
    var at: usize = 1;
    var shown: usize = 0;
    var run: ?system.Words = null;
    var mapped: ?usize = null;
    while (words[at]) |word| : (at += 1) {
        switch (word[0]) {
            'n' => join(word, place.new_user),
            'm' => {
                join(word, place.new_mount);
                system.check(2, "a mount namespace", linux.syscall1(.unshare, place.new_mount));
                system.check(2, "mounts of its own", place.mount(null, "/", null, place.recursive | place.private, null));
                // The names in it are this box's own.
                const flags = place.no_set_user_id | place.no_devices;
                system.check(2, "a place for the host's paths", place.mount("exposed", "/exposed", "tmpfs", flags, "mode=755,size=1m"));
            },
            'U' => users = word + 1,
            'G' => {
                groups = word + 1;
                if (users) |map| mapped = mappedUsers(map, word + 1);
            },
            'e' => {
                var source: system.Line = .{};
                var target: system.Line = .{};
                const from = source.add("/host").add(word + 1).end();
                const to = target.add("/exposed/").addNumber(shown).end();
                if (!place.showMapped(from, to, mapped)) system.check(2, word + 1, place.show(from, to));
                shown += 1;
            },
            '-' => {
                run = words + at + 1;
                break;
            },
            else => {},
        }
    }
    if (mapped) |one| system.close(one);
    const host: Text = "/host";
    system.check(2, "leave the host", linux.syscall2(.umount2, @intFromPtr(host), place.detached));

    var ends: [2]u32 = undefined;
    system.check(2, "a pipe", linux.syscall2(.pipe2, @intFromPtr(&ends), system.close_on_exec));
    var flags: usize = system.signal_child | place.new_mount | new_ipc | new_names | new_processes |
        new_network | new_control_groups;
    if (users != null) flags |= place.new_user;
    const child = linux.syscall5(.clone, flags, 0, 0, 0, 0);
    system.check(2, if (users == null) "namespaces" else "namespaces, a user namespace among them", child);
    if (child == 0) {
        system.close(ends[1]);
        var byte: [1]u8 = undefined;
        if (!system.isPositive(linux.syscall3(.read, ends[0], @intFromPtr(&byte), 1))) system.exit(0);
        system.close(ends[0]);
        if (run) |one| keeper.runAlone(one, users, groups);
        keeper.keep(socket, users, groups);
    }
    if (run == null) system.close(socket);
    if (run != null) _ = linux.syscall5(.prctl, @backingInt(linux.PR.SET_PDEATHSIG), system.signal_kill, 0, 0, 0);
    if (users) |map| mapIds(child, "/uid_map", map);
    if (groups) |map| mapIds(child, "/gid_map", map);
    _ = linux.syscall3(.write, ends[1], @intFromPtr(&ends), 1);
    system.close(ends[1]);
    var status: u32 = 0;
    while (linux.syscall4(.wait4, child, @intFromPtr(&status), 0, 0) != child) {}
    if (run == null) system.exit(0);
    const signal = status & 0x7f;
    system.exit(if (signal != 0) 128 + signal else status >> 8 & 0xff);
}

/// A user namespace of these maps, to show the host's files by: what is root's there is root's in
/// the box as well. Null where that cannot be had.
fn mappedUsers(users: Text, groups: Text) ?usize {
    if (linux.syscall0(.geteuid) != 0) return null;
    var ends: [2]u32 = undefined;
    if (system.hasFailed(linux.syscall2(.pipe2, @intFromPtr(&ends), system.close_on_exec))) return null;
    const child = linux.syscall5(.clone, system.signal_child | place.new_user, 0, 0, 0, 0);
    if (system.hasFailed(child)) return null;
    if (child == 0) {
        var byte: [1]u8 = undefined;
        system.close(ends[1]);
        _ = linux.syscall3(.read, ends[0], @intFromPtr(&byte), 1);
        system.exit(0);
    }
    mapIds(child, "/uid_map", users);
    mapIds(child, "/gid_map", groups);
    var path: system.Line = .{};
    const opened = system.open(path.add("/proc/").addNumber(child).add("/ns/user").end(), 0);
    system.close(ends[1]);
    system.close(ends[0]);
    _ = linux.syscall4(.wait4, child, 0, 0, 0);
    return if (system.hasFailed(opened)) null else opened;
}

fn join(word: Text, kind: usize) void {
    const descriptor = if (word[1] == '/') system.open(word + 1, 0) else system.number(word + 1, 10);
    system.check(2, "enter the place", linux.syscall2(.setns, descriptor, kind));
    system.close(descriptor);
}

fn mapIds(child: usize, name: Text, map: Text) void {
    var path: system.Line = .{};
    place.writeFile(path.add("/proc/").addNumber(child).add(name).end(), map);
}
