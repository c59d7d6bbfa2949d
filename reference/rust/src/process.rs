//! What a process finds when it starts, and what it says (RUN).

use std::os::fd::{AsRawFd, BorrowedFd, IntoRawFd};

use rustix::fs::{Mode, OFlags, open};
use rustix::process::umask;

/// Makes the process's surroundings those that the rest of the program counts on.
pub fn prepare() {
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
pub fn say(stream: BorrowedFd<'_>, line: &str) {
    let _ = rustix::io::write(stream, line.as_bytes());
}
