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
use crate::pax::Overrides;

const BLOCK: usize = 512;

/// The most that an extended header or a long name may hold (BOX-8): far above what real archives
/// need, far below what the pod has.
const EXTENSION_LIMIT: u64 = 16 * 1024 * 1024;

/// Where the checksum field lies; its bytes count as spaces.
const CHECKSUM: std::ops::Range<usize> = 148..156;

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

/// Extension records on their way to the very next member (TAR-4).
#[derive(Default)]
struct Pending {
    pax: Option<Overrides>,
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
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
        let mut pending = Pending::default();
        loop {
            self.read_data(|_| Ok(()))?;
            let Some(block) = self.header()? else {
                if pending.is_empty() {
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

    fn step(&mut self, header: &Header, pending: &mut Pending) -> Result<ControlFlow<Member>> {
        let size = number(&header.as_old().size)
            .ok_or_else(|| Failure::new("a malformed size in a header"))?; // TAR-12
        let kind = header.entry_type().as_byte();
        match kind {
            b'x' => pending.pax = Some(Overrides::parse(&self.extension(size)?)?),
            b'g' => {
                Overrides::parse(&self.extension(size)?)?; // checked, and passed over (TAR-1)
            }
            b'L' => pending.long_name = Some(until_nul(self.extension(size)?)),
            b'K' => pending.long_link = Some(until_nul(self.extension(size)?)),
            _ => return self.member(header, kind, size, std::mem::take(pending)),
        }
        Ok(ControlFlow::Continue(()))
    }

    fn member(
        &mut self,
        header: &Header,
        kind: u8,
        size: u64,
        pending: Pending,
    ) -> Result<ControlFlow<Member>> {
        let pax = pending.pax.unwrap_or_default();
        let name =
            pax.path.or(pending.long_name).unwrap_or_else(|| header.path_bytes().into_owned());
        self.announce(pax.size.unwrap_or(size)); // TAR-3
        let kind = match kind {
            // v7 has no directories: it writes them as files with a slash behind their names.
            b'0' if name.ends_with(b"/") => Kind::Directory,
            b'1' => Kind::HardLink,
            b'2' => Kind::SymbolicLink,
            b'5' => Kind::Directory,
            b'3' | b'4' | b'6' => return Err(refused(&name, "devices and FIFOs")), // TAR-10
            b'S' => return Err(refused(&name, "sparse members")),                  // TAR-11
            b'A'..=b'Z' => return Ok(ControlFlow::Continue(())), // vendors' own (TAR-1)
            _ => Kind::Regular, // unknown types are regular files, says POSIX
        };
        let link = match kind {
            Kind::SymbolicLink | Kind::HardLink => pax
                .link
                .or(pending.long_link)
                .or_else(|| Some(header.link_name_bytes()?.into_owned()))
                .unwrap_or_default(),
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

impl Pending {
    fn is_empty(&self) -> bool {
        self.pax.is_none() && self.long_name.is_none() && self.long_link.is_none()
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

fn until_nul(mut content: Vec<u8>) -> Vec<u8> {
    if let Some(end) = content.iter().position(|byte| *byte == 0) {
        content.truncate(end);
    }
    content
}

fn refused(name: &[u8], what: &str) -> Failure {
    Failure::new(format!("{what} are not extracted")).of(crate::failure::shown(name))
}
