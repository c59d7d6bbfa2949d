//! Pax extended headers (POSIX.1-2017, pax, "pax Extended Header"): records `LENGTH KEY=VALUE\n`.
//!
//! Read byte by byte as they come, so that a header of a megabyte needs no megabyte (TAR-12).

const memory = @import("memory.zig");
const report = @import("report.zig");
const tar = @import("tar.zig");
const Overrides = tar.Overrides;
const Text = @import("text.zig").Text;

const malformed = "tar: malformed pax record";

/// The beginning of a key, as much as is needed to tell the keys that mean something here from
/// others, and the equals sign (TAR-1).
var key: [12]u8 = undefined;

/// Read the records of a header, which is the data of the current member, into `overrides`. Each is
/// checked for itself, whatever another one replaces later (TAR-12).
pub fn read(overrides: *Overrides) void {
    @setRuntimeSafety(true);
    while (tar.left > 0) {
        // The length counts the whole record, itself included.
        const before = tar.left;
        var length: u64 = 0;
        while (true) {
            const byte = tar.next();
            if (byte == ' ') break;
            length = tar.digit(length, 10, byte);
        }
        if (length > before) report.fail(malformed);
        const end = before - length;

        var key_length: u32 = 0;
        while (true) {
            // At least one byte must be left for the newline.
            if (tar.left <= end + 1) report.fail(malformed);
            const byte = tar.next();
            if (key_length < key.len) key[key_length] = byte;
            if (byte == '=') break;
            key_length += 1;
        }
        if (key_length == 0) report.fail(malformed);
        value(overrides, end + 1);
        if (tar.next() != '\n') report.fail(malformed);
    }
}

/// Read a value, which ends where so many bytes of the header are left.
fn value(overrides: *Overrides, end: u64) void {
    @setRuntimeSafety(true);
    if (memory.startsWith(&key, "path=")) {
        text(&overrides.name, end);
    } else if (memory.startsWith(&key, "linkpath=")) {
        text(&overrides.target, end);
    } else if (memory.startsWith(&key, "size=")) {
        // TAR-3. An empty value takes back what was said before, as POSIX has it.
        overrides.size_given = tar.left > end;
        overrides.size = 0;
        while (tar.left > end) overrides.size = tar.digit(overrides.size, 10, tar.next());
    } else {
        if (memory.startsWith(&key, "GNU.sparse.") and overrides == &tar.said) report.fail(tar.sparse);
        while (tar.left > end) _ = tar.piece(tar.left - end);
    }
}

/// Read a name or the text of a link.
fn text(into: *Text, end: u64) void {
    into.read(end);
    // TAR-13: unlike a long name, a value does not end in a zero byte.
    if (into.closed) report.fail("tar: zero byte in a name");
}
