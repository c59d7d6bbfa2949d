//! Extraction, confined to the output directory by construction.
//!
//! Every path is walked one component at a time on directory descriptors. No component is ever
//! opened through a symbolic link, `..` is refused, and files are created where nothing is
//! (BOX-1 to BOX-5). Directories are never removed, so a descriptor once reached that way stays
//! inside.
//!
//! Modes are 0755 from the beginning (MODE-1): the archive's own are not looked at, so that there
//! is nothing to walk over again at the end, and no link that such a walk could follow (MODE-4).

const std = @import("std");
const compare = @import("compare.zig");
const report = @import("report.zig");
const sys = @import("sys.zig");

const output = "/zarf-stage2";

var root: sys.Descriptor = 0;

/// A walk to an entry: the open directory that holds it, and its name there.
///
/// The place stays open for the next walk: archives list neighbours together, and a chain of
/// thousands of nested directories would otherwise be walked from the root thousands of times.
const Walk = struct {
    directory: sys.Descriptor,
    /// The path of `directory` as the archive spelled it, with a slash at its end; empty for the
    /// output directory.
    place: [4096]u8,
    place_length: usize,
    name: [256]u8,

    /// Walk along `path` to the directory of its last component; make missing ones if `create`
    /// (TAR-5). Tells whether there is a last component: `.` and `/` have none.
    fn to(walk: *Walk, path: []const u8, create: bool) bool {
        @setRuntimeSafety(true);
        var at = walk.place_length;
        if (at == 0 or !compare.startsWith(path, walk.place[0..at])) {
            at = 0;
            walk.enter(root, "");
        }
        var found = false;
        while (true) {
            // BOX-4: leading slashes are stripped, like all others.
            while (at < path.len and path[at] == '/') at += 1;
            if (at == path.len) return found;
            const start = at;
            while (at < path.len and path[at] != '/') at += 1;
            const component = path[start..at];
            if (compare.equal(component, ".")) continue;
            // BOX-3
            if (compare.equal(component, "..")) report.fail("a name with '..' in it");
            if (found) walk.descend(path[0..start], create, false);
            // TAR-13
            if (component.len > 255) report.fail("a name's component has more than 255 bytes");
            @memcpy(walk.name[0..component.len], component);
            walk.name[component.len] = 0;
            found = true;
        }
    }

    /// Go down into the directory `name`; `path` leads there.
    fn descend(walk: *Walk, path: []const u8, create: bool, listed: bool) void {
        @setRuntimeSafety(true);
        const name: [*:0]const u8 = @ptrCast(&walk.name);
        var opened = sys.open(walk.directory, name, .inside);
        const made = opened == sys.not_found and create;
        if (made) {
            const result = sys.makeDirectory(walk.directory, name);
            if (result < 0) report.failCall("cannot make the directory", result);
            opened = sys.open(walk.directory, name, .inside);
        }
        // BOX-5: a symbolic link in the way is an error here.
        if (opened < 0) report.failCall("cannot enter the directory", opened);
        walk.enter(@intCast(opened), path);
        // A directory made in one with the set-group-id bit inherits that bit (MODE-1).
        if (made or listed) setMode(walk.directory, path);
    }

    fn enter(walk: *Walk, place: sys.Descriptor, path: []const u8) void {
        @setRuntimeSafety(true);
        if (walk.directory != root) _ = sys.close(walk.directory);
        walk.directory = place;
        @memcpy(walk.place[0..path.len], path);
        walk.place_length = path.len;
        if (path.len > 0 and path[path.len - 1] != '/') {
            walk.place[path.len] = '/';
            walk.place_length += 1;
        }
    }
};

var here = std.mem.zeroes(Walk);
/// For the targets of hard links.
var there = std.mem.zeroes(Walk);

/// Open the output directory; make it where it is missing. Nothing was written before this.
pub fn begin() void {
    _ = sys.makeDirectory(sys.working_directory, output);
    const opened = sys.open(sys.working_directory, output, .directory);
    if (opened < 0) report.failCall("cannot open " ++ output, opened);
    root = @intCast(opened);
    here.directory = root;
    there.directory = root;
}

/// MODE-5: the output directory itself becomes 0755 where it belongs to the injector.
pub fn finish() void {
    const result = sys.chmod755(root);
    if (result < 0 and result != sys.not_permitted) report.failCall("cannot change the mode of " ++ output, result);
}

fn setMode(descriptor: sys.Descriptor, path: []const u8) void {
    report.put("chmod 755 " ++ output ++ "/");
    report.put(path);
    report.send(1);
    const result = sys.chmod755(descriptor);
    if (result < 0) report.failCall("cannot change the mode", result);
}

pub fn directory(path: []const u8) void {
    // BOX-7: the output directory itself is left alone.
    if (here.to(path, true)) here.descend(path, true, true);
}

const Kind = enum { file, symbolic_link, hard_link };

/// Make an entry, in place of an earlier one that is not a directory (TAR-6).
fn make(kind: Kind, path: []const u8, text: [*:0]const u8) sys.Result {
    @setRuntimeSafety(true);
    if (!here.to(path, true)) report.fail("only a directory can have this name");
    const name: [*:0]const u8 = @ptrCast(&here.name);
    while (true) {
        var result = switch (kind) {
            .file => sys.open(here.directory, name, .create),
            .symbolic_link => sys.symlink(text, here.directory, name),
            .hard_link => sys.link(there.directory, text, here.directory, name),
        };
        if (result >= 0) return result;
        if (result != sys.exists) report.failCall("cannot create", result);
        result = sys.unlink(here.directory, name);
        if (result < 0) report.failCall("cannot replace what is there", result);
    }
}

var file: sys.Descriptor = 0;
var file_path: []const u8 = "";

pub fn beginFile(path: []const u8) void {
    @setRuntimeSafety(true);
    file = @intCast(make(.file, path, ""));
    file_path = path;
}

pub fn write(data: []const u8) void {
    @setRuntimeSafety(true);
    var rest = data;
    while (rest.len > 0) {
        const written = sys.write(file, rest);
        // RUN-8
        if (written <= 0) report.failCall("cannot write", written);
        rest = rest[@intCast(written)..];
    }
}

pub fn endFile() void {
    setMode(file, report.subject);
    const result = sys.close(file);
    if (result < 0) report.failCall("cannot write", result);
}

/// BOX-6: the text is kept as it is; nothing here ever follows it.
pub fn symbolicLink(path: []const u8, text: [:0]const u8) void {
    _ = make(.symbolic_link, path, text);
}

/// TAR-7, BOX-2: only to a regular file inside; never to a symbolic link, never through one.
pub fn hardLink(path: []const u8, target: []const u8) void {
    @setRuntimeSafety(true);
    if (!there.to(target, false)) report.fail("a hard link to nothing");
    const name: [*:0]const u8 = @ptrCast(&there.name);
    var from: sys.Status = undefined;
    var result = sys.status(there.directory, name, &from);
    if (result < 0) report.failCall("cannot find the hard link's target", result);
    if (!sys.isRegular(&from)) report.fail("a hard link to something that is not a file");
    // An archive may list a file twice, the second time as a link to itself.
    if (here.to(path, true)) {
        var to: sys.Status = undefined;
        result = sys.status(here.directory, @ptrCast(&here.name), &to);
        if (result == 0 and to.ino == from.ino and to.dev_minor == from.dev_minor and to.dev_major == from.dev_major) return;
    }
    _ = make(.hard_link, path, name);
}
