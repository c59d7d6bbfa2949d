//! The header of a gzip member (RFC 1952, section 2.3; GZ-2, GZ-4, GZ-5a).
//!
//! Nothing in it matters to what is extracted, so it is checked and skipped, whatever its length.
//! flate2 would keep its fields, and so refuses names of 64 KiB and more.

use std::io::{self, BufRead};

use flate2::Crc;

use crate::failure::{Failure, Result};

const MAGIC: [u8; 2] = [0x1f, 0x8b];
const DEFLATE: u8 = 8;

const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// Reads to the header's end and not a byte more.
pub fn skip(input: &mut impl BufRead) -> Result<()> {
    let mut header = Header { input, check: Crc::new() };
    // Modification time, extra flags and operating system come after the first four bytes.
    let [magic_1, magic_2, method, flags, ..] = header.bytes::<10>()?;
    if [magic_1, magic_2] != MAGIC {
        return Err(Failure::new("not a gzip stream")); // GZ-8
    }
    if method != DEFLATE {
        return Err(Failure::new("an unknown compression method in a gzip header"));
    }
    if flags & RESERVED != 0 {
        return Err(Failure::new("reserved flags in a gzip header"));
    }
    if flags & FEXTRA != 0 {
        for _ in 0..u16::from_le_bytes(header.bytes()?) {
            header.bytes::<1>()?;
        }
    }
    for text in [FNAME, FCOMMENT] {
        while flags & text != 0 && header.bytes()? != [0] {}
    }
    if flags & FHCRC != 0 {
        let [low, high, ..] = header.check.sum().to_le_bytes();
        if header.bytes()? != [low, high] {
            return Err(Failure::new("the gzip header's checksum does not match"));
        }
    }
    Ok(())
}

struct Header<'input, R> {
    input: &'input mut R,
    check: Crc,
}

impl<R: BufRead> Header<'_, R> {
    fn bytes<const COUNT: usize>(&mut self) -> Result<[u8; COUNT]> {
        let mut bytes = [0; COUNT];
        self.input.read_exact(&mut bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Failure::new("the gzip stream is truncated"),
            _ => error.into(),
        })?;
        self.check.update(&bytes);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use flate2::Crc;

    use super::{FCOMMENT, FEXTRA, FHCRC, FNAME, skip};

    /// A header with all optional fields, a right checksum at its end.
    fn header(name: &[u8]) -> Vec<u8> {
        let flags = FHCRC | FEXTRA | FNAME | FCOMMENT | 1;
        let mut header = vec![0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 255, 3, 0, 7, 0, 7];
        header.extend_from_slice(name);
        header.extend_from_slice(b"\0comment\0");
        let mut check = Crc::new();
        check.update(&header);
        header.extend_from_slice(&check.sum().to_le_bytes()[..2]);
        header
    }

    #[test]
    fn it_is_skipped_to_its_end() {
        for name in [&b""[..], b"name", &vec![b'n'; 100_000]] {
            let stream = [header(name), b"rest".to_vec()].concat();
            let mut input = &stream[..];
            skip(&mut input).unwrap();
            assert_eq!(input, b"rest");
        }
    }

    #[test]
    fn every_damaged_bit_before_the_times_or_in_the_checksum_is_seen() {
        let whole = header(b"name");
        for place in [0, 1, 2, whole.len() - 2, whole.len() - 1] {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[place] ^= 1 << bit;
                assert!(skip(&mut &damaged[..]).is_err(), "{place} {bit}");
            }
        }
    }

    #[test]
    fn reserved_flags() {
        for bit in 5..8 {
            let stream = [0x1f, 0x8b, 8, 1 << bit, 0, 0, 0, 0, 0, 3];
            assert!(skip(&mut &stream[..]).is_err(), "{bit}");
        }
    }

    #[test]
    fn truncation_anywhere() {
        let whole = header(b"name");
        for length in 0..whole.len() {
            assert!(skip(&mut &whole[..length]).is_err(), "{length}");
        }
    }
}
