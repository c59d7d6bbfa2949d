//! JSON (RFC 8259), as a sequence of events from a file. Nothing of it is kept but one text.
//!
//! The text is not trusted: there is no recursion, nesting has a bound, and a text may be of any
//! length. UTF-8 and escapes are checked, and undone.

const bits = @import("bits.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const scratch = @import("scratch.zig");
const sys = @import("sys.zig");

pub const Event = enum(u8) { object, array, end, key, string, other, done, bad };

/// How deep values may lie in each other.
const deepest = 512;

var file: sys.Descriptor = undefined;
/// Where in the file the buffered bytes end.
var position: u64 = undefined;
/// The decompressor has done its work when something is to be parsed.
const buffer = &bits.buffer;
var at: usize = 0;
var end: usize = 0;

/// How many objects and arrays are open, and for each whether it is an object.
pub var depth: u32 = 0;
var objects: [deepest]bool = undefined;

const Expected = enum(u8) { value, key, anything_or_end, nothing };
var expected: Expected = .value;

/// The last key or text, undone. One that is longer than this, or that is no Unicode, is equal to
/// nothing.
const text = scratch.text;
var length: usize = 0;

pub fn begin(from: sys.Descriptor) void {
    file = from;
    position = 0;
    at = 0;
    end = 0;
    depth = 0;
    expected = .value;
}

pub fn get() []const u8 {
    @setRuntimeSafety(true);
    return text[0..if (length <= text.len) length else 0];
}

/// What comes next. After `bad` and `done` nothing does.
pub noinline fn next() Event {
    @setRuntimeSafety(true);
    var byte = skipSpace();
    if (expected == .nothing) {
        if (depth == 0) return if (byte == nothing_left) .done else .bad;
        if (byte == closing()) return close();
        if (byte != ',') return .bad;
        step();
        byte = skipSpace();
        expected = inside();
    } else if (expected == .anything_or_end) {
        if (byte == closing()) return close();
        expected = inside();
    }
    step();
    if (expected == .key) {
        if (byte != '"' or !readText() or skipSpace() != ':') return .bad;
        step();
        expected = .value;
        return .key;
    }
    expected = .nothing;
    switch (byte) {
        '{', '[' => {
            if (depth == deepest) return .bad;
            objects[depth] = byte == '{';
            depth += 1;
            expected = .anything_or_end;
            return if (byte == '{') .object else .array;
        },
        '"' => return if (readText()) .string else .bad,
        't' => return readWord("rue"),
        'f' => return readWord("alse"),
        'n' => return readWord("ull"),
        else => return if (readNumber(byte)) .other else .bad,
    }
}

fn inside() Expected {
    @setRuntimeSafety(true);
    return if (objects[depth - 1]) .key else .value;
}

fn closing() u32 {
    @setRuntimeSafety(true);
    return if (objects[depth - 1]) '}' else ']';
}

fn close() Event {
    @setRuntimeSafety(true);
    step();
    depth -= 1;
    expected = .nothing;
    return .end;
}

/// Stands for the byte behind the last one.
const nothing_left = 0x100;

/// The next byte.
noinline fn here() u32 {
    @setRuntimeSafety(true);
    if (at == end) {
        const got = net.readAt(file, buffer, position);
        if (got <= 0) return nothing_left;
        at = 0;
        end = @intCast(got);
        position += end;
    }
    return buffer[at];
}

/// Go past it.
noinline fn step() void {
    @setRuntimeSafety(true);
    if (at < end) at += 1;
}

fn take() u32 {
    const byte = here();
    step();
    return byte;
}

noinline fn skipSpace() u32 {
    while (true) {
        const byte = here();
        if (byte != ' ' and byte != '\n' and byte != '\r' and byte != '\t') return byte;
        step();
    }
}

noinline fn readWord(rest: []const u8) Event {
    for (rest) |byte| if (take() != byte) return .bad;
    return .other;
}

/// `first` was taken already.
fn readNumber(first: u32) bool {
    var byte = first;
    if (byte == '-') byte = take();
    if (byte -% '0' > 9) return false;
    if (byte != '0') skipDigits();
    if (here() == '.') {
        step();
        if (!readDigits()) return false;
    }
    if (here() | 0x20 == 'e') {
        step();
        byte = here();
        if (byte == '+' or byte == '-') step();
        return readDigits();
    }
    return true;
}

inline fn readDigits() bool {
    if (here() -% '0' > 9) return false;
    skipDigits();
    return true;
}

fn skipDigits() void {
    while (here() -% '0' <= 9) step();
}

/// Read a text, behind its first quotation mark.
noinline fn readText() bool {
    @setRuntimeSafety(true);
    length = 0;
    // The first half of a pair of escapes that stand for one character.
    var half: u32 = 0;
    while (true) {
        var point = take();
        if (point == '"') break;
        if (point < 0x20) return false;
        var escaped = false;
        if (point == '\\') {
            point = take();
            escaped = point == 'u';
            point = if (escaped) readDigitsOfEscape() else unescaped(point);
        } else if (point >= 0x80) {
            point = readCharacter(point);
        }
        if (point == invalid) return false;
        const second = escaped and point >> 10 == 0xdc00 >> 10;
        if (second and half != 0) {
            point = (half << 10) + point - ((0xd800 << 10) + 0xdc00 - 0x10000);
        } else if (second or half != 0) spoil();
        half = 0;
        if (escaped and point >> 10 == 0xd800 >> 10) half = point else if (point >> 11 != 0xd800 >> 11) put(point);
    }
    if (half != 0) spoil();
    return true;
}

const invalid = 0xffffffff;

fn unescaped(byte: u32) u32 {
    @setRuntimeSafety(true);
    const pairs = "\"\"\\\\//b\x08f\x0cn\nr\rt\t";
    var i: usize = 0;
    while (i < pairs.len) : (i += 2) if (pairs[i] == byte) return pairs[i + 1];
    return invalid;
}

fn readDigitsOfEscape() u32 {
    @setRuntimeSafety(true);
    const characters = @import("characters.zig");
    var point: u32 = 0;
    for (0..4) |_| {
        const digit = characters.value(take());
        if (digit > 15) return invalid;
        point = point << 4 | digit;
    }
    return point;
}

/// A character of UTF-8 (RFC 3629), whose first byte was taken already.
fn readCharacter(first: u32) u32 {
    @setRuntimeSafety(true);
    if (first < 0xc2 or first > 0xf4) return invalid;
    const more: u5 = if (first < 0xe0) 1 else if (first < 0xf0) 2 else 3;
    var point = first & (@as(u32, 0x3f) >> more);
    for (0..more) |_| {
        const byte = take();
        if (byte & 0x1c0 != 0x80) return invalid;
        point = point << 6 | (byte & 0x3f);
    }
    if (more > 1 and point >> (5 * more + 1) == 0) return invalid;
    if (point >> 11 == 0xd800 >> 11 or point > 0x10ffff) return invalid;
    return point;
}

fn put(point: u32) void {
    if (point < 0x80) return add(point);
    if (point < 0x800) add(0xc0 | point >> 6) else {
        if (point < 0x10000) add(0xe0 | point >> 12) else {
            add(0xf0 | point >> 18);
            add(0x80 | (point >> 12 & 0x3f));
        }
        add(0x80 | (point >> 6 & 0x3f));
    }
    add(0x80 | (point & 0x3f));
}

noinline fn add(byte: u32) void {
    @setRuntimeSafety(true);
    if (length >= text.len) return spoil();
    text[length] = @truncate(byte);
    length += 1;
}

fn spoil() void {
    @setRuntimeSafety(true);
    length = text.len + 1;
}
