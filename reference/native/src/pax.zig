//! Pax extended headers (POSIX.1-2017, pax, "pax Extended Header"): records `LENGTH KEY=VALUE\n`.
//!
//! Read byte by byte as they come, so that a header of a megabyte needs no megabyte (TAR-12).

const memory = @import("memory.zig");
const report = @import("report.zig");
const tar = @import("tar.zig");

const malformed = "tar: malformed pax record";

/// The beginning of a key, as much as is needed to tell the keys that mean something here from
/// others, and the equals sign (TAR-1).
var key: [12]u8 = undefined;

/// Read the records of a header, which is the data of the current member. Those of a `global` one
/// are checked and otherwise ignored: nothing that they say here would be right for every member.
pub fn read(global: bool) void {
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
        if (global) skip(end + 1) else value(end + 1);
        if (tar.next() != '\n') report.fail(malformed);
    }
}

fn skip(end: u64) void {
    while (tar.left > end) _ = tar.next();
}

/// Read a value, which ends where so many bytes of the header are left.
fn value(end: u64) void {
    @setRuntimeSafety(true);
    if (memory.startsWith(&key, "GNU.sparse.")) report.fail(tar.sparse);
    if (memory.startsWith(&key, "path=")) {
        tar.readText(&tar.name, end);
    } else if (memory.startsWith(&key, "linkpath=")) {
        tar.readText(&tar.target, end);
    } else if (memory.startsWith(&key, "size=")) {
        // TAR-3
        if (tar.left == end) report.fail(malformed);
        var size: u64 = 0;
        while (tar.left > end) size = tar.digit(size, 10, tar.next());
        tar.size = size;
        tar.size_given = true;
    } else skip(end);
}
