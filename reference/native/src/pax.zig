//! Pax extended headers (POSIX.1-2017, pax, "pax Extended Header"): records `LENGTH KEY=VALUE\n`.
//!
//! Read byte by byte as they come, so that a header of a megabyte needs no megabyte (TAR-12).

const std = @import("std");
const compare = @import("compare.zig");
const report = @import("report.zig");
const tar = @import("tar.zig");

const Part = enum { length, key, value };

const malformed = "tar: a malformed pax record";

/// Keys that mean something here; no other key is as long as the longest (TAR-1).
const longest_key = "GNU.sparse.".len;

var part: Part = .length;
var digits: usize = 0;
/// Bytes of the record that are still to come, its newline included.
var left: usize = 0;
var key: [longest_key]u8 = undefined;
var key_length: usize = 0;

const Key = enum { other, path, linkpath, size };
var which: Key = .other;

var size: u64 = 0;

/// A new header begins. `global` records are checked and then ignored: nothing that they may say
/// here could be right for every member (TAR-1).
var global = false;

pub fn begin(is_global: bool) void {
    global = is_global;
    startRecord();
}

fn startRecord() void {
    part = .length;
    digits = 0;
    left = 0;
    key_length = 0;
    which = .other;
}

/// The header has ended; so must its last record.
pub fn end() void {
    if (digits != 0) report.fail(malformed);
}

pub fn consume(data: []const u8) void {
    for (data) |byte| next(byte);
}

fn next(byte: u8) void {
    @setRuntimeSafety(true);
    if (part == .length) {
        if (byte == ' ' and left > digits + 2) {
            left -= digits + 1;
            part = .key;
            return;
        }
        // No sign, no leading zero, and no more than a header's size.
        if (byte -% '0' > 9 or (byte == '0' and digits == 0) or digits > 7) report.fail(malformed);
        left = left * 10 + byte - '0';
        digits += 1;
        return;
    }
    left -= 1;
    if (left == 0) {
        if (byte != '\n' or part != .value) report.fail(malformed);
        if (!global) apply();
        startRecord();
        return;
    }
    if (part == .key) {
        if (byte == '=') {
            if (key_length == 0) report.fail(malformed);
            startValue();
        } else {
            if (byte == 0) report.fail(malformed);
            if (key_length < longest_key) key[key_length] = byte;
            key_length += 1;
        }
        return;
    }
    if (global) return;
    switch (which) {
        .other => {},
        .path => tar.name.append(byte),
        .linkpath => tar.target.append(byte),
        .size => size = tar.digit(size, 10, byte),
    }
}

fn startValue() void {
    @setRuntimeSafety(true);
    part = .value;
    if (global) return;
    const text = key[0..@min(key_length, longest_key)];
    // TAR-11: a sparse member holds its data condensed. Refused rather than extracted wrong.
    if (compare.equal(text, "GNU.sparse.")) report.fail("tar: sparse files are not supported");
    if (compare.equal(text, "path")) {
        which = .path;
        tar.name.clear();
    } else if (compare.equal(text, "linkpath")) {
        which = .linkpath;
        tar.target.clear();
    } else if (compare.equal(text, "size")) {
        which = .size;
        size = 0;
        if (left < 2) report.fail(malformed);
    }
}

fn apply() void {
    // TAR-3
    if (which == .size) tar.size = size;
}
