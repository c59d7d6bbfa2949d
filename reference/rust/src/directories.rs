//! Directories below the output directory, and the ways to them (BOX-5, BOX-8, TAR-5).

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{Mode, OFlags, fchmod, mkdirat, openat};
use rustix::io::Errno;

use crate::failure::{Failure, Result, shown};

/// Permission bits of all that is extracted (MODE-1).
pub const FINAL: Mode = Mode::from_bits_truncate(0o755);

const HOW_TO_OPEN: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// How many directories stay open: trees that take turns are not walked anew each time.
const MOST_OPEN: usize = 8;

/// How many steps down an archive may ask for at first, and with each directory that it asks for.
/// Trees that people make never need so many; taking turns with deep places needs hundreds each.
const FIRST_STEPS: u32 = 100_000;
const MORE_STEPS: u32 = 32;

/// Open directories by their paths, each of which ends in a slash; the one last used is the last.
/// They cannot become stale: directories are never removed or replaced.
pub struct Directories {
    root: OwnedFd,
    open: Vec<(Vec<u8>, OwnedFd)>,
    steps: u32,
}

impl Directories {
    pub fn below(root: OwnedFd) -> Self {
        Self { root, open: Vec::new(), steps: FIRST_STEPS }
    }

    pub fn root(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }

    /// The directory at these names, made if it is missing (TAR-5).
    pub fn descend(&mut self, parts: &[&[u8]], create: bool) -> Result<BorrowedFd<'_>> {
        if parts.is_empty() {
            return Ok(self.root());
        }
        let path = [parts.join(&b'/'), vec![b'/']].concat();
        let (known, mut directory) = self.nearest(&path)?;
        self.steps = self.steps.saturating_add(MORE_STEPS);
        for part in &parts[known..] {
            self.steps = self.steps.checked_sub(1).ok_or_else(|| {
                Failure::new("the archive takes turns with too many deep directories")
            })?;
            directory = enter(directory.as_fd(), part, create)?;
        }
        if self.open.len() == MOST_OPEN {
            self.open.remove(0);
        }
        self.open.push((path, directory));
        Ok(self.open[self.open.len() - 1].1.as_fd())
    }

    /// Takes the open directory that lies nearest on the way, and tells how deep it lies.
    fn nearest(&mut self, path: &[u8]) -> Result<(usize, OwnedFd)> {
        let on_the_way = (0..self.open.len()).filter(|at| path.starts_with(&self.open[*at].0));
        let Some(at) = on_the_way.max_by_key(|at| self.open[*at].0.len()) else {
            return Ok((0, self.root.try_clone()?));
        };
        let (known, directory) = self.open.remove(at);
        Ok((known.split(|byte| *byte == b'/').count() - 1, directory))
    }
}

/// Opens a directory inside another, not through a link (BOX-5).
fn enter(at: BorrowedFd<'_>, name: &[u8], create: bool) -> Result<OwnedFd> {
    match openat(at, name, HOW_TO_OPEN, Mode::empty()) {
        Ok(directory) => Ok(directory),
        Err(Errno::NOENT) if create => {
            mkdirat(at, name, FINAL)?;
            let directory = openat(at, name, HOW_TO_OPEN, Mode::empty())?;
            fchmod(&directory, FINAL)?; // a set-group-id parent hands its bit down
            Ok(directory)
        }
        Err(Errno::NOTDIR | Errno::LOOP) => {
            Err(Failure::new(format!("\"{}\" is not a directory", shown(name))))
        }
        Err(error) => Err(error.into()),
    }
}
