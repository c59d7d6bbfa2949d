//! Extraction, confined to the output directory by construction.
//!
//! Every path is walked one component at a time on directory descriptors. No component is ever
//! opened through a symbolic link, `..` is refused, and files are created where nothing is
//! (BOX-1 to BOX-5). Directories are never removed, so a descriptor once reached that way stays
//! inside.
//!
//! Modes are 0755 from the beginning (MODE-1): the archive's own are not looked at, so that there
//! is nothing to walk over again at the end, and no link that such a walk could follow (MODE-4).

const program = @import("root");
const memory = @import("memory.zig");
const report = @import("report.zig");
const sys = @import("sys.zig");

/// How many components a name may have (BOX-9).
const deepest = 256;
/// How many steps down an archive may ask for at first, and with each entry. Trees that people make
/// never need so many; some that take turns with deep places would need hundreds for each entry.
const first_steps = 100_000;
const more_steps = 32;
var steps: u32 = 0;

const too_deep = "too many directories";

pub var root: sys.Descriptor = undefined;

/// A walk to an entry: the open directory that holds it, and its name there.
///
/// The place stays open for later walks: archives list neighbours together, and a chain of nested
/// directories would otherwise be walked from the root again for each of them (BOX-8).
const Walk = struct {
    directory: sys.Descriptor,
    /// How many directories lie between it and the output directory.
    depth: u32,
    place_length: u32,
    name: [256]u8,
    /// The path of `directory` as the archive spelled it, with a slash and a zero byte at its end;
    /// empty for the output directory.
    place: [4098]u8,

    /// Walk along `path` to the directory of its last component; make missing ones if it may
    /// (TAR-5). Tells whether there is a last component: `.` and `/` have none.
    noinline fn follow(walk: *Walk, path: []const u8, may_make: bool) bool {
        @setRuntimeSafety(true);
        steps +|= more_steps;
        // BOX-4
        if (path.len > 0 and path[0] == '/') report.fail("absolute name");
        if (!memory.startsWith(path, walk.place[0..walk.place_length])) walk.leave();
        var at: usize = walk.place_length;
        var found = false;
        while (at < path.len) {
            const start = at;
            while (at < path.len and path[at] != '/') at += 1;
            const component = path[start..at];
            at += 1;
            if (component.len == 0) continue;
            if (component[0] == '.') {
                if (component.len == 1) continue;
                // BOX-3a
                if (component.len == 2 and component[1] == '.') report.fail("'..' in a name");
            }
            if (found) walk.descend(path[0..start], may_make, false);
            if (walk.depth >= deepest) report.fail(too_deep);
            // TAR-13
            if (component.len > 255) report.fail("name too long");
            memory.copy(&walk.name, component);
            walk.name[component.len] = 0;
            found = true;
        }
        if (!found and walk.depth > 0) {
            // The path is that of the open directory, which has its name in the one above.
            walk.leave();
            return walk.follow(path, may_make);
        }
        return found;
    }

    fn leave(walk: *Walk) void {
        walk.depth = 0;
        walk.enter(root, "");
    }

    /// Go down into the directory `name`; `path` leads there.
    noinline fn descend(walk: *Walk, path: []const u8, may_make: bool, listed: bool) void {
        @setRuntimeSafety(true);
        const name: [*:0]const u8 = @ptrCast(&walk.name);
        var opened = sys.open(walk.directory, name, .inside);
        const made = opened == sys.not_found and may_make;
        if (made) {
            const result = sys.makeDirectory(walk.directory, name);
            if (result < 0) report.failCall(cannot_create, result);
            opened = sys.open(walk.directory, name, .inside);
        }
        // BOX-5: a symbolic link in the way is an error here.
        if (opened < 0) report.failCall("cannot enter a directory", opened);
        if (steps == 0) report.fail(too_deep);
        steps -= 1;
        walk.depth += 1;
        walk.enter(opened, path);
        // A directory made in one with the set-group-id bit inherits that bit (MODE-1).
        if (made or listed) setMode(walk.directory, @ptrCast(&walk.place));
    }

    noinline fn enter(walk: *Walk, place: sys.Descriptor, path: []const u8) void {
        @setRuntimeSafety(true);
        if (walk.directory != root) _ = sys.close(walk.directory);
        walk.directory = place;
        memory.copy(&walk.place, path);
        var length = path.len;
        if (length > 0 and path[length - 1] != '/') {
            walk.place[length] = '/';
            length += 1;
        }
        walk.place[length] = 0;
        walk.place_length = @intCast(length);
    }
};

