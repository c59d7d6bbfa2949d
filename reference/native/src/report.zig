//! What the injector says: progress on standard output, one line on standard error on failure.
//!
//! Failing to speak changes nothing else (RUN-9): results of these writes are not looked at, and
//! SIGPIPE is ignored.

const memory = @import("memory.zig");
const sys = @import("sys.zig");

/// What is being worked on: a chunk or a member of the archive. Empty between them.
pub var subject: ?[*:0]const u8 = null;

/// Room for the longest name, all of it escaped.
var line: [17 << 10]u8 = undefined;
var used: usize = 0;

/// Names are bytes that somebody else chose. Whatever is not a printable character of ASCII is
/// written as `\x0a`: a newline would forge a line, an escape sequence drive the terminal.
pub noinline fn put(text: [*:0]const u8) void {
    @setRuntimeSafety(true);
    for (memory.span(text)) |byte| {
        if (byte -% ' ' < 95 and byte != '\\') {
            add(byte);
        } else {
            add('\\');
            add('x');
            add(digit(byte >> 4));
            add(digit(byte & 15));
        }
    }
}

noinline fn add(byte: u8) void {
    @setRuntimeSafety(true);
    line[used] = byte;
    used += 1;
}

pub fn digit(value: u32) u8 {
    @setRuntimeSafety(true);
    return "0123456789abcdef"[value];
}

/// Send the line, in one write so that lines of several processes do not mix.
pub noinline fn send(descriptor: sys.Descriptor) void {
    @setRuntimeSafety(true);
    add('\n');
    _ = sys.write(descriptor, line[0..used]);
    used = 0;
}

/// RUN-3: end with status 1 and a line that names the cause and, where there is one, the entry.
pub noinline fn fail(cause: [*:0]const u8) noreturn {
    begin(cause);
    end();
}

/// The same for a system call that failed. `code` is its negative result.
pub noinline fn failCall(cause: [*:0]const u8, code: sys.Result) noreturn {
    @setRuntimeSafety(true);
    begin(cause);
    const number: u8 = @truncate(@abs(code));
    put(": error ");
    put(&[_:0]u8{ '0' + number / 100, '0' + number / 10 % 10, '0' + number % 10 });
    var at: usize = 0;
    while (at < reasons.len) : (at += 1) {
        if (reasons[at] == number) {
            put(" ");
            put(reasons[at + 1 ..]);
            break;
        }
        while (reasons[at] != 0) at += 1;
    }
    end();
}

/// Error codes of Linux, each followed by its meaning and a zero byte.
const reasons = "\x01not permitted\x00" ++
    "\x02not found\x00" ++
    "\x0dpermission denied\x00" ++
    "\x14not a directory\x00" ++
    "\x15is a directory\x00" ++
    "\x1bfile too large\x00" ++
    "\x1cno space\x00" ++
    "\x1eread-only\x00" ++
    "\x28is a link\x00";

/// SUM-5
pub inline fn failDigest(expected: [*:0]const u8, actual: [*:0]const u8) noreturn {
    begin("SHA-256 mismatch: expected ");
    put(expected);
    put(", actual ");
    put(actual);
    end();
}

noinline fn begin(cause: [*:0]const u8) void {
    used = 0;
    put("zarf-injector: ");
    if (subject) |name| {
        put(name);
        put(": ");
    }
    put(cause);
}

noinline fn end() noreturn {
    send(2);
    sys.exit(1);
}
