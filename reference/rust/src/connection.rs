//! One connection: requests come in, answers go out, one after the other.

use std::fs::File;
use std::io::{ErrorKind, Read, Result, Write};
use std::net::{Shutdown, TcpStream};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use rustix::fs::sendfile;
use rustix::io::Errno;

use crate::answer::Answer;
use crate::layout::Layout;
use crate::registry::{refuse, respond};
use crate::request::{LONGEST_HEAD, parse};

/// HTTP-18: bytes of a blob that are sent before it is somebody else's turn.
const PIECE: u64 = 1 << 20;

/// How long a head may take from its first byte to its last (HTTP-19).
const HEAD: Duration = Duration::from_secs(60);
/// Between two requests.
const IDLE: Duration = Duration::from_secs(120);
/// Without a byte of an answer being taken.
const STALLED: Duration = Duration::from_secs(120);
/// How long a client may take to close a connection whose end it was told.
const FAREWELL: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// For a request's first byte.
    Waiting,
    /// For the rest of a head.
    Reading,
    Answering,
    /// The client was told the end; what it still sends is dropped.
    Leaving,
    Over,
}

pub struct Connection {
    stream: TcpStream,
    state: State,
    /// When it began to do what it does, and when that has to be over.
    pub since: Instant,
    pub deadline: Instant,
    /// What has come and was not answered.
    received: Vec<u8>,
    /// There may be a whole request among it.
    unparsed: bool,
    /// What is to be sent: bytes, and then a part of a file.
    unsent: Vec<u8>,
    body: Option<(File, Range<u64>)>,
    closes: bool,
}

/// Whether what was to be done was, or has to wait.
#[derive(PartialEq, Eq)]
enum Step {
    Done,
    Waits,
}

impl Connection {
    pub fn new(stream: TcpStream, now: Instant) -> Result<Self> {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?; // an answer's last bytes are not held back
        Ok(Self {
            stream,
            state: State::Waiting,
            since: now,
            deadline: now + IDLE,
            received: Vec::new(),
            unparsed: false,
            unsent: Vec::new(),
            body: None,
            closes: false,
        })
    }

    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Whether it may be closed when there are too many: nobody waits for an answer on it.
    pub fn is_dispensable(&self) -> bool {
        self.state != State::Answering
    }

    /// What it waits for. A connection with another request at hand waits for its turn only.
    pub fn waits_for(&self) -> PollFlags {
        match self.state {
            State::Answering => PollFlags::OUT,
            State::Waiting if self.unparsed => PollFlags::OUT,
            _ => PollFlags::IN,
        }
    }

    /// Goes on as far as possible without waiting. `buffer` is scratch, for whoever has the turn.
    pub fn proceed(&mut self, layout: &Layout, now: Instant, buffer: &mut [u8]) {
        let done = match self.state {
            State::Waiting | State::Reading => self.receive(layout, now, buffer),
            State::Answering => self.send(now, buffer),
            State::Leaving => self.drop_what_comes(buffer),
            State::Over => Ok(()),
        };
        if done.is_err() {
            self.state = State::Over; // whoever was there is gone (HTTP-17)
        }
    }

    /// HTTP-19: it has taken too long.
    pub fn expire(&mut self, now: Instant, buffer: &mut [u8]) {
        let told = match self.state {
            State::Reading => self.reply(refuse("408 Request Timeout"), now, buffer),
            _ => Err(ErrorKind::TimedOut.into()),
        };
        if told.is_err() {
            self.state = State::Over;
        }
    }

    fn enter(&mut self, state: State, now: Instant, time: Duration) {
        self.state = state;
        self.since = now;
        self.deadline = now + time;
    }

