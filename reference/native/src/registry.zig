//! Which answer a request gets.
//!
//! The paths are those of OCI's distribution specification 1.1 that one needs to pull: end-1, end-2,
//! end-3 and end-8a. Everything else is not there (HTTP-20, HTTP-23).

const answer = @import("answer.zig");
const characters = @import("characters.zig");
const layout = @import("layout.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const range = @import("range.zig");
const request = @import("request.zig");
const serve = @import("serve.zig");
const sys = @import("sys.zig");
const tags = @import("tags.zig");
const target = @import("target.zig");

const not_found = "404 Not Found";
const unsupported = "UNSUPPORTED";
const nothing = "";

/// HTTP-10, HTTP-11: the answer to what is no request; it ends the connection.
pub fn refuse(status: request.Status) void {
    request.asked.closes = true;
    request.asked.method = .other;
    fail(status, unsupported);
}

noinline fn fail(status: request.Status, code: [*:0]const u8) void {
    answer.fail(status, code, nothing, answer.no_total);
}

/// What a request gets, whoever asks and whatever they accept (HTTP-6, HTTP-22).
pub noinline fn respond() void {
    @setRuntimeSafety(true);
    // HTTP-9
    if (request.asked.method == .other) {
        return answer.fail("405 Method Not Allowed", unsupported, "\r\nAllow: GET, HEAD", answer.no_total);
    }
    const path = target.decoded(request.asked.target) orelse return fail(request.bad_request, unsupported);
    // HTTP-1, HTTP-1a
    if (memory.which(path, "/v2/\x00/v2\x00") < 2) return answer.nothing();
    if (!memory.startsWith(path, "/v2/")) return fail(not_found, unsupported);
    const parts = target.parts(path[4..]);
    if (parts.name.len == 0) return fail(not_found, "NAME_INVALID");
    const collection = memory.which(parts.collection, "manifests\x00blobs\x00tags\x00");
    if (collection < 2) return serveFile(path[4..], parts, collection == 0);
    if (collection == 2 and memory.equal(parts.reference, "list")) {
        if (tags.open(parts.name)) |file| {
            answer.begin(answer.ok);
            answer.put(answer.json);
            return answer.content(file);
        }
        return fail(not_found, "NAME_UNKNOWN");
    }
    fail(not_found, unsupported);
}

/// Open what has this digest. 0: it is not there, and that has been answered.
noinline fn open(digits: *const [64]u8, unknown: [*:0]const u8) sys.Descriptor {
    @setRuntimeSafety(true);
    var opened = layout.openBlob(digits);
    // LIFE-3: somebody who waits for nothing makes room.
    if (net.isShortage(opened) and serve.makeRoom()) opened = layout.openBlob(digits);
    if (opened >= 0) return opened;
    if (net.isShortage(opened)) fail("503 Service Unavailable", "UNKNOWN") else fail(not_found, unknown);
    return 0;
}

/// A manifest or a blob: NAMES-1, NAMES-4, NAMES-5, HTTP-2, HTTP-3, HTTP-4, HTTP-16.
inline fn serveFile(path: []u8, parts: target.Parts, is_manifest: bool) void {
    @setRuntimeSafety(true);
    var digits = characters.digits(parts.reference);
    if (is_manifest and characters.isTag(parts.reference)) {
        // NAMES-7: as the annotation has it. The colon takes the place of what was between.
        const colon = parts.name.len;
        const length = colon + 1 + parts.reference.len;
        path[colon] = ':';
        memory.copy(path[colon + 1 ..], parts.reference);
        if (layout.findName(path[0..length])) digits = &layout.state.found;
    }
    const unknown = if (is_manifest) "MANIFEST_UNKNOWN" else "BLOB_UNKNOWN";
    const of = digits orelse return fail(not_found, unknown);
    const file = open(of, unknown);
    if (file == 0) return;
    const size = layout.size;
    // Of manifests there are no parts.
    const part = range.find(if (is_manifest) "" else request.asked.range, size);
    if (part == .beyond or is_manifest and !layout.manifestType(file, of)) {
        _ = sys.close(file);
        if (is_manifest) return fail(not_found, unknown);
        return answer.fail("416 Range Not Satisfiable", "SIZE_INVALID", "\r\nContent-Range: bytes */", size);
    }
    answer.begin(if (part == .part) "206 Partial Content" else answer.ok);
    if (is_manifest) answer.text(layout.state.media_type.get()) else answer.put("application/octet-stream\r\nAccept-Ranges: bytes");
    answer.put("\r\nDocker-Content-Digest: sha256:");
    answer.text(of);
    if (part == .part) {
        answer.put("\r\nContent-Range: bytes ");
        answer.number(answer.body.offset);
        answer.put("-");
        answer.number(answer.body.end - 1);
        answer.put("/");
        answer.number(size);
    }
    answer.content(file);
}
