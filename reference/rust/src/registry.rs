//! Which answer a request gets.
//!
//! The paths are those of OCI's distribution specification 1.1 that one needs to pull: end-1, end-2,
//! end-3 and end-8a. Everything else is not there (HTTP-20, HTTP-23).

use std::fmt::Write as _;

use rustix::io::Errno;

use crate::answer::{Answer, Asker, JSON, OK};
use crate::layout::Layout;
use crate::range::{Wanted, find};
use crate::reference::{Reference, digits, is_tag, path};
use crate::request::{BAD_REQUEST, Method, Request, Status};

const NOT_FOUND: Status = "404 Not Found";
const UNSUPPORTED: &str = "UNSUPPORTED";

/// The answer to what is no request.
pub fn refuse(status: Status) -> Answer {
    Asker::NOBODY.failure(status, UNSUPPORTED, "")
}

/// What a request gets, whoever asks and whatever they accept (HTTP-6, HTTP-22).
pub fn respond(layout: &Layout, request: &Request<'_>) -> Answer {
    let asker = Asker::of(request);
    // HTTP-9
    if request.method == Method::Other {
        return asker.failure("405 Method Not Allowed", UNSUPPORTED, "Allow: GET, HEAD\r\n");
    }
    let Some(path) = path(request.target) else {
        return asker.failure(BAD_REQUEST, UNSUPPORTED, "");
    };
    // HTTP-1, HTTP-1a
    if matches!(&path[..], b"/v2/" | b"/v2") {
        return asker.text(OK, JSON, "{}");
    }
    let Some(below) = path.strip_prefix(b"/v2/") else {
        return asker.failure(NOT_FOUND, UNSUPPORTED, "");
    };
    match Reference::split(below) {
        None => asker.failure(NOT_FOUND, "NAME_INVALID", ""),
        Some(wanted) => match (wanted.collection, wanted.last) {
            (b"manifests", _) => manifest(asker, layout, &wanted),
            (b"blobs", _) => blob(asker, layout, &wanted, request.range),
            (b"tags", b"list") => tags(asker, layout, wanted.name),
            _ => asker.failure(NOT_FOUND, UNSUPPORTED, ""),
        },
    }
}

/// NAMES-1, NAMES-4, NAMES-5, HTTP-2, HTTP-4.
fn manifest(asker: Asker, layout: &Layout, wanted: &Reference<'_>) -> Answer {
    const UNKNOWN: &str = "MANIFEST_UNKNOWN";
    let digits = if is_tag(wanted.last) {
        layout.manifest(wanted.name, wanted.last)
    } else {
        digits(wanted.last)
    };
    let Some(digits) = digits else {
        return asker.failure(NOT_FOUND, UNKNOWN, "");
    };
    let manifest = match layout.blob(digits) {
        Ok(manifest) => manifest,
        Err(error) => return missing(asker, error, UNKNOWN),
    };
    match layout.media_type(&manifest, digits) {
        Some(media_type) => {
            let whole = 0..manifest.size;
            asker.content(OK, &media_type, &digest(digits), (manifest.file, whole))
        }
        None => asker.failure(NOT_FOUND, UNKNOWN, ""),
    }
}

/// NAMES-4, HTTP-3, HTTP-4, HTTP-16.
fn blob(asker: Asker, layout: &Layout, wanted: &Reference<'_>, range: &[u8]) -> Answer {
    const UNKNOWN: &str = "BLOB_UNKNOWN";
    let Some(digits) = digits(wanted.last) else {
        return asker.failure(NOT_FOUND, UNKNOWN, "");
    };
    let blob = match layout.blob(digits) {
        Ok(blob) => blob,
        Err(error) => return missing(asker, error, UNKNOWN),
    };
    let mut fields = digest(digits) + "Accept-Ranges: bytes\r\n";
    let (status, part) = match find(range, blob.size) {
        Wanted::Whole => (OK, 0..blob.size),
        Wanted::Part(part) => {
            let (first, last) = (part.start, part.end - 1);
            let _ = write!(fields, "Content-Range: bytes {first}-{last}/{}\r\n", blob.size);
            ("206 Partial Content", part)
        }
        Wanted::Beyond => {
            let field = format!("Content-Range: bytes */{}\r\n", blob.size);
            return asker.failure("416 Range Not Satisfiable", "SIZE_INVALID", &field);
        }
    };
    asker.content(status, "application/octet-stream", &fields, (blob.file, part))
}

/// NAMES-12
fn tags(asker: Asker, layout: &Layout, name: &[u8]) -> Answer {
    let tags = layout.tags(name);
    // A name with such characters in it would have to be escaped; no image has one.
    let plain = |byte: &u8| *byte >= b' ' && !matches!(byte, b'"' | b'\\');
    match str::from_utf8(name) {
        Ok(name) if !tags.is_empty() && name.bytes().all(|byte| plain(&byte)) => {
            let tags = String::from_utf8_lossy(&tags.join(&b"\",\""[..])).into_owned();
            asker.text(OK, JSON, &format!("{{\"name\":\"{name}\",\"tags\":[\"{tags}\"]}}"))
        }
        _ => asker.failure(NOT_FOUND, "NAME_UNKNOWN", ""),
    }
}

/// What cannot be opened is not there, unless there is not enough of something (LIFE-3).
fn missing(asker: Asker, error: Errno, unknown: &str) -> Answer {
    match error {
        Errno::MFILE | Errno::NFILE | Errno::NOMEM => {
            asker.failure("503 Service Unavailable", "UNKNOWN", "")
        }
        _ => asker.failure(NOT_FOUND, unknown, ""),
    }
}

fn digest(digits: &[u8; 64]) -> String {
    format!("Docker-Content-Digest: sha256:{}\r\n", digits.escape_ascii())
}