/// Walks that begin at different places: trees that take turns are not walked anew each time.
const walks = all_walks[0..4];
/// Counts the entries; says which walk begins anew where none leads to an entry.
var turn: u32 = 0;
/// For the targets of hard links.
const there = &all_walks[4];
var all_walks: [5]Walk = undefined;

/// Walk to an entry from the nearest place that is open. None: the output directory has no name.
noinline fn reach(path: []const u8) ?*Walk {
    @setRuntimeSafety(true);
    turn +%= 1;
    var nearest = &walks[turn % walks.len];
    var longest: u32 = 0;
    for (walks) |*walk| {
        if (walk.place_length >= longest and memory.startsWith(path, walk.place[0..walk.place_length])) {
            longest = walk.place_length;
            nearest = walk;
        }
    }
    return if (nearest.follow(path, true)) nearest else null;
}

/// Open the output directory; make it where it is missing. Nothing was written before this.
pub fn begin(path: [*:0]const u8) void {
    @setRuntimeSafety(true);
    report.subject = path;
    _ = sys.makeDirectory(sys.working_directory, path);
    const opened = sys.open(sys.working_directory, path, .directory);
    if (opened < 0) report.failCall("cannot open", opened);
    report.subject = null;
    root = opened;
    for (&all_walks) |*walk| walk.directory = root;
    steps = first_steps;
}

/// MODE-5: the output directory itself becomes 0755 where it belongs to the injector.
pub inline fn finish() void {
    const result = sys.chmod755(root);
    if (result < 0 and result != sys.not_permitted) report.failCall(cannot_set_mode, result);
}

const cannot_set_mode = "cannot set the mode";

noinline fn setMode(descriptor: sys.Descriptor, path: [*:0]const u8) void {
    if (program.tells_progress) {
        report.put("chmod 755 " ++ program.destination ++ "/");
        report.put(path);
        report.send(1);
    }
    const result = sys.chmod755(descriptor);
    if (result < 0) report.failCall(cannot_set_mode, result);
}

pub inline fn directory(path: []const u8) void {
    // BOX-7: the output directory itself is left alone.
    if (reach(path)) |here| here.descend(path, true, true);
}

const cannot_create = "cannot create";
pub const no_name = "not a name for a file";

const Kind = enum { file, symbolic_link, hard_link };

/// Make an entry, in place of an earlier one that is not a directory (TAR-6).
noinline fn make(kind: Kind, path: []const u8, text: [*:0]const u8) sys.Descriptor {
    @setRuntimeSafety(true);
    const here = reach(path) orelse report.fail(no_name);
    const name: [*:0]const u8 = @ptrCast(&here.name);
    while (true) {
        var result = if (kind == .file)
            sys.create(here.directory, name)
        else if (kind == .symbolic_link)
            sys.symlink(text, here.directory, name)
        else
            sys.link(there.directory, text, here.directory, name);
        if (result >= 0) return result;
        if (result != sys.exists) report.failCall(cannot_create, result);
        result = sys.unlink(here.directory, name);
        if (result < 0) report.failCall("cannot replace", result);
    }
}

var file: sys.Descriptor = undefined;

/// Create a file and open it for writing.
pub fn create(path: []const u8) void {
    file = make(.file, path, "");
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

pub fn close() void {
    @setRuntimeSafety(true);
    setMode(file, report.subject.?);
    const result = sys.close(file);
    if (result < 0) report.failCall("cannot write", result);
}

/// BOX-6: the text is kept as it is; nothing here ever follows it.
pub fn symbolicLink(path: []const u8, text: [*:0]const u8) void {
    _ = make(.symbolic_link, path, text);
}

const no_file = "hard link to no file";

/// Global, because local ones would be filled with a pattern each time.
var from: sys.Status = undefined;
var to: sys.Status = undefined;

/// TAR-7, BOX-2: to a regular file inside, or to a symbolic link itself; never through one.
pub fn hardLink(path: []const u8, target: []const u8) void {
    @setRuntimeSafety(true);
    if (!there.follow(target, false)) report.fail(no_file);
    const name: [*:0]const u8 = @ptrCast(&there.name);
    const found = sys.status(there.directory, name, &from);
    if (found < 0) report.failCall(no_file, found);
    if (!from.isOf(sys.regular) and !from.isOf(sys.symbolic_link)) report.fail(no_file);
    // An archive may list a file twice, the second time as a link to itself.
    if (reach(path)) |here| {
        if (sys.status(here.directory, @ptrCast(&here.name), &to) == 0 and from.isSame(&to)) return;
    }
    _ = make(.hard_link, path, name);
}
