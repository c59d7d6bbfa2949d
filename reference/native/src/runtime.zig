//! The program's entry: where the kernel starts it, with the arguments on the stack.

const builtin = @import("builtin");
const root = @import("root");

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

fn run(stack: [*]const usize) callconv(.c) noreturn {
    root.run(stack);
}
