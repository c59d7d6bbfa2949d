//! The archive: headers, their overrides, and where each member's data goes.
//!
//! Reads v7, ustar, GNU and pax archives (TAR-1) from the stream of decompressed bytes.

const extract = @import("extract.zig");
const gzip = @import("gzip.zig");
const memory = @import("memory.zig");
const pax = @import("pax.zig");
const report = @import("report.zig");
const Text = @import("text.zig").Text;

/// Bytes of the current member's data that are still to be read.
pub var left: u64 = 0;

/// What extended headers say about a member.
pub const Overrides = struct {
    /// What it is called and links to; no override where empty.
    name: Text,
    target: Text,
    size: u64,
    size_given: bool,
};

/// What the headers since the last member said about the next one (TAR-4).
pub var said: Overrides = undefined;
/// What global headers said. Nobody asks: nothing here would be right for every member (TAR-1).
var said_of_all: Overrides = undefined;

/// An extended header was read and its member has not come yet.
var pending = false;

var header: [512]u8 = undefined;

/// Extended headers larger than this are refused before any of it is read (TAR-12).
const extended_limit = 1 << 20;

/// Extract the members, up to the end of the archive.
pub fn read() void {
    @setRuntimeSafety(true);
    var zero_blocks: u32 = 0;
    // TAR-14: two zero blocks end the archive. TAR-9a: the end of the stream does, too.
    while (zero_blocks < 2 and gzip.next().len > 0) {
        left = header.len;
        while (left > 0) {
            const at = header.len - left;
            memory.copy(header[at..], piece(left));
        }
        var sum: u32 = 8 * ' '; // The checksum's own field counts as spaces.
        var high: u32 = 0;
        var any: u8 = 0;
        for (&header, 0..) |byte, i| {
            any |= byte;
            if (i -% 148 < 8) continue;
            sum += byte;
            high += byte >> 7;
        }
        if (any == 0) {
            zero_blocks += 1;
            continue;
        }
        if (zero_blocks > 0) report.fail("tar: lone zero block");
        // TAR-8. TAR-8a: historic programs took bytes from 0x80 on as negative.
        const stored = number(header[148..156]);
        if (stored != sum and stored + 256 * high != sum) report.fail("tar: header checksum mismatch");
        member(header[156]);
    }
    if (pending) report.fail(truncated);
    // What follows is not extracted; it is still decompressed and checked.
    while (true) {
        const rest = gzip.next().len;
        if (rest == 0) break;
        gzip.take(rest);
    }
}

fn member(kind: u8) void {
    @setRuntimeSafety(true);
    left = number(header[124..136]);
    const extended = kind == 'x' or kind == 'g' or kind == 'L' or kind == 'K';
    // TAR-3
    if (!extended and said.size_given) left = said.size;
    const padding = 0 -% left & 511;
    if (extended) {
        if (left > extended_limit) report.fail("tar: header too large");
        if (kind == 'g') {
            pax.read(&said_of_all);
        } else {
            pending = true;
            if (kind == 'x') pax.read(&said) else {
                const text = if (kind == 'L') &said.name else &said.target;
                text.read(0);
                if (text.length == 0) report.fail(extract.no_name);
            }
        }
    } else {
        entry(kind);
        report.subject = null;
        pending = false;
        said.size_given = false;
        said.name.clear();
        said.target.clear();
    }
    left += padding;
    while (left > 0) _ = piece(left);
}

/// An entry of the tree. Overrides win over the header's fields.
fn entry(kind: u8) void {
    @setRuntimeSafety(true);
    const name = &said.name;
    const target = &said.target;
    if (name.length == 0) {
        name.clear();
        // The prefix belongs to POSIX's format; GNU's has times there.
        if (header[345] != 0 and memory.startsWith(header[257..], "ustar\x00")) {
            name.appendField(header[345..500]);
            name.append('/');
        }
        name.appendField(header[0..100]);
    }
    if (target.length == 0) {
        target.clear();
        target.appendField(header[157..257]);
    }
    const path = name.get();
    report.subject = path;
    if (kind == 0 or kind == '0' or kind == '7') {
        // v7 knows no directories: there a name ends in a slash.
        if (path.len == 0 or path[path.len - 1] != '/') {
            extract.create(path);
            while (left > 0) extract.write(piece(left));
            extract.close();
            return;
        }
        extract.directory(path);
    } else if (kind == '5') {
        extract.directory(path);
    } else if (kind == '1') {
        extract.hardLink(path, target.get());
    } else if (kind == '2') {
        extract.symbolicLink(path, target.get());
    } else if (kind == 'S') {
        report.fail(sparse);
    } else if (kind -% 'A' < 26) {
        // TAR-1: vendors' types are passed over, with their data.
        while (left > 0) _ = piece(left);
    } else {
        // TAR-10a
        report.fail("tar: device or unknown type");
    }
    // TAR-16
    if (left > 0) report.fail("tar: data of what is no file");
}

/// TAR-11: a sparse member holds its data condensed. Refused rather than extracted wrong.
pub const sparse = "tar: sparse file";

const truncated = "tar: truncated";

/// Some bytes of the current member's data, at least one and at most `most`.
pub noinline fn piece(most: u64) []const u8 {
    @setRuntimeSafety(true);
    const available = gzip.next();
    // TAR-9; or, in an extended header, a record that is longer than the header.
    if (available.len == 0 or most > left) report.fail(truncated);
    const part = available[0..@min(available.len, most)];
    gzip.take(part.len);
    left -= part.len;
    return part;
}

pub fn next() u8 {
    @setRuntimeSafety(true);
    return piece(1)[0];
}

/// A numeric field: octal digits, spaces before, spaces or zero bytes behind; or base-256. Zero
/// where there is nothing but spaces, or nothing but zero bytes. What other readers take for one
/// number or another is refused (TAR-12).
noinline fn number(field: []const u8) u64 {
    @setRuntimeSafety(true);
    var value: u64 = 0;
    // TAR-12: 0x80 starts a positive number; 0xff a negative one, which is no digit.
    const binary = field[0] == 0x80;
    var begun = false;
    var ended = false;
    for (field[@intFromBool(binary)..]) |byte| {
        if (binary) {
            if (value >> 55 != 0) report.fail(bad_number);
            value = value << 8 | byte;
        } else if (byte == 0 or byte == ' ') {
            ended = begun;
            if (!begun and byte != field[0]) report.fail(bad_number);
        } else {
            if (ended or field[0] == 0) report.fail(bad_number);
            begun = true;
            value = digit(value, 8, byte);
        }
    }
    return value;
}

const bad_number = "tar: malformed number";

/// Append a digit. No file is larger than 2^63 - 1.
pub noinline fn digit(value: u64, base: u8, character: u8) u64 {
    @setRuntimeSafety(true);
    const units = character -% '0';
    const longer = value *| base +| units;
    if (units >= base or longer >> 63 != 0) report.fail(bad_number);
    return longer;
}
