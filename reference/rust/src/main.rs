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
mod process;

use std::ffi::CStr;
use std::ffi::{c_char, c_int};
use std::io::BufReader;
use std::path::Path;

use crate::archive::Archive;
use crate::checksum::Checksum;
use crate::extract::Tree;
use crate::failure::{Result, shown};
use crate::gzip::Gunzip;
use crate::payload::Payload;
use crate::process::{prepare, say};

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
