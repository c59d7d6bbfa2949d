//! Zarf's first stage, as the founding note has it: joins the payload's chunks, verifies them and
//! extracts the archive in them, within the size of a `ConfigMap`.
//!
//! ```text
//! zarf-injector [SHA256]
//! ```
//!
//! Chunks come from the working directory, the tree goes to `/zarf-stage2`. Ids such as TAR-3 are
//! those of `SPEC.md`. A module per chapter: [`payload`], [`checksum`], [`gzip`], [`archive`],
//! [`extract`]; this one is chapter RUN.

// The standard library's own start-up opens /dev/null where a standard stream is closed, and
// aborts where there is none. An injector must do without both (RUN-4, RUN-9).
#![cfg_attr(not(test), no_main)]

mod archive;
mod checksum;
mod directories;
mod extract;
mod failure;
mod gzip;
mod gzip_header;
mod numbers;
mod pax;
mod payload;

use std::ffi::CStr;
use std::ffi::{c_char, c_int};
use std::io::BufReader;
use std::os::fd::{AsRawFd, BorrowedFd, IntoRawFd};
use std::path::Path;

use rustix::fs::{Mode, OFlags, open};
use rustix::process::umask;

use crate::archive::Archive;
use crate::checksum::Checksum;
use crate::extract::Tree;
use crate::failure::{Result, shown};
use crate::gzip::Gunzip;
use crate::payload::Payload;

const INIT: &str = ".";
const OUTPUT: &str = "/zarf-stage2";

const READ_AHEAD: usize = 64 * 1024;

const DONE: c_int = 0;
const FAILED: c_int = 1;

/// The entry point that the C library calls.
///
/// # Safety
///
/// `arguments` must be the process's argument vector, which the C library vouches for.
#[cfg_attr(not(test), unsafe(no_mangle))]
unsafe extern "C" fn main(count: c_int, arguments: *const *const c_char) -> c_int {
    // SAFETY: of `count` arguments the one at index 1 is there if count is greater than 1, and
    // ends with a NUL. More are ignored, as the founding injector does.
    let argument = (count > 1).then(|| unsafe { CStr::from_ptr(*arguments.add(1)) }.to_bytes());
    prepare();
    match inject(argument) {
        Ok(()) => DONE,
        Err(cause) => {
            // What cannot be said changes nothing: the status says it too (RUN-9).
            say(rustix::stdio::stderr(), &format!("zarf-injector: {cause}\n"));
            FAILED
        }
    }
}

fn inject(argument: Option<&[u8]>) -> Result<()> {
    let checksum = argument.map(Checksum::parse).transpose()?;
    let payload = Payload::open(Path::new(INIT))?;
    let stdout = rustix::stdio::stdout();
    for chunk in &payload.chunks {
        say(stdout, &format!("Processing {}\n", shown(&chunk.name)));
    }
    if let Some(checksum) = checksum {
        checksum.verify(payload.reader())?;
    }
    let stream = Gunzip::new(BufReader::with_capacity(READ_AHEAD, payload.reader()));
    let mut archive = Archive::new(stream);
    let mut tree = Tree::open(Path::new(OUTPUT))?;
    while let Some(member) = archive.next()? {
        tree.extract(&member, &mut archive)?;
        say(stdout, &format!("chmod 755 {OUTPUT}/{}\n", shown(&member.name)));
    }
    tree.finish()
}

/// Makes the process's surroundings those that the rest of the program counts on.
fn prepare() {
    // SAFETY: ignoring a signal installs no handler. A broken pipe and a file-size limit then
    // show as errors of the write, instead of killing the process (RUN-8, RUN-9).
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
    umask(Mode::empty()); // MODE-2: what is made is 0755 from the first moment
    occupy_standard_streams();
}

/// Takes the numbers of standard streams that are closed, so that no file gets them and finds
/// progress lines written into it (RUN-9). Nothing can be read from or written to what takes them.
fn occupy_standard_streams() {
    while let Ok(taken) = open("/", OFlags::PATH | OFlags::DIRECTORY, Mode::empty()) {
        if taken.as_raw_fd() > libc::STDERR_FILENO {
            break;
        }
        let _ = taken.into_raw_fd(); // stays open
    }
}

/// Writes a line for people. Closed, broken and full streams are no reason to stop (RUN-9).
fn say(stream: BorrowedFd<'_>, line: &str) {
    let _ = rustix::io::write(stream, line.as_bytes());
}
