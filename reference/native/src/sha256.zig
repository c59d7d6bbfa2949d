//! SHA-256 (FIPS 180-4), in software and with the processor's own instructions.

const std = @import("std");
const builtin = @import("builtin");
const memory = @import("memory.zig");

/// Whether `compress` may use the SHA extensions; set once, by `detect`.
pub var accelerated = false;

pub const State = [8]u32;

pub const initial: State = .{
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

const constants: [64]u32 align(16) = .{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/// Ask the processor. `hwcap` is the kernel's AT_HWCAP word; x86_64 does not need it.
pub fn detect(hwcap: usize) void {
    accelerated = switch (builtin.cpu.arch) {
        .x86_64 => extensions: {
            if (cpuid(0).a < 7) break :extensions false;
            break :extensions cpuid(7).b >> 29 & 1 != 0;
        },
        .aarch64 => hwcap >> 6 & 1 != 0,
        else => comptime unreachable,
    };
}

const Identification = struct { a: u32, b: u32 };

fn cpuid(leaf: u32) Identification {
    var a: u32 = undefined;
    var b: u32 = undefined;
    asm volatile ("cpuid"
        : [a] "={eax}" (a),
          [b] "={ebx}" (b),
        : [leaf] "{eax}" (leaf),
          [subleaf] "{ecx}" (0),
        : .{ .ecx = true, .edx = true });
    return .{ .a = a, .b = b };
}

/// The message schedule. Global, because a local one would be filled with a pattern each time.
var words: [64]u32 align(16) = undefined;

/// Hash `data`, a whole number of 64-byte blocks.
pub fn compress(state: *State, data: []const u8) void {
    @setRuntimeSafety(true);
    var at: usize = 0;
    while (at < data.len) : (at += 64) {
        for (0..16) |i| words[i] = @byteSwap(memory.load(u32, data[at + i * 4 ..][0..4]));
        const step = if (accelerated) compressWithExtensions(state.*) else compressInSoftware(state.*);
        for (state, step) |*word, more| word.* +%= more;
    }
}

fn compressInSoftware(start: State) State {
    @setRuntimeSafety(true);
    const rotate = std.math.rotr;
    for (16..64) |i| {
        const early = words[i - 15];
        const late = words[i - 2];
        words[i] = words[i - 16] +% words[i - 7] +%
            (rotate(u32, early, 7) ^ rotate(u32, early, 18) ^ early >> 3) +%
            (rotate(u32, late, 17) ^ rotate(u32, late, 19) ^ late >> 10);
    }
    var s = start;
    for (words, constants) |word, constant| {
        const first = s[7] +% word +% constant +% (s[6] ^ s[4] & (s[5] ^ s[6])) +%
            (rotate(u32, s[4], 6) ^ rotate(u32, s[4], 11) ^ rotate(u32, s[4], 25));
        const second = (s[0] & s[1] | s[2] & (s[0] | s[1])) +%
            (rotate(u32, s[0], 2) ^ rotate(u32, s[0], 13) ^ rotate(u32, s[0], 22));
        const next: State = .{ first +% second, s[0], s[1], s[2], s[3] +% first, s[4], s[5], s[6] };
        s = next;
    }
    return s;
}

/// Sixteen times four rounds. The message words rotate through four registers, so that the loop
/// stays small; the last three turns compute words that nobody uses.
fn compressWithExtensions(start: State) State {
    switch (builtin.cpu.arch) {
        .x86_64 => {
            // The instructions want the eight words as ABEF and CDGH, highest first.
            var s: State align(16) = .{ start[5], start[4], start[1], start[0], start[7], start[6], start[3], start[2] };
            _ = asm volatile (
                \\ movdqa (%[state]), %%xmm1
                \\ movdqa 16(%[state]), %%xmm2
                \\ movdqa (%[words]), %%xmm3
                \\ movdqa 16(%[words]), %%xmm4
                \\ movdqa 32(%[words]), %%xmm5
                \\ movdqa 48(%[words]), %%xmm6
                \\ xorl %%eax, %%eax
                \\1:
                \\ movdqa (%[constants],%%rax), %%xmm0
                \\ paddd %%xmm3, %%xmm0
                \\ sha256rnds2 %%xmm1, %%xmm2
                \\ pshufd $0x0e, %%xmm0, %%xmm0
                \\ sha256rnds2 %%xmm2, %%xmm1
                \\ sha256msg1 %%xmm4, %%xmm3
                \\ movdqa %%xmm6, %%xmm7
                \\ palignr $4, %%xmm5, %%xmm7
                \\ paddd %%xmm3, %%xmm7
                \\ sha256msg2 %%xmm6, %%xmm7
                \\ movdqa %%xmm4, %%xmm3
                \\ movdqa %%xmm5, %%xmm4
                \\ movdqa %%xmm6, %%xmm5
                \\ movdqa %%xmm7, %%xmm6
                \\ addb $16, %%al
                \\ jne 1b
                \\ movdqa %%xmm1, (%[state])
                \\ movdqa %%xmm2, 16(%[state])
                : [end] "=&{rax}" (-> usize),
                : [state] "r" (&s),
                  [words] "r" (&words),
                  [constants] "r" (&constants),
                : .{ .xmm0 = true, .xmm1 = true, .xmm2 = true, .xmm3 = true, .xmm4 = true, .xmm5 = true, .xmm6 = true, .xmm7 = true, .memory = true });
            return .{ s[3], s[2], s[7], s[6], s[1], s[0], s[5], s[4] };
        },
        .aarch64 => {
            var result = start;
            _ = asm volatile (
                \\ .arch_extension crypto
                \\ ld1 {v0.4s, v1.4s}, [%[state]]
                \\ ld1 {v3.4s, v4.4s, v5.4s, v6.4s}, [%[words]]
                \\ mov w9, #16
                \\1:
                \\ ld1 {v7.4s}, [%[constants]], #16
                \\ add v7.4s, v7.4s, v3.4s
                \\ sha256su0 v3.4s, v4.4s
                \\ mov v16.16b, v0.16b
                \\ sha256h q0, q1, v7.4s
                \\ sha256h2 q1, q16, v7.4s
                \\ sha256su1 v3.4s, v5.4s, v6.4s
                \\ mov v16.16b, v3.16b
                \\ mov v3.16b, v4.16b
                \\ mov v4.16b, v5.16b
                \\ mov v5.16b, v6.16b
                \\ mov v6.16b, v16.16b
                \\ subs w9, w9, #1
                \\ b.ne 1b
                \\ st1 {v0.4s, v1.4s}, [%[state]]
                : [constants] "=r" (-> usize),
                : [first] "0" (&constants),
                  [state] "r" (&result),
                  [words] "r" (&words),
                : .{ .x9 = true, .v0 = true, .v1 = true, .v3 = true, .v4 = true, .v5 = true, .v6 = true, .v7 = true, .v16 = true, .memory = true });
            return result;
        },
        else => comptime unreachable,
    }
}

/// Hash the last bytes, `buffer[0..length]`, of `total` in all. The padding is written behind
/// them, at most 72 bytes of it.
pub fn finish(state: *State, buffer: []u8, length: usize, total: u64) void {
    @setRuntimeSafety(true);
    // One 0x80, zeros, and the length in bits as the last 8 bytes of a block.
    const padded = (length + 8) / 64 * 64 + 64;
    @memset(buffer[length..padded], 0);
    buffer[length] = 0x80;
    memory.store(u64, buffer[padded - 8 ..][0..8], @byteSwap(total *% 8));
    compress(state, buffer[0..padded]);
}

/// The digest as 64 lowercase hexadecimal digits.
pub fn hex(state: *const State) [64:0]u8 {
    @setRuntimeSafety(true);
    var text: [64:0]u8 = @splat(0);
    for (&text, 0..) |*digit, i| {
        const word = state[i / 8];
        digit.* = "0123456789abcdef"[word >> @intCast(28 - i % 8 * 4) & 15];
    }
    return text;
}
