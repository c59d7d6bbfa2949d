//! For the tests: the injector's parts as a program that works on many inputs in one run.
//!
//! Standard input is a sequence of tasks: a letter, the number of bytes (32 bits, lowest byte
//! first), the bytes. Every task runs in a process of its own, because a part that rejects its
//! input ends the process. The answers on standard output have the same form; the letter says how
//! the task ended, see `Ending`.
//!
//! Tasks: `s` and `S` answer with the SHA-256, in software and with the processor's extensions;
//! `g` with the decompressed bytes of a gzip stream; `x` extracts a payload to /N/zarf-stage2, where
//! N is the number of the task; `j` answers with the events of a JSON document, `q` with what a
//! request's head says, see `events` and `head`.

const std = @import("std");
const linux = std.os.linux;

const bits = @import("src/bits.zig");
const crc32 = @import("src/crc32.zig");
const extract = @import("src/extract.zig");
const gzip = @import("src/gzip.zig");
const json = @import("src/json.zig");
const memory = @import("src/memory.zig");
const net = @import("src/net.zig");
const request = @import("src/request.zig");
const runtime = @import("src/runtime.zig");
const sha256 = @import("src/sha256.zig");
const sys = @import("src/sys.zig");
const tar = @import("src/tar.zig");

/// No handler here: a failed check is to be seen as a signal.
pub const panic = std.debug.no_panic;

comptime {
    @export(&runtime.entry, .{ .name = "_start" });
}
pub const _start = {};

/// How a task ended. `unavailable`: the processor has no such instructions.
const Ending = enum(u8) { done = 'd', rejected = 'r', died = 'x', unavailable = 'u' };
const unavailable_status = 77;

const input_limit = 1 << 24;
const output_limit = 1 << 26;

/// Memory that the task's process shares with its parent, so that the answer comes back.
var input: []u8 = undefined;
var output: []u8 = undefined;
const Answer = struct { length: usize };
var answer: *Answer = undefined;

pub const destination = "/zarf-stage2";
pub const tells_progress = true;

/// What the decompressor reads from: the task's bytes.
pub const source = struct {
    var taken: usize = 0;

    pub fn fill(into: []u8) u32 {
        @setRuntimeSafety(true);
        const part = input[taken..][0..@min(into.len, input.len - taken)];
        memory.copy(into, part);
        taken += part.len;
        return @intCast(part.len);
    }
};

pub fn run(stack: [*]const usize) noreturn {
    @setRuntimeSafety(true);
    sha256.detect(runtime.hardware(stack));
    sha256.prepare();
    crc32.prepare();
    sys.clearUmask();
    const whole = share(input_limit + output_limit + @sizeOf(Answer));
    output = whole[input_limit..][0..output_limit];
    answer = @ptrCast(@alignCast(whole[input_limit + output_limit ..]));
    var number: u32 = 0;
    var header: [5]u8 = undefined;
    while (receive(&header)) : (number += 1) {
        const length = memory.load(u32, header[1..5]);
        if (length > input_limit) sys.exit(3);
        input = whole[0..length];
        if (!receive(input)) sys.exit(3);
        answer.length = 0;
        const ending = attend(header[0], number);
        header[0] = @backingInt(ending);
        const said = if (ending == .done) answer.length else 0;
        memory.store(u32, header[1..5], @intCast(said));
        send(&header);
        send(output[0..said]);
    }
    sys.exit(0);
}

fn attend(task: u8, number: u32) Ending {
    @setRuntimeSafety(true);
    const child = linux.fork();
    if (child == 0) {
        perform(task, number);
        sys.exit(0);
    }
    var status: u32 = undefined;
    _ = linux.syscall4(.wait4, child, @intFromPtr(&status), 0, 0);
    if (status & 0x7f != 0) return .died;
    return switch (status >> 8 & 0xff) {
        0 => .done,
        1 => .rejected,
        unavailable_status => .unavailable,
        else => .died,
    };
}

fn perform(task: u8, number: u32) void {
    @setRuntimeSafety(true);
    switch (task) {
        's' => {
            sha256.accelerated = false;
            hash();
        },
        'S' => {
            if (!sha256.accelerated) sys.exit(unavailable_status);
            hash();
        },
        'g' => while (true) {
            const part = gzip.next();
            if (part.len == 0) break;
            memory.copy(output[answer.length..], part);
            answer.length += part.len;
            gzip.take(part.len);
        },
        'j' => events(),
        'q' => head(),
        'x' => {
            // Progress lines would mix with the answers: a directory takes none.
            _ = sys.close(1);
            _ = sys.open(sys.working_directory, ".", .directory);
            enterRoot(number);
            extract.begin(destination);
            tar.read();
            extract.finish();
        },
        else => sys.exit(3),
    }
}

