//! The archive: headers, their overrides, and where each member's data goes.
//!
//! Reads v7, ustar, GNU and pax archives (TAR-1) from blocks of bytes as they are decompressed.

const std = @import("std");
const compare = @import("compare.zig");
const extract = @import("extract.zig");
const pax = @import("pax.zig");
const report = @import("report.zig");

/// A name or a link's text that is gathered piece by piece.
pub const Text = struct {
    /// One byte more than the kernel takes, its zero byte included.
    bytes: [4096]u8,
    length: usize,
    /// Whether it overrides the header's field (TAR-4).
    given: bool,
    /// A zero byte was seen; only more of them may follow.
    closed: bool,

    pub fn clear(text: *Text) void {
        text.length = 0;
        text.closed = false;
        text.given = false;
    }

    pub fn append(text: *Text, byte: u8) void {
        @setRuntimeSafety(true);
        text.given = true;
        if (byte == 0) {
            text.closed = true;
            return;
        }
        // TAR-13
        if (text.closed) report.fail("tar: a name with a zero byte in it");
        if (text.length == text.bytes.len - 1) report.fail("tar: a name of more than 4095 bytes");
        text.bytes[text.length] = byte;
        text.length += 1;
    }

    /// Take a header's field: up to its first zero byte.
    fn appendField(text: *Text, field: []const u8) void {
        for (field) |byte| {
            if (byte == 0) break;
            text.append(byte);
        }
    }

    pub fn slice(text: *Text) [:0]const u8 {
        @setRuntimeSafety(true);
        text.bytes[text.length] = 0;
        return text.bytes[0..text.length :0];
    }
};

pub var name: Text = std.mem.zeroes(Text);
pub var target: Text = std.mem.zeroes(Text);
/// The size from a pax header.
pub var size: ?u64 = null;

/// What the data of the current member is.
const Data = enum { ignored, file, name, target, pax };
var data: Data = .ignored;
/// Bytes of data still to come, and of the padding to the next block after it.
var left: u64 = 0;
var padding: u64 = 0;

var header: [512]u8 = undefined;
var header_length: usize = 0;

/// An extended header was read and its member has not come yet.
var pending = false;
var zero_blocks: u8 = 0;

/// Extended headers larger than this are refused before any of it is read (TAR-12).
const extended_limit = 1 << 20;

pub fn consume(bytes: []const u8) void {
    @setRuntimeSafety(true);
    var rest = bytes;
    // TAR-14: what follows the end of the archive is checked by gzip and otherwise ignored.
    while (rest.len > 0 and zero_blocks < 2) {
        if (left > 0) {
            const part = rest[0..@min(rest.len, left)];
            switch (data) {
                .ignored => {},
                .file => extract.write(part),
                .name => for (part) |byte| name.append(byte),
                .target => for (part) |byte| target.append(byte),
                .pax => pax.consume(part),
            }
            rest = rest[part.len..];
            left -= part.len;
            if (left == 0) endData();
        } else if (padding > 0) {
            const count = @min(rest.len, padding);
            rest = rest[count..];
            padding -= count;
        } else {
            const count = @min(rest.len, header.len - header_length);
            @memcpy(header[header_length..][0..count], rest[0..count]);
            rest = rest[count..];
            header_length += count;
            if (header_length == header.len) {
                header_length = 0;
                member();
            }
        }
    }
}

/// TAR-9: the stream has ended; the archive must have, too. TAR-9a: without zero blocks is fine.
pub fn finish() void {
    @setRuntimeSafety(true);
    if (zero_blocks == 2) return;
    if (left > 0 or padding > 0 or header_length > 0) report.fail("tar: the archive is truncated");
    checkPending();
}

fn checkPending() void {
    if (pending) report.fail("tar: an extended header without a member");
}

