//! A short text that is read from its beginning to its end.

/// What is behind the last byte.
pub const end = 0x100;

var text: []const u8 = undefined;
pub var at: usize = 0;

pub noinline fn begin(of: []const u8) void {
    text = of;
    at = 0;
}

/// The next byte.
pub noinline fn peek() u32 {
    @setRuntimeSafety(true);
    return if (at < text.len) text[at] else end;
}

/// The same, and go past it.
pub noinline fn take() u32 {
    @setRuntimeSafety(true);
    const byte = peek();
    if (byte != end) at += 1;
    return byte;
}

/// Go on to the next such byte, or to the end.
pub noinline fn find(byte: u32) void {
    while (peek() != byte and peek() != end) _ = take();
}

/// Digits, however many; the largest number of all if there is none, the one before if it does not
/// fit.
pub noinline fn number() u64 {
    @setRuntimeSafety(true);
    if (peek() -% '0' > 9) return none;
    var value: u64 = 0;
    while (peek() -% '0' <= 9) value = value *| 10 +| (take() - '0');
    return @min(value, none - 1);
}

pub const none = ~@as(u64, 0);
