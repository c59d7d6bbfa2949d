//! Comparing bytes. The standard library's way is fast and large; names are short.

pub fn startsWith(text: []const u8, prefix: []const u8) bool {
    @setRuntimeSafety(true);
    if (text.len < prefix.len) return false;
    for (prefix, text[0..prefix.len]) |want, have| if (want != have) return false;
    return true;
}

pub fn equal(a: []const u8, b: []const u8) bool {
    return a.len == b.len and startsWith(a, b);
}
