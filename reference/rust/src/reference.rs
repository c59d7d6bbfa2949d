//! From a request's target to what it refers to (HTTP-7, HTTP-8, NAMES-6).

/// The hexadecimal digits of a SHA-256.
pub type Digits = [u8; 64];

/// A path below `/v2/` as `NAME/COLLECTION/REFERENCE`. The name is what is left in front of the
/// last two components, of any number itself (NAMES-2).
#[derive(Debug, PartialEq, Eq)]
pub struct Reference<'path> {
    pub name: &'path [u8],
    pub collection: &'path [u8],
    /// The reference itself, of whatever form.
    pub last: &'path [u8],
}

impl<'path> Reference<'path> {
    pub fn split(path: &'path [u8]) -> Option<Self> {
        let mut parts = path.rsplitn(3, |byte| *byte == b'/');
        let (last, collection, name) = (parts.next()?, parts.next()?, parts.next()?);
        (!name.is_empty()).then_some(Self { name, collection, last })
    }
}

/// The path of a target, its percent-encoding undone once; None if that cannot be done. An encoded
/// slash is a slash: the path is taken apart afterwards, and no part of it names a file but the
/// digits of a digest.
pub fn path(target: &[u8]) -> Option<Vec<u8>> {
    let mut rest = target;
    if !rest.starts_with(b"/") {
        // Whole URIs are taken too, whatever their host (RFC 9112, 3.2.2).
        let scheme = rest.windows(3).position(|three| three == b"://")?;
        rest = &rest[scheme + 3..];
        rest = &rest[rest.iter().position(|byte| *byte == b'/')?..];
    }
    let mut path = Vec::with_capacity(rest.len());
    let mut bytes = rest.iter().take_while(|byte| **byte != b'?');
    while let Some(byte) = bytes.next() {
        path.push(match byte {
            b'%' => hexadecimal(*bytes.next()?)? << 4 | hexadecimal(*bytes.next()?)?,
            byte => *byte,
        });
    }
    Some(path)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

/// The digits of a digest; None if the reference is none.
pub fn digits(reference: &[u8]) -> Option<&Digits> {
    let digits: &Digits = reference.strip_prefix(b"sha256:")?.try_into().ok()?;
    digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')).then_some(digits)
}

pub fn is_tag(reference: &[u8]) -> bool {
    reference.len() <= 128
        && !matches!(reference.first(), None | Some(b'.' | b'-'))
        && reference.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::{Reference, digits, is_tag, path};

    #[test]
    fn paths_are_undone_once() {
        assert_eq!(path(b"/v2/a%2Fb%2541?c%zz").unwrap(), b"/v2/a/b%41");
        assert_eq!(path(b"http://a:1/v2/").unwrap(), b"/v2/");
        for target in [&b"/%"[..], b"/%4", b"/%4g", b"/%+1", b"*", b"a", b"http://a"] {
            assert_eq!(path(target), None, "{}", target.escape_ascii());
        }
    }

    #[test]
    fn names_have_any_number_of_components() {
        let split = Reference::split(b"a/b/blobs/c").unwrap();
        assert_eq!((split.name, split.collection), (&b"a/b"[..], &b"blobs"[..]));
        for path in [&b""[..], b"blobs/a", b"/blobs/a", b"a"] {
            assert_eq!(Reference::split(path), None, "{}", path.escape_ascii());
        }
    }

    #[test]
    fn references() {
        let digest = format!("sha256:{}", "0af9".repeat(16));
        assert!(digits(digest.as_bytes()).is_some());
        assert!(digits(digest.to_uppercase().as_bytes()).is_none());
        assert!(digits(digest.replace('f', "F").as_bytes()).is_none());
        assert!(digits(&digest.as_bytes()[..70]).is_none());
        assert!(is_tag(b"_1.2-3") && is_tag(&[b'a'; 128]));
        for no_tag in [&b""[..], b".", b"..", b"-a", b"a/b", b"a:b", b"a\0", &[b'a'; 129]] {
            assert!(!is_tag(no_tag), "{}", no_tag.escape_ascii());
        }
    }
}
