//! Records of pax extended headers (POSIX.1-2017 pax, "pax Extended Header"; TAR-1, TAR-12).
//!
//! The crate's reading is not used: it splits records at line feeds, which may stand inside a
//! value, and leaves it to its caller to notice that a record is malformed.

use crate::failure::{Failure, Result, shown};
use crate::numbers::decimal;

/// What an extended header says about the member after it. The last record of a key counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pub path: Option<Vec<u8>>,
    pub link: Option<Vec<u8>>,
    pub size: Option<u64>,
}

impl Overrides {
    /// Reads all records; keys that say nothing about names and contents are passed over.
    pub fn parse(mut records: &[u8]) -> Result<Self> {
        let mut overrides = Self::default();
        while !records.is_empty() {
            let (record, rest) =
                split_record(records).ok_or_else(|| Failure::new("a malformed pax record"))?;
            let equals = record
                .iter()
                .position(|byte| *byte == b'=')
                .ok_or_else(|| Failure::new("a pax record without an equals sign"))?;
            overrides.apply(&record[..equals], &record[equals + 1..])?;
            records = rest;
        }
        Ok(overrides)
    }

    fn apply(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        match key {
            b"path" => self.path = Some(name(value)?),
            b"linkpath" => self.link = Some(name(value)?),
            b"size" => {
                let size = decimal(value).ok_or_else(|| {
                    Failure::new(format!("the pax size \"{}\" is not a number", shown(value)))
                })?;
                self.size = Some(size);
            }
            // The data would be the condensed form, which nobody must take for the file (TAR-11).
            _ if key.starts_with(b"GNU.sparse.") => {
                return Err(Failure::new("sparse members are not supported"));
            }
            _ => {}
        }
        Ok(())
    }
}

/// Splits `"<length> <key>=<value>\n"` off, where the length counts all of it.
fn split_record(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = records.iter().position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(&records[..space])?).ok()?;
    let (record, rest) = records.split_at_checked(length)?;
    Some((record.get(space + 1..)?.strip_suffix(b"\n")?, rest))
}

fn name(value: &[u8]) -> Result<Vec<u8>> {
    if value.contains(&0) {
        return Err(Failure::new("a pax name with a NUL byte in it")); // TAR-13
    }
    Ok(value.to_vec())
}

#[cfg(test)]
mod tests {
    use super::Overrides;

    #[test]
    fn the_last_record_of_a_key_counts() {
        let found = Overrides::parse(b"10 path=a\n10 path=b\n10 size=7\n").unwrap();
        assert_eq!(found.path.as_deref(), Some(&b"b"[..]));
        assert_eq!(found.size, Some(7));
        assert_eq!(found.link, None);
    }

    #[test]
    fn values_may_hold_line_feeds_and_equals_signs() {
        let found = Overrides::parse(b"13 path=a\n=b\n").unwrap();
        assert_eq!(found.path.as_deref(), Some(&b"a\n=b"[..]));
    }

    #[test]
    fn unknown_keys_are_passed_over() {
        let found = Overrides::parse(b"17 comment=a b c\n20 VENDOR.key=value\n").unwrap();
        assert_eq!(found, Overrides::default());
    }

    #[test]
    fn malformed_records() {
        for records in [
            &b"5 a=b"[..],
            b"7 path=a\n",
            b"99 path=a\n",
            b"path=a\n",
            b" 9 path=a\n",
            b"0 path=a\n",
            b"2 path=a\n",
            b"9 patha\n\n",
            b"11 path=a\0\n",
            b"99999999999999999999 path=a\n",
            b"11 size=-1\n",
            b"22 GNU.sparse.major=1\n",
        ] {
            assert!(Overrides::parse(records).is_err(), "{}", records.escape_ascii());
        }
    }
}
