//! The injector of Zarf since v0.23 (profile `unified`): verifies the payload, extracts it, and
//! serves it as a registry. The standard library is all that it serves with.
//!
//! ```text
//! zarf-injector SHA256 [ADDRESS:PORT]
//! ```
//!
//! The order is the promise: verified, then extracted, then served (LIFE-1). What comes before
//! serving is the parts of the program before (`main.rs`).

// See `main.rs`.
#![cfg_attr(not(test), no_main)]

mod answer;
mod archive;
mod checksum;
mod connection;
mod directories;
mod extract;
mod failure;
mod gzip;
mod gzip_header;
mod json;
mod layout;
mod numbers;
mod pax;
mod payload;
mod previous;
mod process;
mod range;
mod reference;
mod registry;
mod request;
mod serve;

use std::env::var_os;
use std::ffi::{CStr, c_char, c_int};
use std::io::BufReader;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::archive::Archive;
use crate::checksum::Checksum;
use crate::extract::Tree;
use crate::failure::{Failure, Never, Result, shown};
use crate::gzip::Gunzip;
use crate::layout::Layout;
use crate::payload::Payload;
use crate::process::{prepare, say};

/// ARG-1
const EVERYWHERE: &[u8] = b"0.0.0.0:5000";

const READ_AHEAD: usize = 64 * 1024;

const FAILED: c_int = 1;

/// The entry point that the C library calls.
///
/// # Safety
///
/// `arguments` must be the process's argument vector, which the C library vouches for.
#[cfg_attr(not(test), unsafe(no_mangle))]
unsafe extern "C" fn main(count: c_int, arguments: *const *const c_char) -> c_int {
    // SAFETY: of `count` arguments the one at an index is there if count is greater, and ends with
    // a NUL. More than two are ignored (ARG-8).
    let argument = |index: c_int| unsafe {
        (count > index).then(|| CStr::from_ptr(*arguments.add(index.unsigned_abs() as usize)))
    };
    prepare();
    for signal in [libc::SIGINT, libc::SIGTERM] {
        // SAFETY: the handler does nothing but end the process.
        unsafe { libc::signal(signal, end as extern "C" fn(c_int) as libc::sighandler_t) };
    }
    let (sha256, address) = (argument(1), argument(2));
    let Err(cause) = serve(sha256.map(CStr::to_bytes), address.map(CStr::to_bytes));
    tell(rustix::stdio::stderr(), &format!("zarf-injector: {cause}\n"));
    FAILED
}

/// Returns only if something was wrong.
fn serve(sha256: Option<&[u8]>, address: Option<&[u8]>) -> Result<Never> {
    let sha256 =
        sha256.ok_or_else(|| Failure::new("usage: zarf-injector SHA256 [ADDRESS:PORT]"))?;
    let checksum = Checksum::parse(sha256)?;
    let address = parse(address.unwrap_or(EVERYWHERE))?; // ARG-4: before the work
    let init = root("ZARF_INJECTOR_INIT_ROOT", "/zarf-init");
    let seed = root("ZARF_INJECTOR_SEED_ROOT", "/zarf-seed");

    inject(&checksum, &init, &seed)?;
    let layout = Layout::open(&seed)?;

    // LIFE-1, LIFE-6 (std asks for SO_REUSEADDR), LIFE-7
    let at = |error: std::io::Error| Failure::from(error).of(address);
    let listener = TcpListener::bind(address).map_err(at)?;
    let bound = listener.local_addr().map_err(at)?;
    SERVING.store(true, Ordering::Relaxed);
    tell(rustix::stdio::stdout(), &format!("listening on {bound}\n")); // LIFE-11
    serve::work(&listener, &layout)
}

/// What is needed for this alone is gone afterwards (LIFE-9).
fn inject(checksum: &Checksum, init: &Path, seed: &Path) -> Result<()> {
    let payload = Payload::open(init)?;
    checksum.verify(payload.reader())?;
    previous::remove(seed);
    let stream = Gunzip::new(BufReader::with_capacity(READ_AHEAD, payload.reader()));
    let mut archive = Archive::new(stream);
    let mut tree = Tree::open(seed)?;
    while let Some(member) = archive.next()? {
        tree.extract(&member, &mut archive)?;
    }
    tree.finish()
}

/// ARG-2, ARG-4: `A.B.C.D:PORT` or `[IPv6]:PORT`.
fn parse(address: &[u8]) -> Result<SocketAddr> {
    str::from_utf8(address).ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
        Failure::new(format!("{}: not an address A.B.C.D:PORT or [IPv6]:PORT", shown(address)))
    })
}

/// ARG-5: a variable that is set and not empty, or what it replaces.
fn root(variable: &str, usual: &str) -> PathBuf {
    var_os(variable).filter(|value| !value.is_empty()).map_or_else(|| usual.into(), PathBuf::from)
}

static SERVING: AtomicBool = AtomicBool::new(false);

/// LIFE-4: as process 1 only a signal that is handled ends it. Before it serves, the status must not
/// be 0 (LIFE-2).
extern "C" fn end(signal: c_int) {
    let status = if SERVING.load(Ordering::Relaxed) { 0 } else { 128 + signal };
    // SAFETY: allowed in a handler, and does not return.
    unsafe { libc::_exit(status) }
}

/// Says a line to whoever takes it now; a log that is full is not waited for (LIFE-8).
fn tell(stream: BorrowedFd<'_>, line: &str) {
    let mut polled = [PollFd::from_borrowed_fd(stream, PollFlags::OUT)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    if poll(&mut polled, Some(&now)).is_ok() && polled[0].revents().contains(PollFlags::OUT) {
        say(stream, line);
    }
}
