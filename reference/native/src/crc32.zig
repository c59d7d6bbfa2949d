//! CRC-32 (RFC 1952, 8), eight bytes at a time from tables computed at the start.

const memory = @import("memory.zig");

/// `tables[0]` is the classic one; `tables[k]` advances a byte over k more zero bytes.
var tables: [8][256]u32 = undefined;

pub fn prepare() void {
    @setRuntimeSafety(true);
    for (0..256) |byte| {
        var value: u32 = @intCast(byte);
        for (&tables) |*table| {
            for (0..8) |_| value = value >> 1 ^ (0xedb88320 & (0 -% (value & 1)));
            table[byte] = value;
        }
    }
}

/// Continue `crc` (0 at the beginning) over `data`.
pub inline fn update(crc: u32, data: []const u8) u32 {
    @setRuntimeSafety(true);
    var value = ~crc;
    var rest = data;
    while (rest.len >= 8) : (rest = rest[8..]) {
        var word = memory.load(u64, rest[0..8]) ^ value;
        value = 0;
        inline for (0..8) |k| {
            value ^= tables[7 - k][@as(u8, @truncate(word))];
            word >>= 8;
        }
    }
    for (rest) |byte| value = value >> 8 ^ tables[0][@as(u8, @truncate(value)) ^ byte];
    return ~value;
}
