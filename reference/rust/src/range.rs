//! Parts of a blob (HTTP-16; RFC 9110, section 14).

use std::ops::Range;

#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// What the field says is to be ignored: several parts, another unit, nonsense.
    Whole,
    Part(Range<u64>),
    /// There is no such part.
    Beyond,
}

/// Finds out what a Range field asks for, of so many bytes.
pub fn find(field: &[u8], size: u64) -> Wanted {
    wanted(field, size).unwrap_or(Wanted::Whole)
}

fn wanted(field: &[u8], size: u64) -> Option<Wanted> {
    let (unit, set) = field.split_at_checked(6)?;
    if !unit.eq_ignore_ascii_case(b"bytes=") {
        return None;
    }
    let set = set.trim_ascii_start();
    let dash = set.iter().position(|byte| *byte == b'-')?;
    let (first, last) = (number(&set[..dash])?, number(&set[dash + 1..])?);
    Some(match (first, last) {
        (None, None) => return None,
        (Some(first), Some(last)) if last < first => return None,
        (Some(first), _) if first >= size => Wanted::Beyond,
        (Some(first), last) => {
            Wanted::Part(first..last.map_or(size, |last| size.min(last.saturating_add(1))))
        }
        (None, Some(0)) => Wanted::Beyond,
        (None, Some(_)) if size == 0 => return None,
        (None, Some(length)) => Wanted::Part(size.saturating_sub(length)..size),
    })
}

/// A number, which may be missing; one beyond 64 bits is as far as any. None for anything else.
#[allow(clippy::option_option)]
fn number(digits: &[u8]) -> Option<Option<u64>> {
    let mut value = (!digits.is_empty()).then_some(0_u64);
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value.map(|value| value.saturating_mul(10).saturating_add((digit - b'0').into()));
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::{Wanted, find};

    #[test]
    fn parts() {
        for (field, part) in [
            (&b"bytes=0-0"[..], 0..1),
            (b"Bytes= 2-", 2..10),
            (b"bytes=2-99", 2..10),
            (b"bytes=9-18446744073709551615", 9..10),
            (b"bytes=-3", 7..10),
            (b"bytes=-99999999999999999999", 0..10),
        ] {
            assert_eq!(find(field, 10), Wanted::Part(part), "{}", field.escape_ascii());
        }
    }

    #[test]
    fn what_is_ignored_and_what_is_beyond() {
        for field in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=2-1",
            "bytes=0-1,3-4",
            "lines=0-1",
            "bytes=a-",
        ] {
            assert_eq!(find(field.as_bytes(), 10), Wanted::Whole, "{field}");
        }
        for field in ["bytes=10-", "bytes=99999999999999999999-", "bytes=-0"] {
            assert_eq!(find(field.as_bytes(), 10), Wanted::Beyond, "{field}");
        }
        assert_eq!(find(b"bytes=-1", 0), Wanted::Whole);
        assert_eq!(find(b"bytes=0-", 0), Wanted::Beyond);
    }
}
