//! The gzip container (RFC 1952): members, their headers and trailers, and what follows the last.

const bits = @import("bits.zig");
const crc32 = @import("crc32.zig");
const inflate = @import("inflate.zig");
const report = @import("report.zig");
const sink = @import("root").sink;

var checksum: u32 = 0;
/// Modulo 2^32, as the trailer counts.
var length: u32 = 0;

/// GZ-3: decode all members as one stream.
pub fn decode() void {
    @setRuntimeSafety(true);
    crc32.prepare();
    var not_gzip: [*:0]const u8 = "gzip: the payload is not a gzip stream";
    while (true) {
        header(not_gzip);
        checksum = 0;
        length = 0;
        inflate.stream(check);
        bits.align_();
        // GZ-5
        if (bits.read(32) != checksum) report.fail("gzip: the CRC-32 is wrong");
        if (bits.read(32) != length) report.fail("gzip: the length is wrong");
        not_gzip = "gzip: garbage after the last member";
        // GZ-7: zeros may follow the last member, and nothing else.
        var zeros = false;
        while (!bits.ended()) : (zeros = true) {
            if (bits.buffer[bits.position.at] != 0) break;
            bits.position.at += 1;
        } else return;
        if (zeros) report.fail(not_gzip);
    }
}

fn check(data: []const u8) void {
    checksum = crc32.update(checksum, data);
    length +%= @truncate(data.len);
    sink.consume(data);
}

/// A byte of the header, which FHCRC covers.
fn byte() u8 {
    const value: u8 = @truncate(bits.read(8));
    checksum = crc32.update(checksum, &.{value});
    return value;
}

fn header(not_gzip: [*:0]const u8) void {
    @setRuntimeSafety(true);
    checksum = 0;
    // GZ-8
    if (byte() != 0x1f or byte() != 0x8b) report.fail(not_gzip);
    if (byte() != 8) report.fail("gzip: unknown compression method");
    const flags = byte();
    if (flags & 0xe0 != 0) report.fail("gzip: reserved flags");
    // GZ-2: modification time, extra flags, operating system; then the optional fields.
    skip(6);
    if (flags & 4 != 0) {
        const low: usize = byte();
        skip(low + @as(usize, byte()) * 256);
    }
    if (flags & 8 != 0) while (byte() != 0) {};
    if (flags & 16 != 0) while (byte() != 0) {};
    if (flags & 2 != 0) {
        // GZ-5a
        const expected = checksum & 0xffff;
        if (bits.read(16) != expected) report.fail("gzip: the header's CRC is wrong");
    }
}

fn skip(count: usize) void {
    for (0..count) |_| _ = byte();
}
