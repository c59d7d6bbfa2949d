//! Finding and joining the payload (PAY).

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, open};

use crate::failure::{Failure, Result, shown};

/// What the names of chunks begin with; whatever follows, and nothing else (PAY-1, PAY-4).
const PREFIX: &[u8] = b"zarf-payload-";

/// One chunk, and what it was when it was first looked at.
pub struct Chunk {
    pub name: Vec<u8>,
    path: PathBuf,
    identity: Identity,
}

/// Which file it is, how long, and when it last changed.
type Identity = (u64, u64, u64, i64, i64);

/// All chunks in the order in which they are joined.
pub struct Payload {
    pub chunks: Vec<Chunk>,
}

impl Payload {
    /// Looks at every chunk of the init directory.
    ///
    /// All of them are opened once before anything is read, so that an unreadable chunk is found
    /// before the first write (PAY-6); but one at a time, because there may be more of them than
    /// files that a process may have open (PAY-3).
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
            let path = init.join(std::ffi::OsStr::from_bytes(&name));
            let (_, identity) = open_regular(&path).map_err(|cause| cause.of(shown(&name)))?;
            chunks.push(Chunk { name, path, identity });
        }
        Ok(Self { chunks })
    }

    /// The joined bytes from the beginning (PAY-3).
    pub fn reader(&self) -> Joined<'_> {
        Joined { chunks: self.chunks.iter(), current: None }
    }
}

/// Opens a chunk, through symbolic links, without ever waiting for a FIFO's writer (PAY-6).
fn open_regular(path: &Path) -> Result<(File, Identity)> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = File::from(open(path, flags, Mode::empty())?);
    let status = file.metadata()?;
    if !status.is_file() {
        return Err(Failure::new("is not a regular file"));
    }
    let identity =
        (status.dev(), status.ino(), status.size(), status.ctime(), status.ctime_nsec());
    Ok((file, identity))
}

/// Reads the chunks as one, with one of them open at a time.
pub struct Joined<'payload> {
    chunks: std::slice::Iter<'payload, Chunk>,
    current: Option<File>,
}

impl Joined<'_> {
    /// The chunk that is being read, or the next one; None at the end.
    ///
    /// What is extracted must be what was verified (SUM-2): a chunk that is another file by now,
    /// or has changed, is refused.
    fn file(&mut self) -> io::Result<Option<&mut File>> {
        if self.current.is_none() {
            let Some(chunk) = self.chunks.next() else {
                return Ok(None);
            };
            let refused = |cause: Failure| io::Error::other(cause.of(shown(&chunk.name)));
            let (file, identity) = open_regular(&chunk.path).map_err(refused)?;
            if identity != chunk.identity {
                return Err(refused(Failure::new("changed after it was verified")));
            }
            self.current = Some(file);
        }
        Ok(self.current.as_mut())
    }
}

impl Read for Joined<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(file) = self.file()? {
            match file.read(buffer) {
                Ok(0) => self.current = None,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
        Ok(0)
    }
}
