//! The program's entry: where the kernel starts it, with the arguments on the stack.

const builtin = @import("builtin");
const root = @import("root");
const memory = @import("memory.zig");

pub fn entry() callconv(.naked) noreturn {
    switch (builtin.cpu.arch) {
        .x86_64 => asm volatile (
            \\ movq %%rsp, %%rdi
            \\ andq $-16, %%rsp
            \\ callq %[run:P]
            :
            : [run] "X" (&run),
        ),
        .aarch64 => asm volatile (
            \\ mov x0, sp
            \\ b %[run]
            :
            : [run] "X" (&run),
        ),
        else => @compileError("x86_64 and aarch64 only"),
    }
}

/// The kernel's word on what the processor can do (AT_HWCAP). The stack begins with the argument
/// count, the arguments, a zero, the environment, a zero, and the auxiliary vector, which is pairs
/// of a key and a value.
pub fn hardware(stack: [*]const usize) usize {
    @setRuntimeSafety(true);
    var at = stack + stack[0] + 2;
    while (at[0] != 0) at += 1;
    at += 1;
    while (at[0] != 0) : (at += 2) {
        if (at[0] == 16) return at[1];
    }
    return 0;
}

fn run(stack: [*]const usize) callconv(.c) noreturn {
    bottom = stack;
    root.run(stack);
}

/// Where the stack began.
var bottom: [*]const usize = undefined;

/// Call a function on an empty stack: whatever was being done is not gone back to.
pub fn startAgain(comptime function: fn () callconv(.c) noreturn) noreturn {
    switch (builtin.cpu.arch) {
        .x86_64 => asm volatile (
            \\ movq %[bottom], %%rsp
            \\ andq $-16, %%rsp
            \\ callq %[function:P]
            :
            : [bottom] "r" (bottom),
              [function] "X" (&function),
        ),
        .aarch64 => asm volatile (
            \\ mov sp, %[bottom]
            \\ b %[function]
            :
            : [bottom] "r" (bottom),
              [function] "X" (&function),
        ),
        else => @compileError("x86_64 and aarch64 only"),
    }
    unreachable;
}

/// The value of an environment variable, if it is set and not empty.
pub fn variable(stack: [*]const usize, name: []const u8) ?[*:0]const u8 {
    @setRuntimeSafety(true);
    var at = stack[0] + 2;
    while (stack[at] != 0) : (at += 1) {
        const text: [*:0]const u8 = @ptrFromInt(stack[at]);
        // `name` ends in the equals sign, so that a longer one is not taken for it.
        if (memory.startsWith(memory.span(text), name) and text[name.len] != 0) return text + name.len;
    }
    return null;
}
