//! Records of pax extended headers (POSIX.1-2017 pax, "pax Extended Header"; TAR-1, TAR-12).
//!
//! The crate's reading is not used: it splits records at line feeds, which may stand inside a
//! value, and leaves it to its caller to notice that a record is malformed.

use crate::failure::{Failure, Result, shown};
use crate::numbers::decimal;

/// The longest name that a system call takes, and so the longest of a file that others can open.
const LONGEST_NAME: usize = 4095;

/// What extended headers say about the member after them. The last record of a key counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pub path: Option<Vec<u8>>,
    pub link: Option<Vec<u8>>,
    pub size: Option<u64>,
}

/// Whom a header speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    NextMember,
    AllMembers,
}

impl Overrides {
    /// Reads all records; keys that say nothing about names and contents are passed over. Each
    /// record must be right for itself, whatever a later one replaces (TAR-12).
    pub fn take(&mut self, mut records: &[u8], scope: Scope) -> Result<()> {
        while !records.is_empty() {
            let (record, rest) =
                split_record(records).ok_or_else(|| Failure::new("a malformed pax record"))?;
            let equals = record
                .iter()
                .position(|byte| *byte == b'=')
                .filter(|length| *length > 0)
                .ok_or_else(|| Failure::new("a pax record without a keyword"))?;
            self.apply(&record[..equals], &record[equals + 1..], scope)?;
            records = rest;
        }
        Ok(())
    }

    fn apply(&mut self, key: &[u8], value: &[u8], scope: Scope) -> Result<()> {
        match key {
            b"path" => self.path = name(value)?,
            b"linkpath" => self.link = name(value)?,
            b"size" if value.is_empty() => self.size = None,
            b"size" => {
                let size = decimal(value).ok_or_else(|| {
                    Failure::new(format!("the pax size \"{}\" is not a number", shown(value)))
                })?;
                self.size = Some(size);
            }
            // The data would be the condensed form, which nobody must take for the file (TAR-11).
            _ if key.starts_with(b"GNU.sparse.") && scope == Scope::NextMember => {
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

/// A name, or None where an empty value takes back what was said before.
fn name(value: &[u8]) -> Result<Option<Vec<u8>>> {
    if value.contains(&0) {
        return Err(Failure::new("a pax name with a NUL byte in it")); // TAR-13
    }
    checked_name(value)?;
    Ok((!value.is_empty()).then(|| value.to_vec()))
}

pub fn checked_name(name: &[u8]) -> Result<()> {
    if name.len() > LONGEST_NAME {
        return Err(Failure::new("a name is too long"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, Overrides, Scope};
    use crate::failure::Result;

    fn parse(records: &[u8]) -> Result<Overrides> {
        let mut overrides = Overrides::default();
        overrides.take(records, Scope::NextMember)?;
        Ok(overrides)
    }

    #[test]
    fn the_last_record_of_a_key_counts() {
        let found = parse(b"10 path=a\n10 path=b\n10 size=7\n").unwrap();
        assert_eq!(found.path.as_deref(), Some(&b"b"[..]));
        assert_eq!(found.size, Some(7));
        assert_eq!(found.link, None);
    }

    #[test]
    fn later_headers_add_to_earlier_ones() {
        let mut found = parse(b"10 path=a\n10 size=7\n").unwrap();
        found.take(b"10 path=b\n", Scope::NextMember).unwrap();
        assert_eq!((found.path.as_deref(), found.size), (Some(&b"b"[..]), Some(7)));
    }

    #[test]
    fn empty_values_take_back_what_was_said() {
        let records = b"10 path=a\n8 path=\n10 size=7\n8 size=\n14 linkpath=a\n13 linkpath=\n";
        assert_eq!(parse(records).unwrap(), Overrides::default());
    }

    #[test]
    fn leading_zeros_do_not_matter() {
        let found = parse(b"000000000000000000000035 size=0007\n").unwrap();
        assert_eq!(found.size, Some(7));
    }

    #[test]
    fn sparse_records_for_all_members_are_passed_over() {
        let mut found = Overrides::default();
        assert!(found.take(b"22 GNU.sparse.major=1\n", Scope::AllMembers).is_ok());
    }

    #[test]
    fn long_names() {
        let record = |length: usize| format!("{} path={}\n", length + 11, "a".repeat(length));
        assert!(parse(record(LONGEST_NAME).as_bytes()).is_ok());
        assert!(parse(record(LONGEST_NAME + 1).as_bytes()).is_err());
    }

    #[test]
    fn values_may_hold_line_feeds_and_equals_signs() {
        let found = parse(b"13 path=a\n=b\n").unwrap();
        assert_eq!(found.path.as_deref(), Some(&b"a\n=b"[..]));
    }

    #[test]
    fn unknown_keys_are_passed_over() {
        let found = parse(b"17 comment=a b c\n20 VENDOR.key=value\n").unwrap();
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
            b"11 size=-1\n10 size=1\n",
            b"5 =v\n",
            b"22 GNU.sparse.major=1\n",
        ] {
            assert!(parse(records).is_err(), "{}", records.escape_ascii());
        }
    }
}
