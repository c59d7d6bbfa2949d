//! The gzip container (RFC 1952): members, their headers and trailers, and what follows the last.
//! To its reader it is one stream of decompressed bytes (GZ-3).

const bits = @import("bits.zig");
const crc32 = @import("crc32.zig");
const inflate = @import("inflate.zig");
const report = @import("report.zig");

const State = enum { at_beginning, in_member, after_member };
var state: State = .at_beginning;

var checksum: u32 = 0;
/// Modulo 2^32, as the trailer counts.
var length: u32 = 0;

/// Where the bytes begin that nobody has taken yet; they end at `inflate.top`.
var taken: u32 = 0;

/// The decompressed bytes that are next, at least one of them; none at the end of the stream.
pub noinline fn next() []const u8 {
    @setRuntimeSafety(true);
    while (taken == inflate.top) {
        switch (state) {
            .at_beginning => header("the payload is not gzip"),
            .in_member => decompress(),
            .after_member => if (atEnd()) break else header("gzip: garbage after the end"),
        }
    }
    return inflate.window[taken..inflate.top];
}

/// The caller has dealt with this many bytes of `next`.
pub fn take(count: usize) void {
    @setRuntimeSafety(true);
    taken += @intCast(count);
}

const damaged = "gzip: CRC mismatch";

fn decompress() void {
    @setRuntimeSafety(true);
    inflate.makeRoom();
    taken = inflate.top;
    if (!inflate.step()) {
        bits.alignToByte();
        // GZ-5
        if (word() != checksum) bits.fail(damaged);
        if (word() != length) bits.fail("gzip: length mismatch");
        state = .after_member;
    }
    // GZ-6: before anybody sees bytes that were made of nothing.
    bits.restore();
    const fresh = inflate.window[taken..inflate.top];
    checksum = crc32.update(checksum, fresh);
    length +%= @truncate(fresh.len);
}

/// GZ-7: whether the stream ends here, zeros aside that may follow the last member. Other bytes
/// than zeros begin another member.
fn atEnd() bool {
    @setRuntimeSafety(true);
    var zeros = false;
    while (!bits.ended()) {
        const position = bits.here();
        if (bits.buffer[position.at] != 0) {
            // GZ-7a
            if (zeros) report.fail("gzip: garbage after the end");
            return false;
        }
        position.at += 1;
        zeros = true;
    }
    return true;
}

/// A number of the trailer.
fn word() u32 {
    const low = bits.read(16);
    return bits.read(16) << 16 | low;
}

fn header(not_gzip: [*:0]const u8) void {
    @setRuntimeSafety(true);
    checksum = 0;
    length = 0;
    // GZ-8
    if (byte() != 0x1f or byte() != 0x8b) report.fail(not_gzip);
    const method = byte();
    const flags = byte();
    if (method != 8 or flags & 0xe0 != 0) bits.fail("gzip: unknown method or flag");
    // GZ-2: modification time, extra flags, operating system; then the optional fields.
    skip(6);
    if (flags & 4 != 0) {
        const low = byte();
        skip(byte() << 8 | low);
    }
    if (flags & 8 != 0) skipText();
    if (flags & 16 != 0) skipText();
    if (flags & 2 != 0) {
        // GZ-5a
        const expected = checksum & 0xffff;
        if (bits.read(16) != expected) bits.fail(damaged);
    }
    checksum = 0;
    inflate.begin();
    taken = 0;
    state = .in_member;
}

/// A byte of the header, which FHCRC covers.
noinline fn byte() u32 {
    const value = bits.read(8);
    checksum = crc32.update(checksum, &.{@truncate(value)});
    return value;
}

fn skip(count: u32) void {
    for (0..count) |_| _ = byte();
}

inline fn skipText() void {
    while (byte() != 0) {}
}
