//! The checksum (SUM).

use std::fmt::Write as _;
use std::io::Read;

use sha2::{Digest, Sha256};

use crate::failure::{Failure, Result, shown};

const DIGEST_BYTES: usize = 32;

/// The SHA-256 that the payload must have.
#[derive(Debug, PartialEq, Eq)]
pub struct Checksum([u8; DIGEST_BYTES]);

impl Checksum {
    /// Reads the argument: 64 hexadecimal digits and nothing else (SUM-3); either case (SUM-6).
    pub fn parse(argument: &[u8]) -> Result<Self> {
        let mut digest = [0; DIGEST_BYTES];
        if argument.len() == 2 * DIGEST_BYTES {
            for (byte, pair) in digest.iter_mut().zip(argument.chunks_exact(2)) {
                match (hex_digit(pair[0]), hex_digit(pair[1])) {
                    (Some(high), Some(low)) => *byte = high << 4 | low,
                    _ => return Err(malformed(argument)),
                }
            }
            return Ok(Self(digest));
        }
        Err(malformed(argument))
    }

    /// Reads everything and compares, before the first write (SUM-1, SUM-2).
    pub fn verify(&self, mut payload: impl Read) -> Result<()> {
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = payload.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            hash.update(&buffer[..count]);
        }
        let actual: [u8; DIGEST_BYTES] = hash.finalize().into();
        if actual == self.0 {
            return Ok(());
        }
        let (expected, actual) = (hex(&self.0), hex(&actual)); // SUM-5
        Err(Failure::new(format!("SHA-256 mismatch: expected {expected}, got {actual}")))
    }
}

fn malformed(argument: &[u8]) -> Failure {
    let argument = shown(argument);
    Failure::new(format!("the checksum \"{argument}\" is not 64 hexadecimal digits"))
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // a String takes everything
        text
    })
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn the_vector_of_fips_180_2() {
        Checksum::parse(OF_ABC.as_bytes()).unwrap().verify(&b"abc"[..]).unwrap();
    }

    #[test]
    fn a_mismatch_names_both_digests() {
        let expected = Checksum::parse(OF_ABC.as_bytes()).unwrap();
        let message = expected.verify(&b"abd"[..]).unwrap_err().to_string();
        assert!(message.contains(OF_ABC));
        assert!(
            message.contains("a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9")
        );
    }

    #[test]
    fn malformed_arguments() {
        let long = format!("{OF_ABC}0");
        let prefixed = format!("sha256:{}", &OF_ABC[7..]);
        for argument in ["", &OF_ABC[1..], &long, &prefixed, &OF_ABC.replace('b', " ")] {
            assert!(Checksum::parse(argument.as_bytes()).is_err(), "{argument:?}");
        }
    }

    #[test]
    fn either_case() {
        let upper = OF_ABC.to_uppercase();
        assert_eq!(
            Checksum::parse(upper.as_bytes()).unwrap(),
            Checksum::parse(OF_ABC.as_bytes()).unwrap()
        );
    }
}