fn member() void {
    @setRuntimeSafety(true);
    var unsigned: u32 = 0;
    var signed: i32 = 0;
    for (header, 0..) |byte, i| {
        // The checksum's own field counts as spaces.
        const counted = if (i -% 148 < 8) ' ' else byte;
        unsigned += counted;
        signed += @as(i8, @bitCast(counted));
    }
    if (unsigned == 8 * ' ' and header[148] == 0) {
        checkPending();
        zero_blocks += 1;
        report.subject = "";
        return;
    }
    if (zero_blocks > 0) report.fail("tar: a lone zero block");
    // TAR-8, and the signed sum of historic programs (TAR-8a).
    const sum = number(header[148..156]);
    if (sum != unsigned and sum != @as(u32, @bitCast(signed))) report.fail("tar: a header's checksum is wrong");

    left = number(header[124..136]);
    const kind = header[156];
    data = .ignored;
    switch (kind) {
        'x', 'X', 'g', 'L', 'K' => {
            if (left > extended_limit) report.fail("tar: an extended header of more than 1 MiB");
            switch (kind) {
                'L' => {
                    data = .name;
                    name.clear();
                },
                'K' => {
                    data = .target;
                    target.clear();
                },
                else => {
                    data = .pax;
                    pax.begin(kind == 'g');
                },
            }
            if (kind != 'g') pending = true;
        },
        else => {
            if (size) |override| left = override;
            entry(kind);
            name.clear();
            target.clear();
            size = null;
            pending = false;
        },
    }
    padding = (0 -% left) & 511;
    if (left == 0) endData();
}

fn endData() void {
    switch (data) {
        .file => extract.endFile(),
        .pax => pax.end(),
        else => {},
    }
}

/// An entry of the tree. Overrides win over the header's fields (TAR-4).
fn entry(kind: u8) void {
    @setRuntimeSafety(true);
    if (!name.given) {
        // The prefix belongs to POSIX's format; GNU's has times there.
        if (compare.equal(header[257..263], "ustar\x00") and header[345] != 0) {
            name.appendField(header[345..500]);
            name.append('/');
        }
        name.closed = false;
        name.appendField(header[0..100]);
    }
    if (!target.given) target.appendField(header[157..257]);
    const path = name.slice();
    report.subject = path;
    switch (kind) {
        0, '0', '7' => {
            // v7 knows no directories: there a name ends in a slash.
            if (path.len > 0 and path[path.len - 1] == '/') {
                extract.directory(path);
            } else {
                data = .file;
                extract.beginFile(path);
            }
        },
        '1' => extract.hardLink(path, target.slice()),
        '2' => extract.symbolicLink(path, target.slice()),
        // TAR-10a
        '3', '4', '6' => report.fail("tar: a device or FIFO"),
        '5' => extract.directory(path),
        'S' => report.fail("tar: sparse files are not supported"),
        // TAR-1: other vendors' types are passed over.
        'A'...'J', 'M'...'R', 'T'...'W', 'Y', 'Z' => {},
        else => report.fail("tar: an unknown type of entry"),
    }
}

/// A numeric field: octal digits, spaces before, spaces or zero bytes behind; or base-256.
fn number(field: []const u8) u64 {
    @setRuntimeSafety(true);
    var value: u64 = 0;
    if (field[0] & 0x80 != 0) {
        // TAR-12: 0x80 starts a positive number; 0xff a negative one.
        if (field[0] != 0x80) report.fail(bad_number);
        for (field[1..]) |byte| {
            if (value >> 48 != 0) report.fail(bad_number);
            value = value << 8 | byte;
        }
        return value;
    }
    var rest = field;
    while (rest.len > 0 and rest[0] == ' ') rest = rest[1..];
    while (rest.len > 0 and rest[0] != ' ' and rest[0] != 0) {
        value = digit(value, 8, rest[0]);
        rest = rest[1..];
    }
    for (rest) |byte| if (byte != ' ' and byte != 0) report.fail(bad_number);
    return value;
}

const bad_number = "tar: a malformed number";

/// Append a digit. Sizes are limited to 2^59, far beyond any file and far from overflow.
pub fn digit(value: u64, comptime base: u8, character: u8) u64 {
    @setRuntimeSafety(true);
    const units = character -% '0';
    if (units >= base or value >> 56 != 0) report.fail(bad_number);
    return value * base + units;
}
