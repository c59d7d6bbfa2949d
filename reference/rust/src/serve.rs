//! All connections, in one thread that waits for none of them (HTTP-17 to HTTP-19, LIFE-3).
//!
//! One thread, because a pod may have few: a thread for each connection would let the first hundred
//! clients that hang be the last ones to be served.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Resource, getrlimit};

use crate::connection::Connection;
use crate::failure::{Never, Result};
use crate::layout::Layout;

/// LIFE-9: more are served one after the other.
const MOST: usize = 1024;
/// Descriptors that are no connection's.
const OTHERS: u64 = 16;
/// Connections that are taken before others have their turn.
const TAKEN_AT_ONCE: usize = 64;
/// How long nobody is taken where there is not enough of something.
const PAUSE: Duration = Duration::from_millis(100);

const BUFFER: usize = 64 * 1024;

/// Serves for ever: nothing that a client does ends this.
pub fn work(listener: &TcpListener, layout: &Layout) -> Result<Never> {
    listener.set_nonblocking(true)?;
    let mut buffer = vec![0; BUFFER];
    let mut connections: Vec<Connection> = Vec::new();
    let mut paused = None;
    loop {
        let now = Instant::now();
        paused = paused.filter(|until| *until > now);
        let wakes = connections.iter().map(|one| one.deadline).chain(paused).min();
        let ready = wait(listener, &connections, wakes, paused.is_some());
        let now = Instant::now();
        for (one, is_ready) in connections.iter_mut().zip(&ready[1..]) {
            if *is_ready {
                one.proceed(layout, now, &mut buffer);
            }
            if one.deadline <= now && !one.is_over() {
                one.expire(now, &mut buffer);
            }
        }
        connections.retain(|one| !one.is_over());
        if ready[0] && !take(listener, &mut connections, now) {
            paused = Some(now + PAUSE);
        }
    }
}

/// Waits until something can be done, or until a time; LIFE-9a: without connections, for ever.
/// Returns whether the listener is ready, and then each connection in order.
fn wait(
    listener: &TcpListener,
    connections: &[Connection],
    until: Option<Instant>,
    paused: bool,
) -> Vec<bool> {
    let listening = if paused { PollFlags::empty() } else { PollFlags::IN };
    let mut polled = Vec::with_capacity(connections.len() + 1);
    polled.push(PollFd::new(listener, listening));
    polled.extend(connections.iter().map(|one| PollFd::new(one.stream(), one.waits_for())));
    let left = until.map(|until| until.saturating_duration_since(Instant::now()));
    // Rounded up: what ends at a time has ended when that is over.
    let left = left.and_then(|left| Timespec::try_from(left + Duration::from_millis(1)).ok());
    if poll(&mut polled, left.as_ref()).is_err() {
        return vec![false; polled.len()]; // interrupted, or no memory at the moment
    }
    polled.iter().map(|one| !one.revents().is_empty()).collect()
}

/// Takes connections that wait; those that nobody needs make room for them. False: there is not
/// enough of something, and nobody that could make room.
fn take(listener: &TcpListener, connections: &mut Vec<Connection>, now: Instant) -> bool {
    for _ in 0..TAKEN_AT_ONCE {
        if connections.len() >= most() && !make_room(connections) {
            return false;
        }
        match listener.accept() {
            Ok((stream, _)) => connections.extend(Connection::new(stream, now)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
            // Whoever was first in the queue may be gone; that is no reason to stop.
            Err(error) if !is_shortage(&error) => {}
            Err(_) if make_room(connections) => {}
            Err(_) => return false,
        }
    }
    true
}

/// So many that each of them can have a file open, too.
fn most() -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let each = usize::try_from(limit.saturating_sub(OTHERS) / 2).unwrap_or(MOST);
    each.clamp(1, MOST)
}

fn is_shortage(error: &std::io::Error) -> bool {
    matches!(
        error.raw_os_error(),
        Some(libc::ENFILE | libc::EMFILE | libc::ENOMEM | libc::ENOBUFS)
    )
}

/// Closes the connection that has been without an answer the longest, if there is one.
fn make_room(connections: &mut Vec<Connection>) -> bool {
    let oldest = (0..connections.len())
        .filter(|at| connections[*at].is_dispensable())
        .min_by_key(|at| connections[*at].since);
    if let Some(at) = oldest {
        connections.swap_remove(at);
    }
    oldest.is_some()
}
