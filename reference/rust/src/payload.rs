//! Finding and joining the payload (PAY).

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rustix::fs::{Mode, OFlags, open};

use crate::failure::{Failure, Result, shown};

/// What the names of chunks begin with; whatever follows, and nothing else (PAY-1, PAY-4).
const PREFIX: &[u8] = b"zarf-payload-";

/// One chunk, open from the first look at it to the end of the run.
pub struct Chunk {
    pub name: Vec<u8>,
    file: File,
}

/// All chunks in the order in which they are joined.
pub struct Payload {
    pub chunks: Vec<Chunk>,
}

impl Payload {
    /// Opens every chunk of the init directory.
    ///
    /// All of them are opened before anything is read, and stay open: what is extracted is what
    /// was verified, even if the directory changes meanwhile, and an unreadable chunk is found
    /// before the first write (PAY-6).
    pub fn open(init: &Path) -> Result<Self> {
        let mut names = Vec::new();
        for entry in fs::read_dir(init)? {
            let name = entry?.file_name().into_vec();
            if name.starts_with(PREFIX) {
                names.push(name);
            }
        }
        if names.is_empty() {
            return Err(Failure::new("no chunk: no name begins with zarf-payload-")); // PAY-5
        }
        names.sort_unstable(); // bytewise: -1000 comes before -101 (PAY-2)
        let mut chunks = Vec::with_capacity(names.len());
        for name in names {
            let file = open_regular(&init.join(std::ffi::OsStr::from_bytes(&name)))
                .map_err(|cause| cause.of(shown(&name)))?;
            chunks.push(Chunk { name, file });
        }
        Ok(Self { chunks })
    }

    /// The joined bytes from the beginning (PAY-3).
    pub fn reader(&self) -> Joined<'_> {
        Joined { chunks: &self.chunks, offset: 0 }
    }
}

/// Opens a chunk, through symbolic links, without ever waiting for a FIFO's writer (PAY-6).
fn open_regular(path: &Path) -> Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = File::from(open(path, flags, Mode::empty())?);
    if !file.metadata()?.is_file() {
        return Err(Failure::new("is not a regular file"));
    }
    Ok(file)
}

/// Reads the chunks as one.
///
/// Positions are its own and not the files', so that two readers can follow one another.
pub struct Joined<'payload> {
    chunks: &'payload [Chunk],
    offset: u64,
}

impl Read for Joined<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(chunk) = self.chunks.first() {
            match chunk.file.read_at(buffer, self.offset) {
                Ok(0) => {
                    self.chunks = &self.chunks[1..];
                    self.offset = 0;
                }
                Ok(count) => {
                    self.offset += count as u64;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(0)
    }
}
