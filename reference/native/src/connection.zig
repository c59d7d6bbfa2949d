//! One connection: requests come in, answers go out, one after the other.
//!
//! A head that comes in one piece, as they do, is worked on in a place that all connections share.
//! Only what is left over, of heads that come in pieces or one behind the other, is kept by connection.

const answer = @import("answer.zig");
const bits = @import("bits.zig");
const clock = @import("clock.zig");
const memory = @import("memory.zig");
const net = @import("net.zig");
const registry = @import("registry.zig");
const request = @import("request.zig");
const scratch = @import("scratch.zig");
const serve = @import("serve.zig");
const sys = @import("sys.zig");

/// HTTP-18: bytes of a blob that are sent before it is somebody else's turn.
const piece = 1 << 21;

/// Seconds from a head's first byte to its last (HTTP-19).
const head_seconds = 60;
/// Seconds between two requests.
const idle_seconds = 120;
/// Seconds without a byte of an answer being taken.
const stall_seconds = 120;
/// Seconds that a client may take to close a connection whose end it was told.
const farewell_seconds = 3;

pub const State = enum(u8) {
    free,
    /// For a request's first byte.
    waiting,
    /// For the rest of a head.
    reading,
    answering,
    /// The client was told the end; what it still sends is dropped.
    leaving,
};

/// What was looked at last, on whatever connection.
const head = scratch.head;

