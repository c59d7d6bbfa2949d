//! DEFLATE (RFC 1951): one stream of blocks, decoded into a window and handed on as it fills.
//!
//! Accepts exactly what zlib accepts (GZ-1, GZ-4).

const std = @import("std");
const bits = @import("bits.zig");
const report = @import("report.zig");
const runtime = @import("runtime.zig");

const history = 32768;
const fresh = 1 << 16;
/// The longest match, and what copying in words of 8 bytes may write beyond it.
const slack = 258 + 8;

/// Decoded bytes: up to 32 KiB that matches may reach back to, then what is new. A plain array
/// whose end is moved to its front now and then: no index ever wraps around.
pub var window: [history + fresh + slack]u8 = undefined;

/// Where the next byte goes, and from where on the sink has not seen them.
var top: usize = 0;
var seen: usize = 0;

/// What a decoded symbol means, ready to use:
/// bits 0–3 the length of its code, 4–7 the number of extra bits, 8–9 the kind, 16–31 the value.
const Entry = u32;

const literal_kind = 0 << 8;
const base_kind = 1 << 8;
const end_kind = 2 << 8;
const invalid_kind = 3 << 8;
const kind_mask = 3 << 8;

const fast_bits = 10;
const Fast = @Int(.unsigned, fast_bits);

/// A canonical Huffman code.
const Code = struct {
    /// By the next 10 bits: the entry of the code they begin with, 0 where it is longer.
    fast: [1 << fast_bits]Entry,
    /// The number of codes of each length.
    counts: [16]u16,
    /// The entries in the order of their codes.
    sorted: [288]Entry,

    /// Decode the code that the held bits begin with. The entry's low bits say how long it is.
    inline fn decode(code: *const Code, hold: u64) Entry {
        const entry = code.fast[@as(Fast, @truncate(hold))];
        return if (entry & 15 != 0) entry else code.decodeLong(hold);
    }

    /// Bit by bit: codes of one length are consecutive numbers, so counts alone tell where the
    /// code belongs. Rare: codes of more than 10 bits.
    noinline fn decodeLong(code: *const Code, hold: u64) Entry {
        @setRuntimeSafety(true);
        var rest = hold;
        var offset: usize = 0; // of the code among those of its length
        var index: usize = 0; // of the first code of this length in `sorted`
        for (1..16) |length| {
            offset = offset * 2 + (rest & 1);
            rest >>= 1;
            const count = code.counts[length];
            if (offset < count) return code.sorted[index + offset] | @as(Entry, @intCast(length));
            offset -= count;
            index += count;
        }
        report.fail("deflate: a code that stands for nothing");
    }
};

const Alphabet = enum { lengths, literals, distances };

var literals: Code = undefined;
var distances: Code = undefined;

/// Whether the two codes are those of fixed blocks: a stream of a million empty fixed blocks
/// must not build them a million times (BOX-8).
var fixed = false;

fn build(code: *Code, alphabet: Alphabet, lengths: []const u8) void {
    @setRuntimeSafety(true);
    @memset(&code.counts, 0);
    for (lengths) |length| code.counts[length] += 1;
    code.counts[0] = 0;

    // GZ-4: the codes must fill the space of codes exactly. An incomplete set is allowed for one
    // code of one bit and, among distances, for none at all.
    var left: i32 = 1;
    var used: usize = 0;
    var offsets: [16]u16 = undefined;
    for (1..16) |length| {
        offsets[length] = @intCast(used);
        used += code.counts[length];
        left = left * 2 - code.counts[length];
        if (left < 0) report.fail("deflate: too many codes");
    }
    const lone = used == code.counts[1] and used < 2 and alphabet != .lengths;
    if (left > 0 and !lone) report.fail("deflate: too few codes");

    for (lengths, 0..) |length, symbol| {
        if (length == 0) continue;
        code.sorted[offsets[length]] = meaning(alphabet, @intCast(symbol));
        offsets[length] += 1;
    }

    @memset(&code.fast, 0);
    var index: usize = 0;
    var reversed: usize = 0;
    for (1..fast_bits + 1) |length| {
        for (0..code.counts[length]) |_| {
            var slot = reversed;
            while (slot < code.fast.len) : (slot += @as(usize, 1) << @intCast(length)) {
                code.fast[slot] = code.sorted[index] | @as(Entry, @intCast(length));
            }
            index += 1;
            // Add one to the code, whose highest bit comes first in the stream.
            var bit = @as(usize, 1) << @intCast(length - 1);
            while (reversed & bit != 0) {
                reversed ^= bit;
                bit >>= 1;
            }
            reversed |= bit;
        }
    }
}

/// RFC 1951, 3.2.5: lengths and distances by arithmetic instead of tables of 30 bases.
fn meaning(alphabet: Alphabet, symbol: u32) Entry {
    @setRuntimeSafety(true);
    switch (alphabet) {
        .lengths => return symbol << 16,
        .literals => {
            if (symbol < 256) return symbol << 16;
            if (symbol == 256) return end_kind;
            if (symbol == 285) return 258 << 16 | base_kind;
            if (symbol > 285) return invalid_kind;
            const n = symbol - 257;
            if (n < 4) return n + 3 << 16 | base_kind;
            const extra = n / 4 - 1;
            return (4 + n % 4 << @intCast(extra)) + 3 << 16 | extra << 4 | base_kind;
        },
        .distances => {
            if (symbol > 29) return invalid_kind;
            if (symbol < 2) return symbol + 1 << 16 | base_kind;
            const extra = symbol / 2 - 1;
            return (2 + symbol % 2 << @intCast(extra)) + 1 << 16 | extra << 4 | base_kind;
        },
    }
}

