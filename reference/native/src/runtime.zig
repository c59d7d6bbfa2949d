//! What a program without a C library must bring along: its entry, and the copying and filling of
//! memory that the compiler asks for by these names.

const builtin = @import("builtin");
const root = @import("root");

pub fn entry() callconv(.naked) noreturn {
    switch (builtin.cpu.arch) {
        .x86_64 => asm volatile (
            \\ movq %%rsp, %%rdi
            \\ andq $-16, %%rsp
            \\ callq %[main:P]
            :
            : [main] "X" (&main),
        ),
        .aarch64 => asm volatile (
            \\ mov x0, sp
            \\ b %[main]
            :
            : [main] "X" (&main),
        ),
        else => @compileError("x86_64 and aarch64 only"),
    }
}

fn main(stack: [*]const usize) callconv(.c) noreturn {
    root.run(stack);
}

export fn memcpy(to: [*]u8, from: [*]const u8, count: usize) callconv(.c) [*]u8 {
    copyDown(to, from, count);
    return to;
}

/// Copy upwards from the lowest address: right for overlapping memory as long as `to` is below
/// `from`.
pub fn copyDown(to: [*]u8, from: [*]const u8, count: usize) void {
    var target = to;
    var origin = from;
    var left = count;
    switch (builtin.cpu.arch) {
        .x86_64 => asm volatile ("rep movsb"
            : [to] "+{rdi}" (target),
              [from] "+{rsi}" (origin),
              [count] "+{rcx}" (left),
            :
            : .{ .memory = true }),
        else => {
            while (left >= 8) : (left -= 8) {
                target[0..8].* = origin[0..8].*;
                target += 8;
                origin += 8;
            }
            while (left > 0) : (left -= 1) {
                target[0] = origin[0];
                target += 1;
                origin += 1;
            }
        },
    }
}

export fn memset(to: [*]u8, value: c_int, count: usize) callconv(.c) [*]u8 {
    const byte: u8 = @truncate(@as(c_uint, @bitCast(value)));
    var target = to;
    var left = count;
    switch (builtin.cpu.arch) {
        .x86_64 => asm volatile ("rep stosb"
            : [to] "+{rdi}" (target),
              [count] "+{rcx}" (left),
            : [value] "{al}" (byte),
            : .{ .memory = true }),
        else => while (left > 0) : (left -= 1) {
            target[0] = byte;
            target += 1;
        },
    }
    return to;
}
