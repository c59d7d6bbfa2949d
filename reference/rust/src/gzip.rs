//! The compressed stream (GZ; RFC 1952, RFC 1951).
//!
//! Three things are done here, and one in [`gzip_header`], that flate2's decoders do not do:
//!
//! * The stream is read to its very end, whatever the reader of the archive needs of it: CRC-32
//!   and ISIZE stand behind the last byte (GZ-5, GZ-6), and further members may follow (GZ-3).
//! * Zero padding after the last member is accepted, other bytes are not (GZ-7).
//! * A match that reaches back before the member's first byte is an error (GZ-4). flate2 inflates
//!   into a ring of 32 KiB that begins as zeros, where such a match quietly yields zeros; so
//!   `miniz_oxide`, flate2's own engine, is driven here on a window that does not wrap.

use std::io::{self, BufRead};

use flate2::Crc;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use crate::failure::{Failure, Result};
use crate::gzip_header;

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
        gzip_header::skip(&mut self.input).map_err(|cause| match self.place {
            Place::Start => cause,
            _ => cause.of("after the last whole gzip member"), // GZ-7a
        })?;
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use flate2::bufread::MultiGzDecoder;
    use flate2::write::GzEncoder;
    use flate2::{Compression, Crc};

    use super::{Gunzip, HISTORY, ROOM};
    use crate::failure::Result;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn gunzip(stream: &[u8]) -> Result<Vec<u8>> {
        let mut gunzip = Gunzip::new(stream);
        let mut content = Vec::new();
        loop {
            let piece = gunzip.fill()?;
            if piece.is_empty() {
                return Ok(content);
            }
            content.extend_from_slice(piece);
            let count = piece.len();
            gunzip.consume(count);
        }
    }

    /// Bytes that do not repeat soon, so that they deflate into matches far and near.
    fn sample(length: usize) -> Vec<u8> {
        (0..length).map(|at| u8::try_from(at * at / 7 % 251).unwrap()).collect()
    }

    #[test]
    fn longer_than_the_window() {
        let content = sample(3 * (HISTORY + ROOM) + 1);
        assert_eq!(gunzip(&gzip(&content)).unwrap(), content);
    }

    #[test]
    fn members_and_padding() {
        let stream = [gzip(b"one"), gzip(b""), gzip(b"two"), vec![0; 700]].concat();
        assert_eq!(gunzip(&stream).unwrap(), b"onetwo");
    }

    #[test]
    fn other_bytes_behind_the_end() {
        for rest in [&b"x"[..], b"\0\0x", b"\x1f\x8b"] {
            assert!(gunzip(&[&gzip(b"one"), rest].concat()).is_err(), "{rest:?}");
        }
    }

    #[test]
    fn truncation_anywhere() {
        let stream = gzip(&sample(300));
        for length in 0..stream.len() {
            assert!(gunzip(&stream[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn a_wrong_check_and_a_wrong_length() {
        let stream = gzip(b"content");
        for place in stream.len() - 8..stream.len() {
            let mut damaged = stream.clone();
            damaged[place] ^= 1;
            assert!(gunzip(&damaged).is_err(), "{place}");
        }
    }

    #[test]
    fn a_match_before_the_beginning() {
        // Final block, fixed codes: length 3 at distance 1, with nothing before it; the end.
        let mut stream = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\x02\0".to_vec();
        let mut check = Crc::new();
        check.update(&[0; 3]);
        stream.extend_from_slice(&check.sum().to_le_bytes());
        stream.extend_from_slice(&check.amount().to_le_bytes());
        assert!(gunzip(&stream).is_err());

        // Why flate2 does not inflate here. If this fails, it has learnt it, and could.
        let mut content = Vec::new();
        MultiGzDecoder::new(&stream[..]).read_to_end(&mut content).unwrap();
        assert_eq!(content, [0; 3]);
    }
}
