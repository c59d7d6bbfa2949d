//! The archive: which members it has, and their bytes (TAR).
//!
//! The crate `tar` says what a header's fields are. The loop over the members is not the crate's:
//! its extended headers may be of any size and so use any amount of memory, an extended header
//! before a global one is applied to that, the first of two records of a key wins, and sparse
//! members in pax form come out condensed.

use std::io::BufRead;
use std::ops::ControlFlow;

use tar::Header;

use crate::failure::{Failure, Result};
use crate::gzip::Gunzip;
use crate::numbers::number;
use crate::pax::{Overrides, Scope, checked_name};

const BLOCK: usize = 512;

/// The most that an extended header or a long name may hold (TAR-12): above what real archives
/// need, far below what the pod has.
const EXTENSION_LIMIT: u64 = 1024 * 1024;

/// Where the checksum field lies; its bytes count as spaces.
const CHECKSUM: std::ops::Range<usize> = 148..156;

const MAGIC: std::ops::Range<usize> = 257..263;
const PREFIX: std::ops::Range<usize> = 345..500;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Directory,
    Regular,
    SymbolicLink,
    HardLink,
}

/// A member to be extracted, its names as the archive gives them.
pub struct Member {
    pub kind: Kind,
    pub name: Vec<u8>,
    /// The text of a link; empty for everything else.
    pub link: Vec<u8>,
}

pub struct Archive<R> {
    stream: Gunzip<R>,
    /// Bytes of the current member's data that were not read yet, and the padding behind them.
    data: u64,
    padding: u64,
}

impl<R: BufRead> Archive<R> {
    pub fn new(stream: Gunzip<R>) -> Self {
        Self { stream, data: 0, padding: 0 }
    }

    /// The next member to be extracted; None at the archive's end, when the rest of the stream
    /// has been checked (TAR-14).
    pub fn next(&mut self) -> Result<Option<Member>> {
        let mut pending = None;
        loop {
            self.read_data(|_| Ok(()))?;
            let Some(block) = self.header()? else {
                if pending.is_none() {
                    self.stream.drain()?;
                    return Ok(None);
                }
                return Err(Failure::new("an extended header without a member"));
            };
            if let ControlFlow::Break(member) =
                self.step(Header::from_byte_slice(&block), &mut pending)?
            {
                return Ok(Some(member));
            }
        }
    }

    /// Gives the current member's data to `sink`, piece by piece.
    pub fn read_data(&mut self, mut sink: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        while self.data + self.padding > 0 {
            let left = if self.data > 0 { self.data } else { self.padding };
            let piece = self.stream.fill()?;
            let count = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if count == 0 {
                return Err(Failure::new("the archive is truncated in a member's data"));
            }
            if self.data > 0 {
                sink(&piece[..count])?;
                self.data -= count as u64;
            } else {
                self.padding -= count as u64;
            }
            self.stream.consume(count);
        }
        Ok(())
    }

    /// The next header; None at two blocks of zeros, or at the end of the stream with one or none
    /// before it (TAR-9a).
    fn header(&mut self) -> Result<Option<[u8; BLOCK]>> {
        let Some(block) = self.block()? else {
            return Ok(None);
        };
        if block == [0; BLOCK] {
            return match self.block()? {
                None => Ok(None),
                Some(second) if second == block => Ok(None),
                Some(_) => Err(Failure::new("a single block of zeros within the archive")),
            };
        }
        verify_checksum(&block)?;
        Ok(Some(block))
    }

