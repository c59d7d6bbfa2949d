//! The Huffman codes of DEFLATE (RFC 1951, 3.2.2 to 3.2.7).

const bits = @import("bits.zig");
const memory = @import("memory.zig");

/// What a decoded symbol means, ready to use:
/// bits 0–3 the length of its code, 4–7 the number of extra bits, 8–9 the kind, 16–31 the value.
const Entry = u32;

const Kind = struct {
    const literal = 0 << 8;
    /// The first of the lengths or distances that the extra bits choose among.
    const base = 1 << 8;
    const end = 2 << 8;
    const invalid = 3 << 8;
};

pub fn isLiteral(entry: Entry) bool {
    return entry & 0x300 == 0;
}

/// Neither a literal nor a base: the end of the block, unless it is invalid.
pub fn isSpecial(entry: Entry) bool {
    return entry & 0x200 != 0;
}

pub fn isEnd(entry: Entry) bool {
    return entry & 0x100 == 0;
}

/// GZ-4: one message for all ways of being wrong; the checksum has found damage before this.
pub const invalid = "gzip: invalid compressed data";

const fast_bits = 10;

/// A canonical Huffman code.
const Code = struct {
    /// The number of codes of each length.
    counts: [16]u32,
    /// By the next 10 bits: the entry of the code they begin with, 0 where it is longer.
    fast: [1 << fast_bits]Entry,
    /// The entries in the order of their codes.
    sorted: [288]Entry,

    /// Decode the code that the held bits begin with. The entry's low bits say how long it is.
    pub fn decode(code: *const Code, hold: u64) Entry {
        @setRuntimeSafety(true);
        const entry = code.fast[@as(@Int(.unsigned, fast_bits), @truncate(hold))];
        return if (entry & 15 != 0) entry else code.decodeLong(hold);
    }

    /// Bit by bit: codes of one length are consecutive numbers, so counts alone tell where the
    /// code belongs. Rare: codes of more than 10 bits.
    noinline fn decodeLong(code: *const Code, hold: u64) Entry {
        @setRuntimeSafety(true);
        var rest = hold;
        var offset: u32 = 0; // of the code among those of its length
        var index: u32 = 0; // of the first code of this length in `sorted`
        for (1..16) |length| {
            offset = offset *% 2 | @as(u1, @truncate(rest));
            rest >>= 1;
            const count = code.counts[length];
            if (offset < count) return code.sorted[index + offset] | @as(u4, @intCast(length));
            offset -= count;
            index += count;
        }
        return Kind.invalid;
    }
};

const Alphabet = enum { lengths, literals, distances };

pub var literals: Code = undefined;
pub var distances: Code = undefined;

/// Where the next entry of each length goes. Global, because a local array would be filled with a
/// pattern first.
var offsets: [16]u32 = undefined;

noinline fn build(alphabet: Alphabet, code_lengths: []const u8) void {
    @setRuntimeSafety(true);
    const code = memory.base(if (alphabet == .literals) &literals else &distances);
    @memset(&code.counts, 0);
    for (code_lengths) |length| code.counts[length] +%= 1;

    // GZ-4: the codes must fill the space of codes exactly. An incomplete set is allowed for one
    // code of one bit and, among distances, for none at all.
    var left: u32 = 1;
    var used: u32 = 0;
    for (1..16) |length| {
        offsets[length] = used;
        const count = code.counts[length];
        used +%= count; // 320 at most
        left *%= 2; // 2^15 at most
        if (count > left) bits.fail(invalid);
        left -= count;
    }
    if (left > 0 and (used > 1 or used != code.counts[1] or alphabet == .lengths)) bits.fail(invalid);

    for (code_lengths, 0..) |length, symbol| {
        const offset = &offsets[length];
        if (length == 0) continue;
        code.sorted[offset.*] = meaning(alphabet, @intCast(symbol));
        offset.* += 1;
    }

    @memset(&code.fast, 0);
    var index: u32 = 0;
    var reversed: u32 = 0;
    for (1..fast_bits + 1) |length| {
        const bit = @as(u32, 1) << @intCast(length);
        for (0..code.counts[length]) |_| {
            const entry = code.sorted[index] | @as(u4, @intCast(length));
            index += 1;
            var slot = reversed;
            while (slot < code.fast.len) : (slot += bit) code.fast[slot] = entry;
            // Add one to the code, whose highest bit comes first in the stream.
            var carry = bit >> 1;
            while (reversed & carry != 0) {
                reversed ^= carry;
                carry >>= 1;
            }
            reversed |= carry;
        }
    }
}

/// RFC 1951, 3.2.5. The bases of lengths and distances follow one rule: the first 2^k come
/// without extra bits, then every 2^k one bit more. That is shorter than two tables.
fn meaning(alphabet: Alphabet, symbol: u32) Entry {
    @setRuntimeSafety(true);
    var n = symbol;
    var k: u5 = 1;
    var first: u32 = 1;
    if (alphabet != .distances) {
        if (symbol < 256) return symbol << 16 | Kind.literal;
        if (symbol == 256) return Kind.end;
        if (symbol == 285) return 258 << 16 | Kind.base;
        n -= 257;
        k = 2;
        first = 3;
    }
    if (n > 29 or symbol > 285) return Kind.invalid;
    const extra = (n >> k) -| 1;
    return (n - (extra << k) << @intCast(extra)) + first << 16 | extra << 4 | Kind.base;
}

/// The lengths of a block's codes: those of literals and lengths, then those of distances.
var lengths: [320]u8 = undefined;

pub fn buildFixed() void {
    @setRuntimeSafety(true);
    for (&lengths, 0..) |*length, i| {
        length.* = if (i < 144) 8 else if (i < 256) 9 else if (i < 280) 7 else if (i < 288) 8 else 5;
    }
    buildBoth(288, 320);
}

/// Read the codes of a dynamic block.
pub fn buildDynamic() void {
    @setRuntimeSafety(true);
    const literal_count = bits.read(5) + 257;
    const count = literal_count + bits.read(5) + 1;
    if (literal_count > 286 or count > literal_count + 30) bits.fail(invalid);
    @memset(&lengths, 0);
    for (0..bits.read(4) + 4) |i| {
        const order = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f";
        lengths[order[i]] = @truncate(bits.read(3));
    }
    build(.lengths, lengths[0..19]);
    var at: u32 = 0;
    while (at < count) {
        bits.refill();
        const entry = distances.decode(bits.here().hold);
        _ = bits.take(entry & 15);
        var value: u8 = @truncate(entry >> 16);
        var repeat: u32 = 1;
        if (value > 15) {
            // 16: the length before, 3 to 6 times. 17, 18: no code, 3 to 10 and 11 to 138 times.
            repeat = bits.take(if (value == 16) 2 else if (value == 17) 3 else 7) + 3;
            if (value == 18) repeat += 8;
            if (value == 16) {
                if (at == 0) bits.fail(invalid);
                value = lengths[at - 1];
            } else value = 0;
            if (at + repeat > count) bits.fail(invalid);
        }
        @memset(lengths[at..][0..repeat], value);
        at += repeat;
    }
    buildBoth(literal_count, count);
}

noinline fn buildBoth(literal_count: u32, count: u32) void {
    @setRuntimeSafety(true);
    // There must be an end of the block.
    if (lengths[256] == 0) bits.fail(invalid);
    build(.literals, lengths[0..literal_count]);
    build(.distances, lengths[literal_count..count]);
}
