//! SHA-256 (FIPS 180-4), in software and with the processor's own instructions.

const builtin = @import("builtin");
const memory = @import("memory.zig");
const report = @import("report.zig");

/// Whether `compress` may use the SHA extensions; set once, by `detect`.
pub var accelerated = false;

pub const State = [8]u32;

/// Where in a state the words a to h lie: x86_64's instructions want FEBA and HGDC.
const place: [8]u8 = if (builtin.cpu.arch == .x86_64) .{ 3, 2, 7, 6, 1, 0, 5, 4 } else .{ 0, 1, 2, 3, 4, 5, 6, 7 };

/// The state that every hash begins with, and the constant of each round. Computed by `prepare`:
/// the code is half as long as the numbers.
pub var initial: State = undefined;
var constants: [64]u32 align(16) = undefined;

/// FIPS 180-4, 4.2.2 and 5.3.3: the first 32 bits of the fractions of the square roots of the first
/// 8 primes, and of the cube roots of the first 64.
pub fn prepare() void {
    @setRuntimeSafety(true);
    var prime: u32 = 1;
    for (&constants, 0..) |*constant, i| {
        var divisor: u32 = 0;
        while (divisor != prime) {
            prime +%= 1; // 311 at last
            divisor = 2;
            while (prime % divisor != 0) divisor +%= 1;
        }
        constant.* = fraction(prime, true);
        if (i < 8) initial[place[i]] = fraction(prime, false);
    }
}

/// The first 32 bits of the fraction of a root, bit by bit: the largest `root` in units of 2^-32
/// whose square or cube does not exceed `prime`.
noinline fn fraction(prime: u32, cube: bool) u32 {
    @setRuntimeSafety(true);
    var root: u64 = 0;
    var bit: u64 = 1 << 36;
    while (bit > 0) : (bit >>= 1) {
        const more = root | bit;
        const power = @as(u128, more) * more * (if (cube) more else 1 << 32);
        if (power <= @as(u128, prime) << 96) root = more;
    }
    return @truncate(root);
}

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
pub noinline fn compress(state: *align(16) State, data: []const u8) void {
    @setRuntimeSafety(true);
    var at: usize = 0;
    while (at < data.len) {
        for (words[0..16]) |*word| {
            word.* = @byteSwap(memory.load(u32, data[at..][0..4]));
            at += 4;
        }
        if (accelerated) compressWithExtensions(state) else compressInSoftware(state);
    }
}

fn compressInSoftware(state: *State) void {
    @setRuntimeSafety(true);
    for (16..64) |i| {
        const early = words[i - 15];
        const late = words[i - 2];
        words[i] = words[i - 16] +% words[i - 7] +%
            (rotate(early, 7) ^ rotate(early, 18) ^ early >> 3) +%
            (rotate(late, 17) ^ rotate(late, 19) ^ late >> 10);
    }
    var a_to_h: [8]u32 = undefined;
    inline for (place, &a_to_h) |at, *word| word.* = state[at];
    for (&words, &constants) |word, constant| {
        const a, const b, const c, const d, const e, const f, const g, const h = a_to_h;
        const first = h +% word +% constant +% (g ^ (e & (f ^ g))) +%
            (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25));
        const second = ((a & b) | (c & (a | b))) +%
            (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22));
        a_to_h = .{ first +% second, a, b, c, d +% first, e, f, g };
    }
    inline for (place, a_to_h) |at, word| state[at] +%= word;
}

inline fn rotate(word: u32, comptime count: u5) u32 {
    return word >> count | word << (32 - @as(u6, count));
}

/// Sixteen times four rounds. The message words rotate through four registers, so that the loop
/// stays small; the last four turns compute words that nobody uses.
inline fn compressWithExtensions(state: *align(16) State) void {
    switch (builtin.cpu.arch) {
        .x86_64 => _ = asm volatile (
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
            \\ paddd (%[state]), %%xmm1
            \\ paddd 16(%[state]), %%xmm2
            \\ movdqa %%xmm1, (%[state])
            \\ movdqa %%xmm2, 16(%[state])
            : [end] "=&{rax}" (-> usize),
            : [state] "r" (state),
              [words] "r" (&words),
              [constants] "r" (&constants),
            : .{ .xmm0 = true, .xmm1 = true, .xmm2 = true, .xmm3 = true, .xmm4 = true, .xmm5 = true, .xmm6 = true, .xmm7 = true, .memory = true }),
        .aarch64 => _ = asm volatile (
            \\ .arch_extension crypto
            \\ ld1 {v0.4s, v1.4s}, [%[state]]
            \\ mov v17.16b, v0.16b
            \\ mov v18.16b, v1.16b
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
            \\ add v0.4s, v0.4s, v17.4s
            \\ add v1.4s, v1.4s, v18.4s
            \\ st1 {v0.4s, v1.4s}, [%[state]]
            : [constants] "=r" (-> usize),
            : [first] "0" (&constants),
              [state] "r" (state),
              [words] "r" (&words),
            : .{ .x9 = true, .nzcv = true, .v0 = true, .v1 = true, .v3 = true, .v4 = true, .v5 = true, .v6 = true, .v7 = true, .v16 = true, .v17 = true, .v18 = true, .memory = true }),
        else => comptime unreachable,
    }
}

/// Hash the last bytes, `buffer[0..length]`, of `total` in all. The padding is written behind
/// them, at most 72 bytes of it.
pub fn finish(state: *align(16) State, buffer: []u8, length: usize, total: u64) void {
    @setRuntimeSafety(true);
    // One 0x80, zeros, and the length in bits as the last 8 bytes of a block.
    const padded = (length + 8) / 64 * 64 + 64;
    @memset(buffer[length..padded], 0);
    buffer[length] = 0x80;
    memory.store(u64, buffer[padded - 8 ..][0..8], @byteSwap(total *% 8));
    compress(state, buffer[0..padded]);
}

/// The digest as 64 lowercase hexadecimal digits.
pub fn hex(state: *const State) *const [64:0]u8 {
    @setRuntimeSafety(true);
    for (&text, 0..) |*digit, i| {
        const word = state[place[i / 8]];
        digit.* = report.digit(word >> @intCast(28 - i % 8 * 4) & 15);
    }
    return &text;
}

/// Global, for in a local one zeros would have to be written each time; the last one ends the text.
var text: [64:0]u8 = @splat(0);
