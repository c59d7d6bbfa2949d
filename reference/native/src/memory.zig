//! Copying, filling and comparing bytes, in as few instructions as possible.
//!
//! The compiler asks for some of these under the names of the C library; the program calls them as
//! functions of slices, which check the lengths.

const builtin = @import("builtin");

/// Copy `from` to the beginning of `to`. Where the two overlap, `to` must begin first.
pub noinline fn copy(to: []u8, from: []const u8) void {
    @setRuntimeSafety(true);
    copyBytes(to[0..from.len].ptr, from.ptr, from.len);
}

inline fn copyBytes(to: [*]u8, from: [*]const u8, count: usize) void {
    var target = to;
    var origin = from;
    var left = count;
    switch (builtin.cpu.arch) {
        .x86_64 => asm volatile ("rep movsb"
            : [target] "+{rdi}" (target),
              [origin] "+{rsi}" (origin),
              [left] "+{rcx}" (left),
            :
            : .{ .memory = true }),
        // Words of eight bytes while they last. In assembly, because the compiler would recognise
        // a loop that copies, and call the function that it is in.
        .aarch64 => asm volatile (
            \\ 1: subs %[left], %[left], #8
            \\ b.lo 2f
            \\ ldr x9, [%[origin]], #8
            \\ str x9, [%[target]], #8
            \\ b 1b
            \\ 2: adds %[left], %[left], #8
            \\ 3: b.eq 4f
            \\ ldrb w9, [%[origin]], #1
            \\ strb w9, [%[target]], #1
            \\ subs %[left], %[left], #1
            \\ b 3b
            \\ 4:
            : [target] "+r" (target),
              [origin] "+r" (origin),
              [left] "+r" (left),
            :
            : .{ .x9 = true, .nzcv = true, .memory = true }),
        else => @compileError("x86_64 and aarch64 only"),
    }
}

/// The same pointer, but the compiler no longer knows where it points: it then keeps it in a
/// register and reaches the fields of a structure from there, instead of finding out again each
/// time which address that is.
pub inline fn base(pointer: anytype) @TypeOf(pointer) {
    return asm (""
        : [out] "=r" (-> @TypeOf(pointer)),
        : [in] "0" (pointer),
    );
}

/// Bytes as a number, lowest first. Through a pointer, because a conversion by value is compiled
/// byte by byte.
pub inline fn load(comptime Number: type, bytes: *const [@sizeOf(Number)]u8) Number {
    return @as(*align(1) const Number, @ptrCast(bytes)).*;
}

pub inline fn store(comptime Number: type, bytes: *[@sizeOf(Number)]u8, number: Number) void {
    @as(*align(1) Number, @ptrCast(bytes)).* = number;
}

export fn memcpy(noalias to: [*]u8, noalias from: [*]const u8, count: usize) callconv(.c) [*]u8 {
    copyBytes(to, from, count);
    return to;
}

export fn memset(to: [*]u8, value: u32, count: usize) callconv(.c) [*]u8 {
    var target = to;
    var left = count;
    switch (builtin.cpu.arch) {
        .x86_64 => asm volatile ("rep stosb"
            : [target] "+{rdi}" (target),
              [left] "+{rcx}" (left),
            : [value] "{eax}" (value),
            : .{ .memory = true }),
        .aarch64 => asm volatile (
            \\ 1: cbz %[left], 2f
            \\ strb %[value:w], [%[target]], #1
            \\ sub %[left], %[left], #1
            \\ b 1b
            \\ 2:
            : [target] "+r" (target),
              [left] "+r" (left),
            : [value] "r" (value),
            : .{ .memory = true }),
        else => @compileError("x86_64 and aarch64 only"),
    }
    return to;
}

export fn strlen(text: [*:0]const u8) callconv(.c) usize {
    var length: usize = 0;
    while (text[length] != 0) {
        length += 1;
        // Keeps the compiler from recognising what this function is.
        asm volatile ("");
    }
    return length;
}

/// A text of the operating system's kind, without its zero byte.
pub inline fn span(text: [*:0]const u8) []const u8 {
    return text[0..strlen(text)];
}

/// Where the first such byte is; the text's length, where there is none.
pub noinline fn find(text: []const u8, byte: u8) usize {
    @setRuntimeSafety(true);
    var at: usize = 0;
    while (at < text.len and text[at] != byte) at += 1;
    return at;
}

pub noinline fn startsWith(text: []const u8, prefix: []const u8) bool {
    @setRuntimeSafety(true);
    if (text.len < prefix.len) return false;
    for (prefix, text[0..prefix.len]) |want, have| if (want != have) return false;
    return true;
}

/// Where `text` is in a list of words, each with a zero byte behind it, and another one behind the
/// last; the number of words, where it is not among them.
pub noinline fn which(text: []const u8, words: [*:0]const u8) u32 {
    @setRuntimeSafety(true);
    var rest = words;
    var index: u32 = 0;
    while (rest[0] != 0) : (index += 1) {
        const word = span(rest);
        if (equal(text, word)) break;
        rest = rest[word.len + 1 ..];
    }
    return index;
}

pub noinline fn equal(a: []const u8, b: []const u8) bool {
    return a.len == b.len and startsWith(a, b);
}