    fn block(&mut self) -> Result<Option<[u8; BLOCK]>> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            let piece = self.stream.fill()?;
            let count = piece.len().min(BLOCK - filled);
            if count == 0 {
                return match filled {
                    0 => Ok(None),
                    _ => Err(Failure::new("the archive is truncated in a header")),
                };
            }
            block[filled..filled + count].copy_from_slice(&piece[..count]);
            self.stream.consume(count);
            filled += count;
        }
        Ok(Some(block))
    }

    /// Takes one header. `pending` is what extended headers said about the very next member, all of
    /// them together, the later one key by key (TAR-4); None before the first.
    fn step(
        &mut self,
        header: &Header,
        pending: &mut Option<Overrides>,
    ) -> Result<ControlFlow<Member>> {
        let size = number(&header.as_old().size)
            .ok_or_else(|| Failure::new("a malformed size in a header"))?; // TAR-12
        let kind = header.entry_type().as_byte();
        match kind {
            b'x' => {
                pending.get_or_insert_default().take(&self.extension(size)?, Scope::NextMember)?;
            }
            b'g' => {
                // Checked, and passed over (TAR-1).
                Overrides::default().take(&self.extension(size)?, Scope::AllMembers)?;
            }
            b'L' => {
                pending.get_or_insert_default().path = Some(long_name(self.extension(size)?)?);
            }
            b'K' => {
                pending.get_or_insert_default().link = Some(long_name(self.extension(size)?)?);
            }
            _ => return self.member(header, kind, size, pending.take().unwrap_or_default()),
        }
        Ok(ControlFlow::Continue(()))
    }

    fn member(
        &mut self,
        header: &Header,
        kind: u8,
        size: u64,
        said: Overrides,
    ) -> Result<ControlFlow<Member>> {
        let name = said.path.unwrap_or_else(|| name_of(header));
        self.announce(said.size.unwrap_or(size)); // TAR-3
        let kind = match kind {
            // v7 has no directories: it writes them as files with a slash behind their names.
            0 | b'0' | b'7' if name.ends_with(b"/") => Kind::Directory,
            0 | b'0' | b'7' => Kind::Regular,
            b'1' => Kind::HardLink,
            b'2' => Kind::SymbolicLink,
            b'5' => Kind::Directory,
            b'3' | b'4' | b'6' => return Err(refused(&name, "devices and FIFOs")), // TAR-10
            b'S' => return Err(refused(&name, "sparse members")),                  // TAR-11
            b'A'..=b'Z' => return Ok(ControlFlow::Continue(())), // vendors' own (TAR-1)
            _ => return Err(refused(&name, "members of unknown types")),
        };
        if kind != Kind::Regular && self.data > 0 {
            return Err(refused(&name, "data of what is no file")); // TAR-16
        }
        let link = match kind {
            Kind::SymbolicLink | Kind::HardLink => {
                said.link.unwrap_or_else(|| until_nul(&header.as_old().linkname).to_vec())
            }
            _ => Vec::new(),
        };
        Ok(ControlFlow::Break(Member { kind, name, link }))
    }

    fn announce(&mut self, size: u64) {
        self.data = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    fn extension(&mut self, size: u64) -> Result<Vec<u8>> {
        if size > EXTENSION_LIMIT {
            return Err(Failure::new(format!("an extended header of {size} bytes")));
        }
        self.announce(size);
        let mut content = Vec::new();
        self.read_data(|piece| {
            content.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(content)
    }
}

/// Compares a header's checksum, as unsigned bytes and as the signed ones that old tars summed
/// (TAR-8, TAR-8a).
fn verify_checksum(block: &[u8; BLOCK]) -> Result<()> {
    let (mut unsigned, mut signed) = (0_i64, 0_i64);
    for (place, byte) in block.iter().enumerate() {
        let byte = if CHECKSUM.contains(&place) { b' ' } else { *byte };
        unsigned += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    match number(&block[CHECKSUM]).map(u64::cast_signed) {
        Some(stored) if stored == unsigned || stored == signed => Ok(()),
        _ => {
            Err(Failure::new("a header's checksum does not match: not a tar archive, or damaged"))
        }
    }
}

/// The name in a header, with its prefix. That is POSIX's, whatever the version, which the crate
/// insists on; GNU's headers, which have another magic, keep times there (TAR-1).
fn name_of(header: &Header) -> Vec<u8> {
    let name = until_nul(&header.as_old().name);
    match until_nul(&header.as_bytes()[PREFIX]) {
        b"" => name.to_vec(),
        _ if header.as_bytes()[MAGIC] != *b"ustar\0" => name.to_vec(),
        prefix => [prefix, name].join(&b'/'),
    }
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// A GNU long name: its first NUL ends it, and nothing but NULs may follow (TAR-13).
fn long_name(mut content: Vec<u8>) -> Result<Vec<u8>> {
    let length = until_nul(&content).len();
    if length == 0 || content[length..].iter().any(|byte| *byte != 0) {
        return Err(Failure::new("a malformed long name"));
    }
    content.truncate(length);
    checked_name(&content)?;
    Ok(content)
}

fn refused(name: &[u8], what: &str) -> Failure {
    Failure::new(format!("{what} are not extracted")).of(crate::failure::shown(name))
}