/// Decode one whole stream, handing the bytes to the sink.
pub fn stream(comptime sink: fn ([]const u8) void) void {
    @setRuntimeSafety(true);
    top = 0;
    seen = 0;
    while (true) {
        const header = bits.read(3);
        switch (header >> 1) {
            0 => stored(sink),
            1 => {
                if (!fixed) buildFixed();
                compressed(sink);
            },
            2 => {
                buildDynamic();
                compressed(sink);
            },
            else => report.fail("deflate: unknown block type"),
        }
        if (header & 1 != 0) break;
    }
    flush(sink);
}

/// Hand on what is new; make room by keeping only what matches can reach.
fn flush(comptime sink: fn ([]const u8) void) void {
    @setRuntimeSafety(true);
    sink(window[seen..top]);
    if (top > history) {
        runtime.copyDown(&window, window[top - history ..].ptr, history);
        top = history;
    }
    seen = top;
}

fn stored(comptime sink: fn ([]const u8) void) void {
    @setRuntimeSafety(true);
    bits.align_();
    const length = bits.read(16);
    if (bits.read(16) != length ^ 0xffff) report.fail("deflate: a stored block's length is damaged");
    var left: usize = length;
    while (left > 0) {
        if (top >= history + fresh) flush(sink);
        const part = bits.bytes(@min(left, history + fresh - top));
        @memcpy(window[top..][0..part.len], part);
        top += part.len;
        left -= part.len;
    }
}

fn buildFixed() void {
    @setRuntimeSafety(true);
    var lengths: [288]u8 = undefined;
    for (&lengths, 0..) |*length, symbol| {
        length.* = if (symbol < 144) 8 else if (symbol < 256) 9 else if (symbol < 280) 7 else 8;
    }
    build(&literals, .literals, &lengths);
    @memset(lengths[0..32], 5);
    build(&distances, .distances, lengths[0..32]);
    fixed = true;
}

fn buildDynamic() void {
    @setRuntimeSafety(true);
    fixed = false;
    const literal_count = bits.read(5) + 257;
    const count = literal_count + bits.read(5) + 1;
    if (literal_count > 286 or count - literal_count > 30) report.fail("deflate: too many symbols");
    var lengths: [320]u8 = undefined;
    @memset(&lengths, 0);
    for (0..bits.read(4) + 4) |i| {
        const order = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f";
        lengths[order[i]] = @intCast(bits.read(3));
    }
    build(&distances, .lengths, lengths[0..19]);
    var at: usize = 0;
    while (at < count) {
        bits.position.refill();
        const entry = distances.decode(bits.position.hold);
        bits.position.drop(entry & 15);
        const symbol = entry >> 16;
        var value: u8 = @intCast(symbol);
        var repeat: usize = 1;
        if (symbol > 15) {
            value = 0;
            if (symbol == 16) {
                if (at == 0) report.fail("deflate: nothing to repeat");
                value = lengths[at - 1];
            }
            repeat = switch (symbol) {
                16 => 3 + bits.position.take(2),
                17 => 3 + bits.position.take(3),
                else => 11 + bits.position.take(7),
            };
            if (repeat > count - at) report.fail("deflate: too many code lengths");
        }
        @memset(lengths[at..][0..repeat], value);
        at += repeat;
    }
    if (lengths[256] == 0) report.fail("deflate: no code for the end of the block");
    build(&literals, .literals, lengths[0..literal_count]);
    build(&distances, .distances, lengths[literal_count..count]);
}

/// A block of literals and matches: the hot loop.
fn compressed(comptime sink: fn ([]const u8) void) void {
    @setRuntimeSafety(true);
    // Copies that nothing else can see stay in registers.
    var position = bits.position;
    var out = top;
    while (true) {
        if (out >= history + fresh) {
            top = out;
            flush(sink);
            out = top;
        }
        position.refill();
        var entry = literals.decode(position.hold);
        position.drop(entry & 15);
        if (entry & kind_mask == literal_kind) {
            window[out] = @truncate(entry >> 16);
            out += 1;
            continue;
        }
        if (entry & kind_mask == end_kind) break;
        if (entry & kind_mask == invalid_kind) report.fail("deflate: an invalid length");
        const length = (entry >> 16) + position.take(entry >> 4 & 15);

        // 20 of at least 56 bits are used; a distance takes at most 28.
        entry = distances.decode(position.hold);
        position.drop(entry & 15);
        if (entry & kind_mask == invalid_kind) report.fail("deflate: an invalid distance");
        const distance = (entry >> 16) + position.take(entry >> 4 & 15);
        if (distance > out) report.fail("deflate: a distance too far back");

        const end = out + length;
        var from = out - distance;
        if (distance >= 8) {
            while (out < end) {
                window[out..][0..8].* = window[from..][0..8].*;
                out += 8;
                from += 8;
            }
        } else while (out < end) {
            window[out] = window[from];
            out += 1;
            from += 1;
        }
        out = end;
    }
    bits.position = position;
    top = out;
}
