//! DEFLATE (RFC 1951): blocks of one stream, decoded step by step into a window.
//!
//! Accepts exactly what zlib accepts (GZ-1, GZ-4).

const bits = @import("bits.zig");
const huffman = @import("huffman.zig");
const memory = @import("memory.zig");

const history = 32768;
/// Where there is still room for the longest match.
const limit = history + (1 << 16);
/// The longest match, and what copying in words of eight bytes may write beyond it.
const slack = 258 + 8;

/// Decoded bytes. A plain array whose end is moved to its front now and then, because matches
/// reach back 32 KiB at most: no index ever wraps around.
pub var window: [limit + slack]u8 = undefined;

/// Where the next byte goes.
pub var top: u32 = 0;

const State = enum { between_blocks, in_stored, in_compressed, in_nonsense };
var state: State = .between_blocks;
var last_block = false;
/// Bytes still to come of a stored block.
var stored_left: u32 = 0;

/// Whether the current codes are those of fixed blocks: a stream of a million empty fixed blocks
/// must not build them a million times (BOX-8).
var fixed = false;

/// Start a new stream: it cannot refer to bytes of the one before.
pub fn begin() void {
    top = 0;
    last_block = false;
}

/// Make room if there is none, then decode a piece. Bytes before `top` have been dealt with.
/// False once the stream has ended.
pub fn step() bool {
    @setRuntimeSafety(true);
    switch (state) {
        .between_blocks => {
            if (last_block) return false;
            block();
        },
        .in_stored => stored(),
        // Nobody comes back to `in_nonsense`.
        else => compressed(),
    }
    return true;
}

/// Keep only what matches can reach.
pub inline fn makeRoom() void {
    @setRuntimeSafety(true);
    if (top < limit) return;
    memory.copy(&window, window[top - history .. top]);
    top = history;
}

noinline fn block() void {
    @setRuntimeSafety(true);
    last_block = bits.read(1) != 0;
    const kind = bits.read(2);
    if (kind == 0) {
        bits.alignToByte();
        stored_left = bits.read(16);
        if (bits.read(16) ^ stored_left != 0xffff) bits.fail(huffman.invalid);
        if (stored_left != 0) state = .in_stored;
        return;
    }
    if (kind == 3) bits.fail(huffman.invalid);
    state = .in_compressed;
    const want_fixed = kind == 1;
    if (!want_fixed) huffman.buildDynamic() else if (!fixed) huffman.buildFixed();
    fixed = want_fixed;
}

fn stored() void {
    @setRuntimeSafety(true);
    _ = bits.ended();
    const position = bits.here();
    const part = @min(stored_left, position.end - position.at, limit - top);
    memory.copy(window[top..], bits.buffer[position.at..][0..part]);
    position.at += part;
    top += part;
    stored_left -= part;
    if (stored_left == 0) state = .between_blocks;
}

/// Literals and matches, as many as there is room for. This is where the time goes: it works on
/// copies of the reading position, which stay in registers, and leaves the inner loop as soon as
/// it would have to call something.
noinline fn compressed() void {
    @setRuntimeSafety(true);
    const position = bits.here();
    var out: usize = top;
    outer: while (out < limit) {
        if (@as(usize, position.at) + 8 > position.end) bits.more();
        var hold = position.hold;
        var count: usize = position.count;
        var at: usize = position.at;
        const end: usize = position.end;
        defer {
            position.hold = hold;
            position.count = @truncate(count);
            position.at = @truncate(at);
        }
        while (out < limit and at + 8 <= end) {
            // As `bits.refill`: at least 56 bits.
            hold |= bits.word(at) << @truncate(count);
            at += (63 - count) >> 3;
            count |= 56;

            var entry = huffman.literals.decode(hold);
            hold >>= @truncate(entry & 15);
            count -= entry & 15;
            if (huffman.isLiteral(entry)) {
                window[out] = @truncate(entry >> 16);
                out += 1;
                continue;
            }
            if (huffman.isSpecial(entry)) {
                state = if (huffman.isEnd(entry)) .between_blocks else .in_nonsense;
                break :outer;
            }
            var extra = entry >> 4 & 15;
            const length = (entry >> 16) + bits.low(hold, extra);
            hold >>= @truncate(extra);
            count -= extra;

            // 20 of at least 56 bits are used; a distance takes at most 28.
            entry = huffman.distances.decode(hold);
            hold >>= @truncate(entry & 15);
            count -= entry & 15;
            const nowhere = huffman.isSpecial(entry);
            extra = entry >> 4 & 15;
            const distance = (entry >> 16) + bits.low(hold, extra);
            hold >>= @truncate(extra);
            count -= extra;
            if (nowhere or distance > out) {
                state = .in_nonsense;
                break :outer;
            }

            const stop = out + length;
            var from = out - distance;
            if (distance < 8) {
                // Byte by byte until the pattern repeats itself over a word or more.
                for (0..8) |_| {
                    window[out] = window[from];
                    out += 1;
                    from += 1;
                }
                from = out;
                while (from + 8 > out) from -= distance;
            }
            while (out < stop) {
                memory.store(u64, window[out..][0..8], memory.load(u64, window[from..][0..8]));
                out += 8;
                from += 8;
            }
            out = stop;
        }
    }
    top = @truncate(out);
    if (state == .in_nonsense) bits.fail(huffman.invalid);
}