pub const Connection = struct {
    state: State,
    closes: bool,
    /// There may be a whole request among what was kept.
    unparsed: bool,
    /// Its place in the table.
    number: u32,
    /// Bytes that have come and not been answered, see `store`.
    received: usize,
    /// Bytes of an answer's head that the kernel would not take, see `store`.
    unsent: usize,
    store: *serve.Store,
    socket: sys.Descriptor,
    body: answer.Body,
    /// Ticks of the clock: when it began to do what it does, and when that has to be over.
    since: u32,
    deadline: u32,

    pub fn begin(c: *Connection, socket: sys.Descriptor, number: u32, store: *serve.Store) void {
        c.store = store;
        c.socket = socket;
        c.number = number;
        c.body.file = 0;
        c.received = 0;
        c.unparsed = false;
        c.enter(.waiting, idle_seconds);
    }

    /// LIFE-9: let go of everything.
    pub noinline fn close(c: *Connection) void {
        c.letGo();
        _ = sys.close(c.socket);
        c.state = .free;
        serve.gone();
    }

    fn letGo(c: *Connection) void {
        if (c.body.file != 0) _ = sys.close(c.body.file);
        c.body.file = 0;
    }

    noinline fn enter(c: *Connection, state: State, seconds: u32) void {
        c.state = state;
        c.since = clock.tick;
        c.deadline = clock.tick +% seconds;
    }

    /// Whether it may be closed when there are too many: nobody waits for an answer on it.
    pub fn isDispensable(c: *const Connection) bool {
        return c.state != .free and c.state != .answering;
    }

    /// Come back to it when others have had their turn.
    fn again(c: *Connection) void {
        serve.watchAgain(c.socket, c.number);
    }

    /// Go on as far as possible without waiting. `ended`: the client will send nothing more.
    pub fn proceed(c: *Connection, ended: bool) void {
        @setRuntimeSafety(true);
        // Not `switch`: a table of jumps is longer than they are.
        if (c.state == .answering) {
            if (c.send(c.store.unsent[0..c.unsent])) c.again();
        } else if (c.state == .leaving) c.drop() else if (c.state != .free) c.receive(ended);
    }

    /// HTTP-19: it has taken too long.
    pub fn expire(c: *Connection) void {
        if (c.state != .reading) return c.close();
        registry.refuse("408 Request Timeout");
        c.reply(false);
    }

    fn receive(c: *Connection, ended: bool) void {
        @setRuntimeSafety(true);
        const kept = &c.store.kept;
        memory.copy(head, kept[0..c.received]);
        const room = head[c.received..];
        var got = net.receive(c.socket, room);
        if (got <= 0) {
            // What is left over from before may be another request.
            if (!c.unparsed) return if (got != net.again) c.close();
            got = 0;
        }
        const bytes = head[0 .. c.received + @as(usize, @intCast(got))];
        c.received = 0;
        c.unparsed = false;
        const length = request.parse(bytes);
        if (request.asked.refusal) |status| {
            registry.refuse(status);
        } else if (length == 0) {
            if (ended) return c.close();
            if (c.state == .waiting) c.enter(.reading, head_seconds);
            memory.copy(kept, bytes);
            c.received = bytes.len;
            return;
        } else {
            // From here on nobody may close it to make room.
            c.state = .answering;
            registry.respond();
            c.unparsed = length < bytes.len;
            memory.copy(kept, bytes[length..]);
            c.received = bytes.len - length;
        }
        // What came with this request brings no other event: another one, or the end.
        c.reply(c.unparsed or ended or got == room.len);
    }

    /// Send the answer that was put together. `more`: look afterwards at what else has come.
    fn reply(c: *Connection, more: bool) void {
        @setRuntimeSafety(true);
        c.enter(.answering, stall_seconds);
        c.closes = request.asked.closes;
        c.body = answer.body;
        if (c.send(answer.bytes()) and more) c.again();
    }

    /// Send more: of a head, and then of the body. True: that was all of the answer, and the connection
    /// is kept.
    noinline fn send(c: *Connection, of_head: []const u8) bool {
        @setRuntimeSafety(true);
        var rest = of_head;
        while (rest.len > 0) {
            const sent = net.send(c.socket, rest, c.body.file != 0);
            if (!c.went(sent)) {
                memory.copy(&c.store.unsent, rest);
                c.unsent = rest.len;
                return false;
            }
            rest = rest[@intCast(sent)..];
        }
        c.unsent = 0;
        if (c.body.file != 0) {
            var sent: u64 = 0;
            while (c.body.offset < c.body.end) {
                if (sent >= piece) {
                    c.again();
                    return false;
                }
                var result = net.sendFile(c.socket, c.body.file, &c.body.offset, @min(c.body.end - c.body.offset, piece));
                // Some file systems cannot, and some filters of system calls do not let it.
                if (result < 0 and result != net.again) result = c.copy();
                if (!c.went(result)) return false;
                sent += @intCast(result);
            }
            c.letGo();
        }
        if (c.closes) {
            // To close all of it with something unread would be a reset, which may cost the client
            // the answer (RFC 9112, 9.6).
            net.finish(c.socket);
            c.enter(.leaving, farewell_seconds);
            c.drop();
            return false;
        }
        c.enter(.waiting, idle_seconds);
        return true;
    }

    /// Whether something was sent. HTTP-15: where nothing can be, the connection ends before the
    /// length that was told.
    inline fn went(c: *Connection, result: sys.Result) bool {
        if (result > 0) {
            c.deadline = clock.tick +% stall_seconds;
            return true;
        }
        if (result != net.again) c.close();
        return false;
    }

    /// Send by reading.
    fn copy(c: *Connection) sys.Result {
        @setRuntimeSafety(true);
        const part = bits.buffer[0..@min(c.body.end - c.body.offset, bits.buffer.len)];
        const got = net.readAt(c.body.file, part, c.body.offset);
        if (got <= 0) return sys.not_found;
        const sent = sys.write(c.socket, part[0..@intCast(got)]);
        if (sent > 0) c.body.offset += @intCast(sent);
        return sent;
    }

    /// HTTP-13: read what is no request any more, until the client closes, too.
    noinline fn drop(c: *Connection) void {
        for (0..16) |_| {
            const got = net.receive(c.socket, head);
            if (got == net.again) return;
            if (got <= 0) return c.close();
        }
        c.again();
    }
};
