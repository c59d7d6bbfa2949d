//! The image layout (NAMES): `index.json`, read anew whenever somebody asks, and blobs by digest.
//!
//! Nothing of it is kept in memory, so that neither the number of images nor of blobs costs any.

const characters = @import("characters.zig");
const json = @import("json.zig");
const list = @import("list.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const report = @import("report.zig");
const scratch = @import("scratch.zig");
const sys = @import("sys.zig");

/// NAMES-5: what a manifest is that nobody says anything about.
const usual_type = "application/vnd.oci.image.manifest.v1+json";

/// Bytes of a manifest that are looked at for its type: as many as containerd takes.
const longest_manifest = 4 << 20;

/// `index.json`; 0 where there is none, and so no name to serve.
var index: sys.Descriptor = 0;
/// `blobs/sha256`; negative where it is missing, or is no directory of its own.
var blobs: sys.Descriptor = undefined;

const Text = struct {
    length: usize,
    bytes: [256]u8,

    /// Keep what was read; nothing, if it cannot be a media type. With a line end in it, it would be
    /// two fields of an answer.
    fn keepType(into: *Text) void {
        @setRuntimeSafety(true);
        into.length = 0;
        const read = json.get();
        if (read.len < 3 or read.len > into.bytes.len) return;
        const slash = memory.find(read, '/');
        if (slash == 0 or slash == read.len or characters.run(read, characters.visible) != read.len) return;
        memory.copy(&into.bytes, read);
        into.length = read.len;
    }

    pub fn get(text: *const Text) []const u8 {
        @setRuntimeSafety(true);
        return text.bytes[0..text.length];
    }
};

const Purpose = enum(u8) { name, tags, type };

const State = struct {
    /// What is looked for among the descriptors: a manifest by path and tag, the tags of a path, or the
    /// type of a manifest by its digits.
    purpose: Purpose,
    wanted: []const u8,
    is_found: bool,
    is_object: bool,
    has_list: bool,
    /// The descriptor that is being read: its digits, if it has some, its name, and its type.
    has_digits: bool,
    name_length: usize,
    digits: [64]u8,
    /// The digits that were looked for.
    found: [64]u8,
    /// What a manifest says it is; or, after `manifestType`, what it is served as.
    media_type: Text,
    described: Text,
};
pub var state: State = undefined;
const name = scratch.name;

/// Members whose names mean something, in the order of `members`; others; and what has no name.
const Member = enum(u3) { manifests, digest, media_type, annotations, base_name, other, element };
const members = "manifests\x00digest\x00mediaType\x00annotations\x00" ++
    "org.opencontainers.image.base.name\x00";

/// The place of a value is the way to it, three bits for each step.
const Place = struct {
    const document = 1;
    const manifests = below(document, .manifests);
    const media_type = below(document, .media_type);
    const descriptor = below(manifests, .element);
    const its_digest = below(descriptor, .digest);
    const its_type = below(descriptor, .media_type);
    const its_annotations = below(descriptor, .annotations);
    const its_name = below(its_annotations, .base_name);

    /// Ways that are longer than those above end up in one that is none of them.
    fn below(place: u32, member: Member) u32 {
        return @as(u32, @min(place, 0x10000)) << 3 | @backingInt(member);
    }
};

/// What happens where, when an index or a manifest is read. Of a member that is there twice the
/// last one counts.
const visitor = struct {
    pub const outermost = Place.document;

    pub fn element(of: u32) u32 {
        return Place.below(of, .element);
    }

    pub fn key(of: u32) u32 {
        @setRuntimeSafety(true);
        return Place.below(of, @fromBackingInt(@as(u3, @intCast(memory.which(json.get(), members)))));
    }

    pub fn begin(at: u32, _: u32) void {
        @setRuntimeSafety(true);
        const s = &state;
        switch (at) {
            Place.manifests => {
                s.is_found = false;
                list.clear();
            },
            Place.descriptor => {
                s.has_digits = false;
                s.described.length = 0;
                s.name_length = 0;
            },
            Place.its_annotations => s.name_length = 0,
            else => {},
        }
    }

    pub fn end(at: u32, first: u32) void {
        @setRuntimeSafety(true);
        const s = &state;
        const text = json.get();
        switch (at) {
            Place.document => s.is_object = first == '{',
            Place.manifests => s.has_list = first == '[',
            Place.media_type => s.media_type.keepType(),
            Place.its_type => s.described.keepType(),
            Place.its_digest => {
                const right = characters.digits(text);
                s.has_digits = right != null;
                if (right) |its| memory.copy(&s.digits, its);
            },
            Place.its_name => {
                memory.copy(name, text);
                s.name_length = text.len;
            },
            Place.descriptor => if (s.has_digits) consider(s),
            else => {},
        }
    }
};

/// A descriptor was read. Of several that would do, the last one counts (NAMES-10).
inline fn consider(s: *State) void {
    @setRuntimeSafety(true);
    const named = name[0..s.name_length];
    if (s.purpose == .tags) {
        const length = s.wanted.len;
        if (named.len <= length or named[length] != ':' or !memory.startsWith(named, s.wanted)) return;
        const tag = named[length + 1 ..];
        if (!characters.isTag(tag) or !list.hasRoom()) return;
        name[s.name_length] = 0;
        list.add(name[length + 1 .. s.name_length + 1]);
    } else if (memory.equal(if (s.purpose == .name) named else &s.digits, s.wanted)) {
        s.is_found = true;
        memory.copy(&s.found, &s.digits);
        if (s.described.length > 0) s.media_type = s.described;
    }
}

/// Go through an index or a manifest from end to end. False: it is not JSON, or not an object.
noinline fn scan(file: sys.Descriptor) bool {
    const s = &state;
    s.is_found = false;
    s.has_list = false;
    s.media_type.length = 0;
    return json.read(visitor, file) and s.is_object;
}

/// Open what was extracted. NAMES-9: an index that is no index is found out now.
pub fn open(root: sys.Descriptor) void {
    @setRuntimeSafety(true);
    const outer = sys.open(root, "blobs", .inside);
    blobs = if (outer < 0) outer else sys.open(outer, "sha256", .inside);
    const opened = openFile(root, "index.json");
    if (opened == sys.not_found) return;
    state.purpose = .name;
    state.wanted = "";
    if (opened < 0 or !scan(opened) or !state.has_list) report.fail("index.json is not an image index");
    index = opened;
}

/// NAMES-1, NAMES-2: the digits of the manifest of `path:tag`, in `found`.
pub fn findName(path_and_tag: []const u8) bool {
    return find(.name, path_and_tag);
}

/// NAMES-12: the tags of a path, sorted, in `list`. One may be there twice.
pub fn findTags(of: []const u8) void {
    list.clear();
    _ = find(.tags, of);
    list.sort();
}

fn find(for_what: Purpose, what: []const u8) bool {
    if (index == 0) return false;
    const s = &state;
    s.purpose = for_what;
    s.wanted = what;
    return scan(index) and s.is_found;
}

var status: sys.Status = undefined;
/// Bytes of the file that `openFile` has opened.
pub var size: u64 = 0;

/// Open a regular file.
noinline fn openFile(directory: sys.Descriptor, file: [*:0]const u8) sys.Result {
    @setRuntimeSafety(true);
    const opened = sys.open(directory, file, .blob);
    if (opened < 0) return opened;
    if (sys.statusOf(opened, &status) < 0 or !status.isOf(sys.regular)) {
        _ = sys.close(opened);
        return sys.not_permitted;
    }
    size = status.size;
    return opened;
}

var file_name: [65]u8 = undefined;

/// NAMES-4, NAMES-6: open a blob.
pub fn openBlob(of: *const [64]u8) sys.Result {
    @setRuntimeSafety(true);
    memory.copy(&file_name, of);
    file_name[64] = 0;
    return openFile(blobs, file_name[0..64 :0]);
}

/// NAMES-5: find out what an open manifest is: what itself says, or the index, or the usual. False:
/// it is no manifest (NAMES-10).
pub fn manifestType(file: sys.Descriptor, of: *const [64]u8) bool {
    @setRuntimeSafety(true);
    const s = &state;
    s.media_type.length = 0;
    s.purpose = .type;
    s.wanted = of;
    if (size <= longest_manifest and !scan(file)) return false;
    if (s.media_type.length == 0 and !find(.type, of)) s.media_type.length = 0;
    if (s.media_type.length == 0) {
        memory.copy(&s.media_type.bytes, usual_type);
        s.media_type.length = usual_type.len;
    }
    return true;
}
