//! The image layout (NAMES): which images `index.json` names, and blobs by digest.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{Mode, OFlags, open, openat};
use rustix::io::Errno;

use crate::failure::{Failure, Result};
use crate::json::{self, Kind, Reader};
use crate::reference::{Digits, digits, is_tag};

/// NAMES-5: what a manifest is that nobody says anything about.
const USUAL_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";

/// Bytes of a manifest that are looked at for its type: as many as containerd takes.
const LONGEST_MANIFEST: u64 = 4 << 20;
/// A descriptor has some hundred bytes; there are two.
const LONGEST_INDEX: u64 = 16 << 20;

const HOW_TO_OPEN: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// A descriptor of `index.json`, as far as it means something.
#[derive(Default)]
struct Image {
    digits: Option<Digits>,
    media_type: Option<String>,
    name: Option<String>,
}

impl Image {
    /// The tag that it has under a repository's name.
    fn tag(&self, name: &[u8]) -> Option<&[u8]> {
        self.name.as_ref()?.as_bytes().strip_prefix(name)?.strip_prefix(b":")
    }
}

pub struct Layout {
    /// In the order of the index.
    images: Vec<Image>,
    /// `blobs/sha256`, unless it is missing, or is no directory of its own.
    blobs: Option<OwnedFd>,
}

/// A file of the layout, and how many bytes it has.
pub struct Blob {
    pub file: File,
    pub size: u64,
}

impl Layout {
    /// Reads what was extracted. A tree without an index has no names to serve; one with an index
    /// that is none is found out now (NAMES-9).
    pub fn open(root: &Path) -> Result<Self> {
        let root = open(root, HOW_TO_OPEN | OFlags::DIRECTORY, Mode::empty())?;
        let directory = |at: &OwnedFd, name| {
            openat(at, name, HOW_TO_OPEN | OFlags::DIRECTORY, Mode::empty()).ok()
        };
        let blobs = directory(&root, "blobs").and_then(|blobs| directory(&blobs, "sha256"));
        let images = match open_file(&root, "index.json") {
            Err(Errno::NOENT) => Some(Vec::new()),
            found => found.ok().and_then(|index| index.content(LONGEST_INDEX)).and_then(|text| {
                let mut images = None;
                read_index(&text, &mut images).ok().and(images)
            }),
        };
        let images = images.ok_or_else(|| Failure::new("index.json is not an image index"))?;
        Ok(Self { images, blobs })
    }

    /// NAMES-1: the digits of the manifest of `name:tag`. Of several the last one (NAMES-10).
    pub fn manifest(&self, name: &[u8], tag: &[u8]) -> Option<&Digits> {
        let named = |image: &&Image| image.tag(name) == Some(tag);
        self.images.iter().rev().find(named)?.digits.as_ref()
    }

    /// NAMES-12: the tags of a name, in order.
    pub fn tags(&self, name: &[u8]) -> Vec<&[u8]> {
        let mut tags: Vec<_> = self
            .images
            .iter()
            .filter_map(|image| image.tag(name))
            .filter(|tag| is_tag(tag))
            .collect();
        tags.sort_unstable();
        tags.dedup();
        tags
    }

    /// NAMES-4, NAMES-6: the blob of a digest.
    pub fn blob(&self, digits: &Digits) -> rustix::io::Result<Blob> {
        open_file(self.blobs.as_ref().ok_or(Errno::NOENT)?, &digits[..])
    }

    /// NAMES-5: what a manifest is: what itself says, or the index, or the usual. None: it is no
    /// manifest (NAMES-10).
    pub fn media_type(&self, manifest: &Blob, digits: &Digits) -> Option<String> {
        let mut own = None;
        if manifest.size <= LONGEST_MANIFEST {
            json::document(&manifest.content(LONGEST_MANIFEST)?, &mut |member, value| {
                match member {
                    "mediaType" => own = media_type(value)?,
                    _ => value.skip()?,
                }
                Ok(())
            })
            .ok()?;
        }
        let described = |image: &&Image| image.digits.as_ref() == Some(digits);
        let mut images = self.images.iter().rev().filter(described);
        own.or_else(|| images.find_map(|image| image.media_type.clone()))
            .or_else(|| Some(USUAL_TYPE.into()))
    }
}

