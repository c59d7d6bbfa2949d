//! Numbers as tar headers write them (TAR-8, TAR-12).
//!
//! The crate's own reading is not used: it takes the low 64 bits of a larger base-256 number, a
//! negative one for a huge one, and allows a sign before octal digits.

/// Reads a numeric field: spaces, octal digits, then spaces and NULs; or base-256.
///
/// Nothing but spaces, or nothing but NULs, is zero. None for everything else, which readers take
/// for different numbers, and for what is negative or beyond 63 bits.
pub fn number(field: &[u8]) -> Option<u64> {
    match field.first() {
        Some(first) if first & 0x80 != 0 => base_256(field),
        _ => octal(field),
    }
}

fn octal(field: &[u8]) -> Option<u64> {
    if field.iter().all(|byte| *byte == 0) || field.iter().all(|byte| *byte == b' ') {
        return Some(0);
    }
    let start = field.iter().position(|byte| *byte != b' ').unwrap_or(field.len());
    let digits = &field[start..];
    let end = digits.iter().position(|byte| matches!(byte, b' ' | 0)).unwrap_or(digits.len());
    if end == 0 || digits[end..].iter().any(|byte| !matches!(byte, b' ' | 0)) {
        return None;
    }
    digits[..end].iter().try_fold(0, |value, digit| match digit {
        b'0'..=b'7' => push(value, 8, digit - b'0'),
        _ => None,
    })
}

/// GNU's form for what octal digits cannot hold: the first bit set, then a two's complement.
fn base_256(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if first & 0x40 != 0 {
        return None; // negative
    }
    let value = u64::from(first & 0x3f);
    rest.iter().try_fold(value, |value, digit| push(value, 256, *digit))
}

/// Reads the decimal digits of a pax record. None for anything else, or beyond 63 bits.
pub fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| match digit {
        b'0'..=b'9' => push(value, 10, digit - b'0'),
        _ => None,
    })
}

/// Appends a digit. File offsets are signed: 63 bits are all that a size may have.
fn push(value: u64, base: u64, digit: u8) -> Option<u64> {
    let pushed = value.checked_mul(base)?.checked_add(u64::from(digit))?;
    (i64::try_from(pushed).is_ok()).then_some(pushed)
}

#[cfg(test)]
mod tests {
    use super::{decimal, number};

    #[test]
    fn octal_fields() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"  644 \0 "), Some(0o644));
        assert_eq!(number(b"777777777777"), Some(0o777_777_777_777));
        assert_eq!(number(b"\0\0\0\0"), Some(0));
        assert_eq!(number(b"    "), Some(0));
    }

    #[test]
    fn base_256_fields() {
        let mut field = [0; 12];
        field[0] = 0x80;
        field[11] = 5;
        assert_eq!(number(&field), Some(5));
        field[4..].copy_from_slice(&i64::MAX.to_be_bytes());
        assert_eq!(number(&field), i64::MAX.try_into().ok());
    }

    #[test]
    fn malformed_negative_and_overflowing_fields() {
        for field in [
            &b"-0000001"[..],
            b"+0000001",
            b"00000a4\0",
            b"12 34\0\0\0",
            b"8",
            b"0\x001",
            b"\x0012",
            b"  \x0012",
            b"  \0\0",
            b"\0  ",
            b"\t12",
        ] {
            assert_eq!(number(field), None, "{field:?}");
        }
        assert_eq!(number(&[0xff; 12]), None);
        assert_eq!(number(&[0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(number(&[0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]), None);
    }

    #[test]
    fn decimals() {
        assert_eq!(decimal(b"0"), Some(0));
        assert_eq!(decimal(b"9223372036854775807"), i64::MAX.try_into().ok());
        for digits in [&b""[..], b"-1", b"+1", b"5x", b" 5", b"9223372036854775808"] {
            assert_eq!(decimal(digits), None, "{digits:?}");
        }
    }
}