    fn receive(&mut self, layout: &Layout, now: Instant, buffer: &mut [u8]) -> Result<()> {
        if !self.unparsed {
            let room = buffer.len().min(LONGEST_HEAD - self.received.len());
            let count = match self.stream.read(&mut buffer[..room]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => count,
                Err(error) => return may_wait(error).map(|_| ()),
            };
            self.received.extend_from_slice(&buffer[..count]);
        }
        self.unparsed = false;
        let answer = match parse(&self.received) {
            Ok(None) => {
                if self.state == State::Waiting && !self.received.is_empty() {
                    self.enter(State::Reading, now, HEAD);
                }
                return Ok(());
            }
            Ok(Some(request)) => {
                let answer = respond(layout, &request);
                let length = request.length;
                self.received.drain(..length);
                answer
            }
            Err(status) => refuse(status),
        };
        self.unparsed = !self.received.is_empty();
        if !self.unparsed {
            self.received = Vec::new(); // LIFE-9: who waits keeps nothing
        }
        self.reply(answer, now, buffer)
    }

    fn reply(&mut self, answer: Answer, now: Instant, buffer: &mut [u8]) -> Result<()> {
        self.enter(State::Answering, now, STALLED);
        self.unsent = answer.bytes;
        self.body = answer.body;
        self.closes = answer.closes;
        self.send(now, buffer)
    }

    fn send(&mut self, now: Instant, buffer: &mut [u8]) -> Result<()> {
        if self.send_bytes(now)? == Step::Waits || self.send_body(now, buffer)? == Step::Waits {
            return Ok(());
        }
        if self.closes {
            // To close all of it with something unread would be a reset, which may cost the client
            // the answer (RFC 9112, 9.6).
            self.stream.shutdown(Shutdown::Write)?;
            self.received = Vec::new();
            self.enter(State::Leaving, now, FAREWELL);
            return self.drop_what_comes(buffer);
        }
        self.enter(State::Waiting, now, IDLE);
        Ok(())
    }

    fn send_bytes(&mut self, now: Instant) -> Result<Step> {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(count) => self.unsent.drain(..count),
                Err(error) => return may_wait(error),
            };
            self.deadline = now + STALLED;
        }
        self.unsent = Vec::new();
        Ok(Step::Done)
    }

    fn send_body(&mut self, now: Instant, buffer: &mut [u8]) -> Result<Step> {
        let Some((file, part)) = &mut self.body else {
            return Ok(Step::Done);
        };
        let turn = part.end.min(part.start.saturating_add(PIECE));
        while part.start < turn {
            let wanted = usize::try_from(turn - part.start).unwrap_or(buffer.len());
            let sent = match sendfile(&self.stream, &*file, Some(&mut part.start), wanted) {
                Ok(count) => Ok(count),
                Err(error @ (Errno::AGAIN | Errno::INTR)) => Err(error.into()),
                // Some file systems cannot, and some filters of system calls do not let it.
                Err(_) => copy(&mut self.stream, file, part, buffer),
            };
            match sent {
                // HTTP-15: the file has become shorter; the connection ends before the length that
                // was told.
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(_) => self.deadline = now + STALLED,
                Err(error) => return may_wait(error),
            }
        }
        if part.start < part.end {
            return Ok(Step::Waits); // for its next turn
        }
        self.body = None;
        Ok(Step::Done)
    }

    /// HTTP-13: reads what is no request any more, until the client closes, too.
    fn drop_what_comes(&mut self, buffer: &mut [u8]) -> Result<()> {
        match self.stream.read(buffer) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => Ok(()),
            Err(error) => may_wait(error).map(|_| ()),
        }
    }
}

/// Sends by reading.
fn copy(
    stream: &mut TcpStream,
    file: &File,
    part: &mut Range<u64>,
    buffer: &mut [u8],
) -> Result<usize> {
    let left = usize::try_from(part.end - part.start).unwrap_or(buffer.len());
    let most = left.min(buffer.len());
    let read = file.read_at(&mut buffer[..most], part.start)?;
    let sent = stream.write(&buffer[..read])?;
    part.start += sent as u64;
    Ok(sent)
}

/// An error that says only that it is not the time.
fn may_wait(error: std::io::Error) -> Result<Step> {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => Ok(Step::Waits),
        _ => Err(error),
    }
}
