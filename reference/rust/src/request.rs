//! Requests as bytes (RFC 9112): what is one, what is none, and where one ends.
//!
//! Nothing is guessed: what is not exactly a request is refused, and its connection ends (HTTP-11,
//! HTTP-13).

/// HTTP-12: 16 KiB and 8,000 bytes must be taken.
pub const LONGEST_HEAD: usize = 24 * 1024;
const LONGEST_TARGET: usize = 16 * 1024;

pub type Status = &'static str;

pub const BAD_REQUEST: Status = "400 Bad Request";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    Get,
    Head,
    Other,
}

#[derive(Debug)]
pub struct Request<'head> {
    pub method: Method,
    pub target: &'head [u8],
    /// HTTP-16: what was asked for of a blob; empty where nothing was, or more than once.
    pub range: &'head [u8],
    /// HTTP-13, HTTP-14: whether the connection ends after the answer.
    pub closes: bool,
    /// How many bytes the head has.
    pub length: usize,
}

/// The request that `bytes` begins with; None if more has to come.
pub fn parse(bytes: &[u8]) -> Result<Option<Request<'_>>, Status> {
    // Some clients send an empty line behind a request's body (RFC 9112, 2.2).
    let empty = bytes.iter().take(4).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut rest = &bytes[empty..];
    // HTTP-10: a TLS ClientHello has no line end.
    if rest.first().is_some_and(|byte| !is_token(*byte)) {
        return Err(BAD_REQUEST);
    }
    let Some(first) = line(&mut rest) else {
        return if bytes.len() < LONGEST_HEAD { Ok(None) } else { Err("414 URI Too Long") };
    };
    let (method, target, modern) = request_line(first)?;
    let mut fields = Fields::default();
    loop {
        match line(&mut rest) {
            None if bytes.len() < LONGEST_HEAD => return Ok(None),
            None => return Err("431 Request Header Fields Too Large"),
            Some(b"") => break,
            Some(line) => fields.take(line)?,
        }
    }
    fields.check(modern)?;
    let wants_part = method == Method::Get && fields.ranges == 1;
    Ok(Some(Request {
        method,
        target,
        range: if wants_part { fields.range } else { b"" },
        // HTTP-14: HTTP/1.0 is not kept even if it asks for it: its clients are proxies and probes.
        closes: fields.closes || !modern,
        length: bytes.len() - rest.len(),
    }))
}

/// Takes a line, without its end.
fn line<'head>(rest: &mut &'head [u8]) -> Option<&'head [u8]> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let line = &rest[..end];
    *rest = &rest[end + 1..];
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// Method, target, and whether it is HTTP/1.1 or later; each one space from the next.
fn request_line(line: &[u8]) -> Result<(Method, &[u8], bool), Status> {
    let mut parts = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(BAD_REQUEST);
    };
    let visible = |byte: &u8| matches!(byte, b'!'..=b'~');
    if !is_word(method) || target.is_empty() || !target.iter().all(visible) {
        return Err(BAD_REQUEST);
    }
    let modern = match version.strip_prefix(b"HTTP/") {
        Some([b'1', b'.', minor @ b'0'..=b'9']) => *minor != b'0',
        Some([b'0'..=b'9', b'.', b'0'..=b'9']) => return Err("505 HTTP Version Not Supported"),
        _ => return Err(BAD_REQUEST),
    };
    if target.len() > LONGEST_TARGET {
        return Err("414 URI Too Long");
    }
    let method = match method {
        b"GET" => Method::Get,
        b"HEAD" => Method::Head,
        _ => Method::Other,
    };
    Ok((method, target, modern))
}

/// What the fields of a head say, as far as it matters.
#[derive(Default)]
struct Fields<'head> {
    hosts: u32,
    lengths: u32,
    codings: u32,
    /// A coding that is not known.
    odd_coding: bool,
    ranges: u32,
    range: &'head [u8],
    closes: bool,
}

