//! Extraction and confinement (BOX, MODE, TAR-5 to TAR-7).
//!
//! Confined by construction: every step from the output directory downwards opens one name
//! relative to the directory before it and never follows a link, so there is no path that could
//! lead out. Files are removed before they are written anew, so nothing is written through a link.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, fchmod, linkat, open, openat, statat, symlinkat, unlinkat,
};
use rustix::io::{Errno, write};

use crate::archive::{Archive, Kind, Member};
use crate::directories::{Directories, FINAL};
use crate::failure::{Failure, Result, shown};

/// How many components a name may have (BOX-9). Each is a step of every way to what is in it, and
/// an archive can go from one deep place to another with every member (BOX-8).
const DEEPEST: usize = 256;

/// The output directory, being filled.
pub struct Tree {
    directories: Directories,
}

impl Tree {
    pub fn open(output: &Path) -> Result<Self> {
        let how = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = open(output, how, Mode::empty())
            .map_err(|error| Failure::from(error).of(output.display()))?;
        Ok(Self { directories: Directories::below(root) })
    }

    /// Extracts a member; its data comes from the archive.
    pub fn extract<R: std::io::BufRead>(
        &mut self,
        member: &Member,
        archive: &mut Archive<R>,
    ) -> Result<()> {
        self.place(member, archive).map_err(|cause| cause.of(shown(&member.name)))
    }

    /// Makes the output directory itself 0755, if it is ours (MODE-5).
    pub fn finish(self) -> Result<()> {
        match fchmod(self.directories.root(), FINAL) {
            Ok(()) | Err(Errno::PERM | Errno::ROFS) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn place<R: std::io::BufRead>(
        &mut self,
        member: &Member,
        archive: &mut Archive<R>,
    ) -> Result<()> {
        let parts = parts(&member.name)?;
        let Some((&name, above)) = parts.split_last() else {
            return match member.kind {
                Kind::Directory => Ok(()), // the output directory itself (BOX-7)
                _ => Err(Failure::new("this name means the output directory itself")),
            };
        };
        match member.kind {
            Kind::Directory => {
                let directory = self.directories.descend(&parts, true)?;
                Ok(fchmod(directory, FINAL)?)
            }
            Kind::Regular => {
                let parent = self.directories.descend(above, true)?;
                let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
                let file = replacing(parent, name, || openat(parent, name, flags, FINAL))?;
                archive.read_data(|piece| write_all(&file, piece))?;
                Ok(fchmod(&file, FINAL)?) // a default ACL may have taken bits away
            }
            Kind::SymbolicLink => {
                if member.link.is_empty() {
                    return Err(Failure::new("a symbolic link to nothing"));
                }
                let parent = self.directories.descend(above, true)?;
                replacing(parent, name, || symlinkat(&member.link[..], parent, name))
            }
            Kind::HardLink => self.hard_link(&member.link, above, name),
        }
    }

    fn hard_link(&mut self, target: &[u8], above: &[&[u8]], name: &[u8]) -> Result<()> {
        let target = parts(target)?;
        let Some((&target_name, target_above)) = target.split_last() else {
            return Err(Failure::new("a hard link to the output directory itself"));
        };
        let into = self.directories.descend(above, true)?.try_clone_to_owned()?;
        let from = self.directories.descend(target_above, false)?;
        let status = statat(from, target_name, AtFlags::SYMLINK_NOFOLLOW)?;
        // Of a symbolic link the link itself gets another name, never what it leads to (BOX-5).
        if !matches!(
            FileType::from_raw_mode(status.st_mode),
            FileType::RegularFile | FileType::Symlink
        ) {
            return Err(Failure::new("a hard link to something else than a file"));
        }
        if let Ok(there) = statat(&into, name, AtFlags::SYMLINK_NOFOLLOW)
            && (there.st_dev, there.st_ino) == (status.st_dev, status.st_ino)
        {
            return Ok(()); // the same file already: to replace it could be its end
        }
        replacing(into.as_fd(), name, || linkat(from, target_name, &into, name, AtFlags::empty()))
    }
}

/// Makes a new entry; an earlier file or link of that name goes first (TAR-6).
fn replacing<T>(
    parent: BorrowedFd<'_>,
    name: &[u8],
    make: impl Fn() -> rustix::io::Result<T>,
) -> Result<T> {
    match make() {
        Err(Errno::EXIST) => {
            unlinkat(parent, name, AtFlags::empty())?; // refuses directories
            Ok(make()?)
        }
        result => Ok(result?),
    }
}

fn write_all(file: &OwnedFd, mut content: &[u8]) -> Result<()> {
    while !content.is_empty() {
        match write(file, content) {
            Ok(count) => content = &content[count..],
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Splits a name. Leading slashes (BOX-4) and `..` are refused (BOX-3, BOX-3a).
fn parts(name: &[u8]) -> Result<Vec<&[u8]>> {
    if name.starts_with(b"/") {
        return Err(Failure::new("an absolute name"));
    }
    let parts: Vec<_> = name
        .split(|byte| *byte == b'/')
        .filter(|part| !part.is_empty() && *part != b".")
        .collect();
    if parts.len() > DEEPEST {
        return Err(Failure::new("too many directories in a name"));
    }
    if parts.contains(&&b".."[..]) {
        return Err(Failure::new("a name with \"..\" in it"));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn names_are_split() {
        assert_eq!(parts(b"./a/./b//c/").unwrap(), [b"a", b"b", b"c"]);
        assert!(parts(b"").unwrap().is_empty());
        assert!(parts(b"./").unwrap().is_empty());
        assert_eq!(parts(b"..a/...").unwrap(), [&b"..a"[..], b"..."]);
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in [&b".."[..], b"../a", b"a/..", b"a/../b", b"/../a", b"/a"] {
            assert!(parts(name).is_err());
        }
    }
}