/// Letters for what there is; a key or text is followed by its length, as a trailer's number, and its
/// bytes.
fn events() void {
    @setRuntimeSafety(true);
    const file = net.unnamedFile();
    if (file < 0 or sys.write(file, input) != input.len) sys.exit(3);
    if (!json.read(visitor, file)) sys.exit(1);
}

const visitor = struct {
    pub const outermost = 0;

    pub fn element(_: u32) u32 {
        return 0;
    }

    pub fn key(_: u32) u32 {
        put("k");
        putText(json.get());
        return 0;
    }

    pub fn begin(_: u32, first: u32) void {
        if (first == '{') put("{");
        if (first == '[') put("[");
    }

    pub fn end(_: u32, first: u32) void {
        switch (first) {
            '{', '[' => put("}"),
            '"' => {
                put("s");
                putText(json.get());
            },
            else => put("."),
        }
    }
};

/// Nothing, if more has to come. The status, if it is refused; else how many bytes it has, whether
/// the connection ends, method, target and range.
fn head() void {
    @setRuntimeSafety(true);
    const length = request.parse(input);
    if (request.asked.refusal) |status| return put(memory.span(status));
    if (length == 0) return;
    var number: [4]u8 = undefined;
    memory.store(u32, &number, @intCast(length));
    put(&number);
    put(&.{ "-c"[@intFromBool(request.asked.closes)], "gho"[@backingInt(request.asked.method)] });
    putText(request.asked.target);
    putText(request.asked.range);
}

fn putText(text: []const u8) void {
    @setRuntimeSafety(true);
    var number: [4]u8 = undefined;
    memory.store(u32, &number, @intCast(text.len));
    put(&number);
    put(text);
}

fn put(part: []const u8) void {
    @setRuntimeSafety(true);
    memory.copy(output[answer.length..], part);
    answer.length += part.len;
}

fn hash() void {
    @setRuntimeSafety(true);
    var state: sha256.State align(16) = sha256.initial;
    const whole = input.len & ~@as(usize, 63);
    sha256.compress(&state, input[0..whole]);
    memory.copy(&bits.buffer, input[whole..]);
    sha256.finish(&state, &bits.buffer, input.len - whole, input.len);
    const text = sha256.hex(&state);
    memory.copy(output, text[0..64]);
    answer.length = 64;
}

/// Make a directory named by the task's number the root.
fn enterRoot(number: u32) void {
    @setRuntimeSafety(true);
    var name: [12:0]u8 = @splat(0);
    var at: usize = 11;
    var rest = number;
    while (true) {
        at -= 1;
        name[at] = '0' + @as(u8, @intCast(rest % 10));
        rest /= 10;
        if (rest == 0) break;
    }
    at -= 1;
    name[at] = '/';
    const path: [*:0]const u8 = @ptrCast(&name[at]);
    if (sys.makeDirectory(sys.working_directory, path) < 0) sys.exit(3);
    if (linux.syscall1(.chroot, @intFromPtr(path)) != 0) sys.exit(3);
    if (linux.syscall1(.chdir, @intFromPtr("/")) != 0) sys.exit(3);
}

fn share(size: usize) []align(4096) u8 {
    const readable_writable = 3;
    const shared_anonymous = 0x21;
    const none: usize = @bitCast(@as(isize, -1));
    const address = linux.syscall6(.mmap, 0, size, readable_writable, shared_anonymous, none, 0);
    if (address > none - 4096) sys.exit(3);
    return @as([*]align(4096) u8, @ptrFromInt(address))[0..size];
}

/// Fill `into` from standard input. False: it ended before.
fn receive(into: []u8) bool {
    @setRuntimeSafety(true);
    var rest = into;
    while (rest.len > 0) {
        const got = sys.read(0, rest);
        if (got <= 0) return false;
        rest = rest[@intCast(got)..];
    }
    return true;
}

fn send(data: []const u8) void {
    @setRuntimeSafety(true);
    var rest = data;
    while (rest.len > 0) {
        const written = sys.write(1, rest);
        if (written <= 0) sys.exit(3);
        rest = rest[@intCast(written)..];
    }
}
