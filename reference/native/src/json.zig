//! JSON (RFC 8259), from a file, told to a visitor. Nothing of it is kept but one text.
//!
//! The text is not trusted: nesting has a bound, and so has the stack; a text may be of any length. UTF-8 and escapes are checked, and undone.

const bits = @import("bits.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const scratch = @import("scratch.zig");
const sys = @import("sys.zig");

/// How deep values may lie in each other.
const deepest = 512;

/// The decompressor has done its work when something is to be parsed.
const buffer = &bits.buffer;

const State = struct {
    /// Where in the file the buffered bytes end.
    position: u64,
    /// Which of them is next, and how many there are.
    at: u32,
    end: u32,
    file: sys.Descriptor,
    /// How many values around the one that is being read are still to be left.
    room: u32,
    /// Of the text that was read last.
    length: u32,
};
var state: State = undefined;

/// The last key or text, undone. One that is longer than this, or that is no Unicode, is equal to
/// nothing.
const text = scratch.text;

pub noinline fn get() []const u8 {
    @setRuntimeSafety(true);
    return text[0..state.length];
}

/// Read a document from end to end. False: it is no JSON. The visitor is told of every value when
/// it begins and when it has ended, by its first byte; of an object's members by `key`; and each
/// time its own number for the place of that value. A text, or a key, is in `get` then.
pub fn read(comptime visitor: type, from: sys.Descriptor) bool {
    @setRuntimeSafety(true);
    state = .{ .position = 0, .at = 0, .end = 0, .file = from, .room = deepest, .length = 0 };
    return value(visitor, takeBehindSpace(), visitor.outermost) and takeBehindSpace() == nothing_left;
}

/// A value whose first byte was taken already.
noinline fn value(comptime visitor: type, first: u32, place: u32) bool {
    @setRuntimeSafety(true);
    visitor.begin(place, first);
    const s = memory.base(&state);
    switch (first) {
        '{', '[' => {
            if (s.room == 0) return false;
            s.room -= 1;
            // Both brackets are two characters from the ones that close them.
            const closing = first + 2;
            var byte = takeBehindSpace();
            while (byte != closing) {
                var inner = visitor.element(place);
                if (first == '{') {
                    if (byte != '"' or !readText() or takeBehindSpace() != ':') return false;
                    inner = visitor.key(place);
                    byte = takeBehindSpace();
                }
                if (!value(visitor, byte, inner)) return false;
                byte = takeBehindSpace();
                if (byte == closing) break;
                if (byte != ',') return false;
                byte = takeBehindSpace();
                // A comma promises another one.
                if (byte == closing) return false;
            }
            s.room += 1;
        },
        '"' => if (!readText()) return false,
        't' => if (!readWord("rue")) return false,
        'f' => if (!readWord("alse")) return false,
        'n' => if (!readWord("ull")) return false,
        else => if (!readNumber(first)) return false,
    }
    // What was read within it is none of its own.
    if (first != '"') s.length = 0;
    visitor.end(place, first);
    return true;
}

/// Stands for the byte behind the last one.
const nothing_left = 0x100;

/// The next byte.
noinline fn here() u32 {
    @setRuntimeSafety(true);
    const s = memory.base(&state);
    if (s.at == s.end) {
        const got = net.readAt(s.file, buffer, s.position);
        if (got <= 0) return nothing_left;
        s.at = 0;
        s.end = @intCast(got);
        s.position += s.end;
    }
    return buffer[s.at];
}

/// The same, and go past it.
noinline fn take() u32 {
    @setRuntimeSafety(true);
    const byte = here();
    if (byte != nothing_left) state.at += 1;
    return byte;
}

noinline fn takeBehindSpace() u32 {
    while (true) {
        const byte = take();
        if (byte != ' ' and byte != '\n' and byte != '\r' and byte != '\t') return byte;
    }
}

noinline fn readWord(rest: [*:0]const u8) bool {
    for (memory.span(rest)) |byte| if (take() != byte) return false;
    return true;
}

/// `first` was taken already.
fn readNumber(first: u32) bool {
    var byte = first;
    if (byte == '-') byte = take();
    if (byte -% '0' > 9) return false;
    if (byte != '0') skipDigits();
    if (here() == '.') {
        _ = take();
        if (!readDigits()) return false;
    }
    if (here() | 0x20 == 'e') {
        _ = take();
        byte = here();
        if (byte == '+' or byte == '-') _ = take();
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
    while (here() -% '0' <= 9) _ = take();
}

/// Read a text, behind its first quotation mark.
noinline fn readText() bool {
    @setRuntimeSafety(true);
    state.length = 0;
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
    if (state.length > text.len) state.length = 0;
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
    @setRuntimeSafety(true);
    if (point < 0x80) return add(point);
    // So many more bytes follow the first one, six bits in each.
    var more: u5 = if (point < 0x800) 1 else if (point < 0x10000) 2 else 3;
    add(@as(u32, 0xff80) >> more | point >> 6 * more);
    while (more > 0) {
        more -= 1;
        add(0x80 | (point >> 6 * more & 0x3f));
    }
}

/// The lowest eight bits of `byte`.
noinline fn add(byte: u32) void {
    @setRuntimeSafety(true);
    const s = memory.base(&state);
    if (s.length >= text.len) return spoil();
    text[s.length] = @truncate(byte);
    s.length += 1;
}

fn spoil() void {
    @setRuntimeSafety(true);
    state.length = text.len + 1;
}
