//! Memory that the decompressor has no use for any more when something is served: what is worked
//! on at the moment, of whatever connection.

const inflate = @import("inflate.zig");

/// A request's head.
pub const head = inflate.window[0 .. 24 << 10];
/// The path of its target.
pub const path = inflate.window[24 << 10 .. 48 << 10];
/// A text of a JSON document.
pub const text = inflate.window[48 << 10 .. 64 << 10];
/// A name in the index.
pub const name = inflate.window[64 << 10 .. 80 << 10];