impl Blob {
    /// All of it; None if that is more than so many bytes, or cannot be read.
    fn content(&self, most: u64) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        (&self.file).take(most + 1).read_to_end(&mut content).ok()?;
        (content.len() as u64 <= most).then_some(content)
    }
}

/// Opens a regular file, through no link, without ever waiting for a FIFO's writer.
fn open_file(at: impl AsFd, name: impl rustix::path::Arg) -> rustix::io::Result<Blob> {
    let flags = HOW_TO_OPEN | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = File::from(openat(at, name, flags, Mode::empty())?);
    let status = file.metadata().map_err(|_| Errno::IO)?;
    if !status.is_file() {
        return Err(Errno::PERM);
    }
    Ok(Blob { file, size: status.len() })
}

/// NAMES-8. Where a member is there twice, the last one counts.
fn read_index(text: &[u8], images: &mut Option<Vec<Image>>) -> json::Result<()> {
    json::document(text, &mut |member, value| {
        if member != "manifests" {
            return value.skip();
        }
        *images = None;
        if value.kind() != Kind::Array {
            return value.skip();
        }
        let mut found = Vec::new();
        value.array(&mut |element| {
            if element.kind() != Kind::Object {
                return element.skip();
            }
            let mut image = Image::default();
            element.object(&mut |member, value| describe(&mut image, member, value))?;
            if image.digits.is_some() {
                found.push(image);
            }
            Ok(())
        })?;
        *images = Some(found);
        Ok(())
    })
}

/// A member of a descriptor (NAMES-3).
fn describe(image: &mut Image, member: &str, value: &mut Reader<'_>) -> json::Result<()> {
    match member {
        "digest" => image.digits = text(value)?.and_then(|text| digits(text.as_bytes()).copied()),
        "mediaType" => image.media_type = media_type(value)?,
        "annotations" => {
            image.name = None;
            if value.kind() != Kind::Object {
                return value.skip();
            }
            value.object(&mut |member, value| {
                match member {
                    "org.opencontainers.image.base.name" => image.name = text(value)?,
                    _ => value.skip()?,
                }
                Ok(())
            })?;
        }
        _ => value.skip()?,
    }
    Ok(())
}

/// A text; None for anything else.
fn text(value: &mut Reader<'_>) -> json::Result<Option<String>> {
    if value.kind() == Kind::Text {
        return value.text();
    }
    value.skip().map(|()| None)
}

/// A media type; None for what cannot be one. With a line end in it, it would be two fields of an
/// answer.
fn media_type(value: &mut Reader<'_>) -> json::Result<Option<String>> {
    let fits = |text: &String| {
        matches!(text.len(), 3..=256)
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && text.find('/').is_some_and(|slash| slash > 0)
    };
    Ok(text(value)?.filter(fits))
}

#[cfg(test)]
mod tests {
    use super::read_index;

    fn names(text: &str) -> Option<Vec<Option<String>>> {
        let mut images = None;
        read_index(text.as_bytes(), &mut images).ok()?;
        images.map(|images| images.into_iter().map(|image| image.name).collect())
    }

    #[test]
    fn what_is_odd_in_a_descriptor_hides_no_other() {
        let digest = format!("\"digest\": \"sha256:{}\"", "a".repeat(64));
        let annotated = |name: &str| {
            format!(
                "{{{digest}, \"annotations\": {{\"org.opencontainers.image.base.name\": {name}}}}}"
            )
        };
        let odd = ["1", "[]", "null", "{}", "{\"digest\": 1}", "\"x\""];
        let text = format!(
            "{{\"manifests\": [{}, {}, {}, {{{digest}, \"annotations\": []}}]}}",
            odd.join(","),
            annotated("1"),
            annotated("\"a:b\"")
        );
        assert_eq!(names(&text).unwrap(), [None, Some("a:b".into()), None]);
    }

    #[test]
    fn what_is_no_index() {
        for text in ["{}", "{\"manifests\": {}}", "{\"manifests\": []", "[]"] {
            assert!(names(text).is_none(), "{text}");
        }
        assert!(names("{\"manifests\": {}, \"manifests\": []}").unwrap().is_empty());
    }
}
