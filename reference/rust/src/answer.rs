//! An answer, from status to body (HTTP-2 to HTTP-5).

use std::fs::File;
use std::ops::Range;

use crate::request::{Method, Request, Status};

pub const OK: Status = "200 OK";
pub const JSON: &str = "application/json";

/// What is sent: bytes, and then a part of a file, if there is one.
pub struct Answer {
    pub bytes: Vec<u8>,
    pub body: Option<(File, Range<u64>)>,
    /// Whether the connection ends behind it (HTTP-13).
    pub closes: bool,
}

/// To whom it goes, as far as the answer depends on it.
#[derive(Clone, Copy)]
pub struct Asker {
    method: Method,
    closes: bool,
}

impl Asker {
    /// Who sends what is no request: the connection ends (HTTP-10, HTTP-11).
    pub const NOBODY: Self = Self { method: Method::Other, closes: true };

    pub fn of(request: &Request<'_>) -> Self {
        Self { method: request.method, closes: request.closes }
    }

    /// An answer whose body is text.
    pub fn text(self, status: Status, media_type: &str, body: &str) -> Answer {
        self.whole(status, media_type, "", body)
    }

    fn whole(self, status: Status, media_type: &str, fields: &str, body: &str) -> Answer {
        let mut bytes = self.head(status, media_type, fields, body.len() as u64);
        if self.method != Method::Head {
            bytes.extend_from_slice(body.as_bytes());
        }
        Answer { bytes, body: None, closes: self.closes }
    }

    /// An answer whose body is a part of a file. `fields` are further ones, each with its line end.
    pub fn content(
        self,
        status: Status,
        media_type: &str,
        fields: &str,
        (file, part): (File, Range<u64>),
    ) -> Answer {
        let bytes = self.head(status, media_type, fields, part.end - part.start);
        let body = (self.method != Method::Head).then_some((file, part));
        Answer { bytes, body, closes: self.closes }
    }

    /// HTTP-5: an error as OCI has it; clients show the message to their users.
    pub fn failure(self, status: Status, code: &str, fields: &str) -> Answer {
        let body = format!("{{\"errors\":[{{\"code\":\"{code}\",\"message\":\"{status}\"}}]}}");
        self.whole(status, JSON, fields, &body)
    }

    /// HTTP-15: there is always a length, so that a body that broke off can be told from a whole
    /// one.
    fn head(self, status: Status, media_type: &str, fields: &str, length: u64) -> Vec<u8> {
        let end = if self.closes { "Connection: close\r\n" } else { "" };
        format!(
            "HTTP/1.1 {status}\r\nDocker-Distribution-Api-Version: registry/2.0\r\n\
             Content-Type: {media_type}\r\n{fields}Content-Length: {length}\r\n{end}\r\n"
        )
        .into_bytes()
    }
}
