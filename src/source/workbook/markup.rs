//! XML parts, read as a stream of events; names are told without their prefixes.

use std::borrow::Cow;
use std::io::{BufReader, Error as IoError, Read as IoRead};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::broken;
use super::package::Part;
use crate::source::Read;
use crate::source::entity::push_entity;

/// Between two tags stand no more bytes than this: each piece of text is held in memory.
const LONGEST: usize = 64 << 20;

/// The events of one part.
pub struct Xml<'p> {
    reader: Reader<BufReader<Bounded<Part<'p>>>>,
    buffer: Vec<u8>,
    file: &'p str,
}

/// Reads a part of a file as XML.
pub fn xml<'p>(file: &'p str, part: Part<'p>) -> Xml<'p> {
    let mut reader = Reader::from_reader(BufReader::new(Bounded { inner: part, since: 0 }));
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    Xml { reader, buffer: Vec::new(), file }
}

impl Xml<'_> {
    /// The next event; an element without content is a start and an end.
    ///
    /// # Errors
    /// When the XML is damaged or too large.
    pub fn next(&mut self) -> Read<Event<'_>> {
        self.buffer.clear();
        self.reader.read_event_into(&mut self.buffer).map_err(|error| broken(self.file, &error))
    }
}

/// Bytes in which tags follow upon each other closely enough.
struct Bounded<R> {
    inner: R,
    /// How many bytes there were since the last tag began.
    since: usize,
}

impl<R: IoRead> IoRead for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.since = match buffer[..count].iter().rposition(|byte| *byte == b'<') {
            Some(at) => count - at,
            None => self.since + count,
        };
        if self.since > LONGEST {
            return Err(IoError::other("it holds a text that is far too long"));
        }
        Ok(count)
    }
}

/// The attribute of a name, whatever its prefix.
pub fn attribute<'s>(start: &'s BytesStart<'_>, name: &str) -> Option<Cow<'s, str>> {
    let mut all = start.attributes();
    let mut all = all.with_checks(false).flatten();
    let found = all.find(|one| one.key.local_name().as_ref() == name)?.value;
    if !found.contains('&') {
        return Some(found);
    }
    Some(match unescape(&found) {
        Ok(text) => Cow::Owned(text.into_owned()),
        Err(_) => found,
    })
}

/// Whether an attribute is there and says yes.
pub fn flag(start: &BytesStart<'_>, name: &str) -> bool {
    attribute(start, name).is_some_and(|value| matches!(&*value, "1" | "true" | "on"))
}

/// Appends what an event holds of text.
pub fn push_text(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(piece) => text.push_str(&piece.xml10_content()),
        Event::CData(piece) => text.push_str(&piece.xml10_content()),
        Event::GeneralRef(entity) => push_entity(text, entity),
        _ => {}
    }
}

/// A text with its `_x000D_` become the characters they stand for.
pub fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut left = text;
    while let Some(at) = left.find("_x") {
        let (before, rest) = left.split_at(at);
        decoded.push_str(before);
        match escaped(rest) {
            Some(character) => {
                decoded.push(character);
                left = &rest[7..];
            }
            None => {
                decoded.push_str("_x");
                left = &rest[2..];
            }
        }
    }
    decoded.push_str(left);
    Cow::Owned(decoded)
}

/// The character that a text of the form `_xHHHH_` begins with.
fn escaped(text: &str) -> Option<char> {
    let digits = text.get(2..6).filter(|_| text.as_bytes().get(6) == Some(&b'_'))?;
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_end_is_an_error_and_much_text_in_pieces_is_not() {
        let read = |piece: &[u8]| {
            let inner = piece.repeat((LONGEST + 100) / piece.len());
            std::io::copy(&mut Bounded { inner: &inner[..], since: 0 }, &mut std::io::sink())
        };
        assert!(read(b"aaaaaaaa").is_err());
        assert!(read(b"<a>aaaa").is_ok());
    }

    #[test]
    fn escaped_characters_are_decoded_and_look_alikes_are_not() {
        for (text, plain) in [
            ("甲_x000D_\n乙", "甲\r\n乙"),
            ("_x0041__x0042_", "AB"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00_", "_x00_"),
            ("_xD800_", "_xD800_"),
            ("_x+041_", "_x+041_"),
            ("表_x", "表_x"),
            ("_x社区服务_", "_x社区服务_"),
        ] {
            assert_eq!(decoded(text), plain, "{text}");
        }
    }
}