impl<'head> Fields<'head> {
    /// A line. One that begins with a space would continue the one before, which nobody may send
    /// (RFC 9112, 5.2).
    fn take(&mut self, line: &'head [u8]) -> Result<(), Status> {
        let colon = line.iter().position(|byte| *byte == b':').ok_or(BAD_REQUEST)?;
        let (name, value) = (&line[..colon], trimmed(&line[colon + 1..]));
        let control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
        if !is_word(name) || value.iter().any(control) {
            return Err(BAD_REQUEST);
        }
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        if is(b"host") {
            self.hosts += 1;
            if !value.iter().all(|byte| is_of_host(*byte)) {
                return Err(BAD_REQUEST);
            }
        } else if is(b"content-length") {
            self.lengths += 1;
            if !matches!(value.len(), 1..=18) || !value.iter().all(u8::is_ascii_digit) {
                return Err(BAD_REQUEST);
            }
            self.closes |= value.iter().any(|digit| *digit != b'0');
        } else if is(b"transfer-encoding") {
            self.codings += 1;
            self.odd_coding |= !value.eq_ignore_ascii_case(b"chunked");
        } else if is(b"connection") {
            self.closes |= value
                .split(|byte| *byte == b',')
                .any(|word| trimmed(word).eq_ignore_ascii_case(b"close"));
        } else if is(b"range") {
            self.ranges += 1;
            self.range = value;
        } else if is(b"if-range") {
            // No ETag is ever sent, so it names none of ours: all is to be sent (RFC 9110, 13.1.5).
            self.ranges = 2;
        }
        Ok(())
    }

    /// What can be said only at the end of the head.
    fn check(&mut self, modern: bool) -> Result<(), Status> {
        // HTTP-21
        if self.hosts > 1 || (self.hosts == 0 && modern) {
            return Err(BAD_REQUEST);
        }
        // HTTP-13: there must be one way only to tell where a body ends (RFC 9112, 6.3).
        if self.lengths > 1 {
            return Err(BAD_REQUEST);
        }
        if self.codings > 0 {
            if self.lengths > 0 || !modern {
                return Err(BAD_REQUEST);
            }
            if self.codings > 1 || self.odd_coding {
                return Err("501 Not Implemented");
            }
            self.closes = true;
        }
        Ok(())
    }
}

fn trimmed(text: &[u8]) -> &[u8] {
    let space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(first) = text.iter().position(|byte| !space(byte)) else {
        return b"";
    };
    let last = text.iter().rposition(|byte| !space(byte)).unwrap_or(first);
    &text[first..=last]
}

fn is_word(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| is_token(*byte))
}

/// RFC 9110, 5.6.2: methods and names of fields.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// RFC 9110, 7.2: Host.
fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::{BAD_REQUEST, LONGEST_HEAD, Method, parse};

    #[test]
    fn a_request_and_what_comes_behind_it() {
        let bytes = b"\r\nHEAD /v2/ HTTP/1.1\nhost: a\r\nConnection: x , Close\r\n\r\nGET";
        let request = parse(bytes).unwrap().unwrap();
        assert_eq!((request.method, request.target), (Method::Head, &b"/v2/"[..]));
        assert!(request.closes);
        assert_eq!(&bytes[request.length..], b"GET");
    }

    #[test]
    fn a_part_is_asked_for_once() {
        let range = |fields: &str| {
            let bytes = format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
            parse(bytes.as_bytes()).unwrap().unwrap().range.to_vec()
        };
        assert_eq!(range("Range: bytes=1-\r\n"), b"bytes=1-");
        assert_eq!(range("Range: bytes=1-\r\nRange: bytes=1-\r\n"), b"");
        assert_eq!(range("If-Range: \"x\"\r\nRange: bytes=1-\r\n"), b"");
    }

    #[test]
    fn more_has_to_come_up_to_a_limit() {
        let bytes = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        for length in 0..bytes.len() {
            assert!(parse(&bytes[..length]).unwrap().is_none(), "{length}");
        }
        let long = [b"GET /".to_vec(), vec![b'a'; LONGEST_HEAD]].concat();
        assert_eq!(parse(&long).unwrap_err(), "414 URI Too Long");
    }

    #[test]
    fn what_is_no_request() {
        for (bytes, status) in [
            (&b"\x16"[..], BAD_REQUEST),
            (b"GET / HTTP/1.1 \r\n", BAD_REQUEST),
            (b"GET / HTTP/2.0\r\n", "505 HTTP Version Not Supported"),
            (b"GET / HTTP/1.1\r\n\r\n", BAD_REQUEST),
            (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", BAD_REQUEST),
            (b"GET / HTTP/1.1\r\n a: b\r\n", BAD_REQUEST),
            (b"GET / HTTP/1.1\r\na : b\r\n", BAD_REQUEST),
            (b"GET / HTTP/1.1\r\nContent-Length: +1\r\n", BAD_REQUEST),
        ] {
            assert_eq!(parse(bytes).unwrap_err(), status, "{}", bytes.escape_ascii());
        }
    }
}
