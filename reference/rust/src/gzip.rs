//! The compressed stream (GZ; RFC 1952, RFC 1951).
//!
//! Three things are done here that flate2's decoders do not do:
//!
//! * The stream is read to its very end, whatever the reader of the archive needs of it: CRC-32
//!   and ISIZE stand behind the last byte (GZ-5, GZ-6), and further members may follow (GZ-3).
//! * Zero padding after the last member is accepted, other bytes are not (GZ-7).
//! * A match that reaches back before the member's first byte is an error (GZ-4). flate2 inflates
//!   into a ring of 32 KiB that begins as zeros, where such a match quietly yields zeros; so
//!   `miniz_oxide`, flate2's own engine, is driven here on a window that does not wrap.

use std::io::{self, BufRead};

use flate2::Crc;
use flate2::bufread::GzDecoder;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use crate::failure::{Failure, Result};

/// The farthest that a match may reach back (RFC 1951, section 2).
const HISTORY: usize = 32 * 1024;

/// How much is inflated before the history is moved to the window's beginning.
const ROOM: usize = 96 * 1024;

const TRAILER_BYTES: usize = 8;

/// The inflated bytes of all members, one after another.
pub struct Gunzip<R> {
    input: R,
    inflater: Box<DecompressorOxide>,
    window: Box<[u8]>,
    /// The bytes of the window that were inflated and not yet consumed.
    unread: std::ops::Range<usize>,
    check: Crc,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    InMember,
    BetweenMembers,
    End,
}

impl<R: BufRead> Gunzip<R> {
    pub fn new(input: R) -> Self {
        Self {
            input,
            inflater: Box::default(),
            window: vec![0; HISTORY + ROOM].into_boxed_slice(),
            unread: 0..0,
            check: Crc::new(),
            place: Place::Start,
        }
    }

    /// Inflated bytes that were not consumed yet; none at the end of the stream, all of whose
    /// checks have passed by then.
    pub fn fill(&mut self) -> Result<&[u8]> {
        while self.unread.is_empty() {
            match self.place {
                Place::Start => self.begin_member()?,
                Place::InMember => self.inflate()?,
                Place::BetweenMembers => match self.input.fill_buf()?.first() {
                    None => self.place = Place::End,
                    Some(0) => self.skip_padding()?,
                    Some(_) => self.begin_member()?,
                },
                Place::End => break,
            }
        }
        Ok(&self.window[self.unread.clone()])
    }

    /// Marks bytes that [`Self::fill`] gave as used.
    pub fn consume(&mut self, count: usize) {
        self.unread.start += count;
    }

    /// Checks what is left of the stream, without keeping any of it (TAR-14).
    pub fn drain(&mut self) -> Result<()> {
        loop {
            let count = self.fill()?.len();
            if count == 0 {
                return Ok(());
            }
            self.consume(count);
        }
    }

    fn begin_member(&mut self) -> Result<()> {
        // flate2 reads the header, its optional fields and FHCRC (GZ-2, GZ-4, GZ-5a), and not a
        // byte more. The rest of its decoder is dropped unused.
        if GzDecoder::new(&mut self.input).header().is_none() {
            return Err(Failure::new(match self.place {
                Place::Start => "not a gzip stream, or its header is damaged",
                _ => "bytes after the last gzip member, or the next one's header is damaged",
            }));
        }
        self.inflater.init();
        self.check.reset();
        self.unread = 0..0;
        self.place = Place::InMember;
        Ok(())
    }

    fn inflate(&mut self) -> Result<()> {
        let end = if self.unread.end == self.window.len() {
            self.window.copy_within(self.window.len() - HISTORY.., 0);
            HISTORY
        } else {
            self.unread.end
        };
        let input = self.input.fill_buf()?;
        let at_end = input.is_empty();
        let more = if at_end { 0 } else { inflate_flags::TINFL_FLAG_HAS_MORE_INPUT };
        let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF | more;
        let (status, used, made) =
            decompress(&mut self.inflater, input, &mut self.window, end, flags);
        self.input.consume(used);
        self.unread = end..end + made;
        self.check.update(&self.window[self.unread.clone()]);
        match status {
            TINFLStatus::Done => self.end_member(),
            TINFLStatus::HasMoreOutput => Ok(()),
            TINFLStatus::NeedsMoreInput if !at_end => Ok(()),
            _ if at_end => Err(truncated()),
            _ => Err(Failure::new("invalid DEFLATE data")),
        }
    }

    fn end_member(&mut self) -> Result<()> {
        let mut trailer = [0; TRAILER_BYTES];
        self.input.read_exact(&mut trailer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => truncated(),
            _ => error.into(),
        })?;
        let (crc, length) = trailer.split_at(TRAILER_BYTES / 2);
        if crc != self.check.sum().to_le_bytes() {
            return Err(Failure::new("the gzip CRC-32 does not match"));
        }
        if length != self.check.amount().to_le_bytes() {
            return Err(Failure::new("the gzip length does not match"));
        }
        self.place = Place::BetweenMembers;
        Ok(())
    }

    fn skip_padding(&mut self) -> Result<()> {
        loop {
            let padding = self.input.fill_buf()?;
            if padding.is_empty() {
                self.place = Place::End;
                return Ok(());
            }
            if padding.iter().any(|byte| *byte != 0) {
                return Err(Failure::new("bytes other than zeros after the last gzip member"));
            }
            let count = padding.len();
            self.input.consume(count);
        }
    }
}

fn truncated() -> Failure {
    Failure::new("the gzip stream is truncated")
}
