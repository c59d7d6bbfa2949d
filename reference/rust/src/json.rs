//! JSON (RFC 8259), read where it lies: nothing is kept but what is asked for (NAMES-8).
//!
//! The text is not trusted: nesting has a bound, and UTF-8, escapes and numbers are checked, in
//! what is passed over too.

/// How deep values may lie in each other.
const DEEPEST: u32 = 256;

/// The text is no JSON, or not of the kind that was asked for.
#[derive(Debug)]
pub struct Malformed;

pub type Result<T> = std::result::Result<T, Malformed>;

/// Reads one value after another, from its place on.
pub struct Reader<'text> {
    rest: &'text [u8],
    depth: u32,
}

/// What a value turns out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Object,
    Array,
    Text,
    Other,
}

/// Reads a document: an object, and nothing behind it. `member` gets the name of each member and
/// must read or skip its value.
pub fn document(
    text: &[u8],
    member: &mut dyn FnMut(&str, &mut Reader<'_>) -> Result<()>,
) -> Result<()> {
    let mut reader = Reader { rest: text, depth: 0 };
    reader.object(member)?;
    reader.space();
    if reader.rest.is_empty() { Ok(()) } else { Err(Malformed) }
}

impl Reader<'_> {
    /// What comes next.
    pub fn kind(&mut self) -> Kind {
        self.space();
        match self.rest.first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::Text,
            _ => Kind::Other,
        }
    }

    /// Reads an object, as [`document`] does.
    pub fn object(&mut self, member: &mut dyn FnMut(&str, &mut Self) -> Result<()>) -> Result<()> {
        self.list(b'{', b'}', &mut |reader| {
            // A name that is no Unicode is no name that anybody asks for.
            let name = reader.text()?.unwrap_or_default();
            reader.space();
            reader.expect(b':')?;
            member(&name, reader)
        })
    }

    /// Reads an array; `element` must read or skip each of its values.
    pub fn array(&mut self, element: &mut dyn FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.list(b'[', b']', element)
    }

    /// Reads a text; None for one that is no Unicode, for half of a surrogate pair is in it.
    pub fn text(&mut self) -> Result<Option<String>> {
        self.space();
        self.expect(b'"')?;
        let mut text = Vec::new();
        let mut half: Option<u32> = None;
        let mut whole = true;
        loop {
            let byte = self.take()?;
            let unit = match byte {
                b'"' => break,
                0..0x20 => return Err(Malformed),
                b'\\' => self.escape()?,
                _ => {
                    whole &= half.take().is_none();
                    text.push(byte);
                    continue;
                }
            };
            let first = half.take();
            let point = match (first, unit) {
                (Some(first), 0xdc00..0xe000) => {
                    0x1_0000 + ((first & 0x3ff) << 10) + (unit & 0x3ff)
                }
                (first, unit) => {
                    whole &= first.is_none();
                    unit
                }
            };
            if let 0xd800..0xdc00 = point {
                half = Some(point);
            } else if let Some(character) = char::from_u32(point) {
                text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                whole = false;
            }
        }
        let text = String::from_utf8(text).map_err(|_| Malformed)?;
        Ok((whole && half.is_none()).then_some(text))
    }

    /// Passes a value over.
    pub fn skip(&mut self) -> Result<()> {
        match self.kind() {
            Kind::Object => self.object(&mut |_, reader| reader.skip()),
            Kind::Array => self.array(&mut Self::skip),
            Kind::Text => self.text().map(|_| ()),
            Kind::Other => self.word(),
        }
    }

    fn list(
        &mut self,
        open: u8,
        close: u8,
        element: &mut dyn FnMut(&mut Self) -> Result<()>,
    ) -> Result<()> {
        self.space();
        self.expect(open)?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Malformed);
        }
        self.space();
        if self.rest.first() == Some(&close) {
            self.take()?;
        } else {
            loop {
                element(self)?;
                self.space();
                match self.take()? {
                    b',' => {}
                    end if end == close => break,
                    _ => return Err(Malformed),
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// What a backslash begins.
    fn escape(&mut self) -> Result<u32> {
        Ok(match self.take()? {
            byte @ (b'"' | b'\\' | b'/') => byte.into(),
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => 0x0a,
            b'r' => 0x0d,
            b't' => 0x09,
            b'u' => {
                let mut unit = 0;
                for _ in 0..4 {
                    unit = unit << 4 | char::from(self.take()?).to_digit(16).ok_or(Malformed)?;
                }
                unit
            }
            _ => return Err(Malformed),
        })
    }

    /// `true`, `false`, `null`, or a number.
    fn word(&mut self) -> Result<()> {
        for word in [&b"true"[..], b"false", b"null"] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Ok(());
            }
        }
        self.one_of(b"-");
        if !self.one_of(b"0") {
            self.digits()?;
        }
        if self.one_of(b".") {
            self.digits()?;
        }
        if self.one_of(b"eE") {
            self.one_of(b"+-");
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<()> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.rest = &self.rest[digits..];
        if digits > 0 { Ok(()) } else { Err(Malformed) }
    }

    fn one_of(&mut self, bytes: &[u8]) -> bool {
        let there = self.rest.first().is_some_and(|byte| bytes.contains(byte));
        if there {
            self.rest = &self.rest[1..];
        }
        there
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.take()? == byte { Ok(()) } else { Err(Malformed) }
    }

    fn take(&mut self) -> Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or(Malformed)?;
        self.rest = rest;
        Ok(*first)
    }

    fn space(&mut self) {
        while self.one_of(b" \t\r\n") {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, document};

    /// The last text of a member `a`; None if the document is malformed.
    fn text_of_a(text: &[u8]) -> Option<Option<String>> {
        let mut found = None;
        document(text, &mut |name, value| {
            if name == "a" && value.kind() == Kind::Text {
                found = value.text()?;
                return Ok(());
            }
            value.skip()
        })
        .ok()
        .map(|()| found)
    }

    #[test]
    fn texts_are_undone() {
        let text =
            br#" { "b" : [1, -0.5e+3, true, {"a": 1}], "\u0061" : "x\/\n\u00e4\ud83d\ude00" } "#;
        assert_eq!(text_of_a(text), Some(Some("x/\n\u{e4}\u{1f600}".into())));
    }

    #[test]
    fn what_is_no_unicode_is_no_text() {
        for text in [&br#"{"a":"\ud800"}"#[..], br#"{"a":"\udc00"}"#, br#"{"a":"\ud800x"}"#] {
            assert_eq!(text_of_a(text), Some(None), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn what_is_no_json() {
        let deep = [b"{\"b\":".as_slice(), &[b'['; 100_000]].concat();
        for text in [
            &b""[..],
            b"[]",
            b"{",
            b"{} x",
            b"{\"a\"}",
            b"{\"a\":}",
            b"{\"a\":1,}",
            b"{,}",
            b"{\"a\":[1,]}",
            b"{\"a\":[1 2]}",
            b"{a:1}",
            b"{\"a\":01}",
            b"{\"a\":-}",
            b"{\"a\":1.}",
            b"{\"a\":.5}",
            b"{\"a\":1e}",
            b"{\"a\":+1}",
            b"{\"a\":NaN}",
            b"{\"a\":tru}",
            b"{\"a\":\"\n\"}",
            b"{\"a\":\"\\x\"}",
            b"{\"a\":\"\\u12g4\"}",
            b"{\"a\":\"\xff\"}",
            b"{\"a\":\"\xed\xa0\x80\"}",
            b"\xef\xbb\xbf{}",
            &deep,
        ] {
            assert_eq!(text_of_a(text), None, "{}", text.escape_ascii());
        }
    }
}
