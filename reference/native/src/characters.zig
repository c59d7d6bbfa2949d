//! What characters may be part of, in one table.

/// RFC 9110, 5.6.2: methods and names of fields.
pub const token = 1;
/// RFC 9110, 7.2: Host.
pub const host = 2;
/// OCI distribution specification, "Pulling manifests": tags.
pub const tag = 4;
/// Digits of a digest, which are never capital (NAMES-6).
pub const hexadecimal = 8;
/// HTTP-8: targets, and media types.
pub const visible = 16;
pub const decimal = 32;
pub const zero = 64;

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

const table: [128]u8 = table: {
    @setEvalBranchQuota(2000);
    var made: [128]u8 = @splat(0);
    for (letters ++ "!#$%&'*+-.^_`|~") |byte| made[byte] |= token;
    for (letters ++ "-._~%!$&'()*+,;=:[]") |byte| made[byte] |= host;
    for (letters ++ "_.-") |byte| made[byte] |= tag;
    for ("0123456789abcdef") |byte| made[byte] |= hexadecimal;
    for ('!'..'~' + 1) |byte| made[byte] |= visible;
    for ("0123456789") |byte| made[byte] |= decimal;
    made['0'] |= zero;
    break :table made;
};

pub fn is(byte: u8, class: u8) bool {
    @setRuntimeSafety(true);
    return byte < 128 and table[byte] & class != 0;
}

/// How many bytes of this class `text` begins with.
pub noinline fn run(text: []const u8, class: u8) usize {
    @setRuntimeSafety(true);
    var length: usize = 0;
    while (length < text.len and is(text[length], class)) length += 1;
    return length;
}

/// NAMES-6
pub fn isTag(text: []const u8) bool {
    @setRuntimeSafety(true);
    return text.len > 0 and text.len <= 128 and text[0] != '.' and text[0] != '-' and
        run(text, tag) == text.len;
}

/// NAMES-6: the digits of a digest; none if it is no digest.
pub fn digits(text: []const u8) ?*const [64]u8 {
    @setRuntimeSafety(true);
    const memory = @import("memory.zig");
    if (text.len != 7 + 64 or !memory.startsWith(text, "sha256:")) return null;
    return if (run(text[7..], hexadecimal) == 64) text[7..71] else null;
}

/// The value of a digit of up to 16; 16 if it is none.
pub noinline fn value(byte: u32) u32 {
    @setRuntimeSafety(true);
    if (byte -% '0' < 10) return byte - '0';
    const small = byte | 0x20;
    return if (small -% 'a' < 6) small - 'a' + 10 else 16;
}
