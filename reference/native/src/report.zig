//! What the injector says: progress on standard output, one line on standard error on failure.
//!
//! Failing to speak changes nothing else (RUN-9): results of these writes are not looked at, and
//! SIGPIPE is ignored.

const sys = @import("sys.zig");

/// What is being worked on: a chunk or a member of the archive. Empty between them.
pub var subject: []const u8 = "";

var line: [8192]u8 = undefined;
var used: usize = 0;

pub fn put(text: []const u8) void {
    @setRuntimeSafety(true);
    const count = @min(text.len, line.len - used);
    @memcpy(line[used..][0..count], text[0..count]);
    used += count;
}

/// Send the line, in one write so that lines of several processes do not mix.
pub fn send(descriptor: sys.Descriptor) void {
    put("\n");
    _ = sys.write(descriptor, line[0..used]);
    used = 0;
}

fn putText(text: [*:0]const u8) void {
    var length: usize = 0;
    while (text[length] != 0) length += 1;
    put(text[0..length]);
}

/// RUN-3: end with status 1 and a line that names the cause and, where there is one, the entry.
pub fn fail(cause: [*:0]const u8) noreturn {
    start(cause);
    finish();
}

/// The same for a system call that failed. `code` is its negative result.
pub fn failCall(cause: [*:0]const u8, code: sys.Result) noreturn {
    @setRuntimeSafety(true);
    start(cause);
    const number: u8 = @truncate(@abs(code));
    put(": error ");
    const digits = [3]u8{ '0' + number / 100, '0' + number / 10 % 10, '0' + number % 10 };
    put(&digits);
    var at: usize = 0;
    while (at < reasons.len) : (at += 1) {
        if (reasons[at] == number) {
            put(", ");
            putText(reasons[at + 1 ..]);
            break;
        }
        while (reasons[at] != 0) at += 1;
    }
    finish();
}

/// Error codes of Linux, each followed by its meaning and a zero byte.
const reasons = "\x01not permitted\x00" ++
    "\x02not found\x00" ++
    "\x05input/output error\x00" ++
    "\x0dpermission denied\x00" ++
    "\x11exists\x00" ++
    "\x14not a directory, or a symbolic link\x00" ++
    "\x15is a directory\x00" ++
    "\x1bfile too large\x00" ++
    "\x1cno space left\x00" ++
    "\x1eread-only file system\x00" ++
    "\x24name too long\x00" ++
    "\x28symbolic link loop\x00";

/// The digest line of SUM-5.
pub fn failDigest(expected: []const u8, actual: []const u8) noreturn {
    start("SHA-256 mismatch: expected ");
    put(expected);
    put(", actual ");
    put(actual);
    finish();
}

fn start(cause: [*:0]const u8) void {
    used = 0;
    put("zarf-injector: ");
    if (subject.len > 0) {
        put(subject);
        put(": ");
    }
    putText(cause);
}

fn finish() noreturn {
    send(2);
    sys.exit(1);
}
