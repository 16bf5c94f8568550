//! JSON text, walked value by value without building a tree.
//!
//! Written here because a damaged file must be read up to the damage and beyond it, with its place
//! known, and because numbers must stay as they are written. It forgives what hand-made files
//! have: commas at the end of a list, line breaks inside texts, numbers with leading zeros.

use std::borrow::Cow;

/// Brackets within one value nest no deeper than this.
const DEEPEST: usize = 128;

/// Where the text stops being JSON, and what would have been JSON there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Broken {
    /// The byte, counted from the start of the text.
    pub at: usize,
    /// What was expected, in Chinese and in English.
    pub wanted: (&'static str, &'static str),
}

/// Text and a place in it.
#[derive(Debug, Clone)]
pub(crate) struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

type Part<T> = Result<T, Broken>;

const VALUE: (&str, &str) = ("一个值", "a value");

impl<'a> Scan<'a> {
    /// Starts at a byte of a text.
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Scan<'a> {
        Scan { bytes, at }
    }

    /// The byte it has come to.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Goes to a byte.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// The next byte after white space, which is passed over.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    /// Passes over a byte if it comes next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// What is wrong here.
    pub(crate) fn broken(&self, wanted: (&'static str, &'static str)) -> Broken {
        Broken { at: self.at, wanted }
    }

    fn expect(&mut self, byte: u8, wanted: (&'static str, &'static str)) -> Part<()> {
        if self.take(byte) { Ok(()) } else { Err(self.broken(wanted)) }
    }

    /// Walks the members of an object; the function must pass over each value.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, str>) -> Part<()>,
    ) -> Part<()> {
        self.expect(b'{', ("“{”", "\"{\""))?;
        while !self.take(b'}') {
            let key = self.string()?;
            self.expect(b':', ("“:”", "\":\""))?;
            member(self, key)?;
            if !self.take(b',') {
                return self.expect(b'}', ("“,”或“}”", "\",\" or \"}\""));
            }
        }
        Ok(())
    }

    /// Walks the items of an array; the function must pass over each value.
    pub(crate) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Part<()>) -> Part<()> {
        self.expect(b'[', ("“[”", "\"[\""))?;
        while !self.take(b']') {
            item(self)?;
            if !self.take(b',') {
                return self.expect(b']', ("“,”或“]”", "\",\" or \"]\""));
            }
        }
        Ok(())
    }

    /// A text, its escapes resolved.
    pub(crate) fn string(&mut self) -> Part<Cow<'a, str>> {
        let (raw, escaped) = self.raw_string()?;
        let start = self.at - raw.len() - 1;
        let text = std::str::from_utf8(raw).map_err(|error| Broken {
            at: start + error.valid_up_to(),
            wanted: ("UTF-8 文字", "UTF-8 text"),
        })?;
        if !escaped {
            return Ok(Cow::Borrowed(text));
        }
        let broken =
            Broken { at: start, wanted: ("转义正确的文字", "a text with sound escapes") };
        unescaped(text).map(Cow::Owned).ok_or(broken)
    }

    /// What stands between two quotation marks, and whether there are escapes in it.
    fn raw_string(&mut self) -> Part<(&'a [u8], bool)> {
        self.expect(b'"', ("用引号括起的文字", "a text in quotation marks"))?;
        let start = self.at;
        let mut escaped = false;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(_) => self.at += 1,
                None => {
                    self.at = self.bytes.len();
                    return Err(
                        self.broken(("文字结尾的引号", "the quotation mark that ends a text"))
                    );
                }
            }
        }
        self.at += 1;
        Ok((&self.bytes[start..self.at - 1], escaped))
    }

    /// A number, `true`, `false`, `null` or `NaN`, as it is written.
    pub(crate) fn scalar(&mut self) -> Part<&'a str> {
        self.word_and_number().map(|(word, _)| word)
    }

    /// The number of a scalar: NaN for what some programs write for none, nothing for `true`,
    /// `false` and `null`.
    pub(crate) fn number(&mut self) -> Part<Option<f64>> {
        self.word_and_number().map(|(_, number)| number)
    }

    fn word_and_number(&mut self) -> Part<(&'a str, Option<f64>)> {
        self.peek();
        let start = self.at;
        let belongs =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let rest = &self.bytes[start.min(self.bytes.len())..];
        let length = rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len());
        self.at += length;
        let word = std::str::from_utf8(&rest[..length]).unwrap_or("");
        if word.bytes().last().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.')
            && let Ok(number) = word.parse()
        {
            Ok((word, Some(number)))
        } else if is_no_number(word) {
            Ok((word, Some(f64::NAN)))
        } else if matches!(word, "true" | "false" | "null") {
            Ok((word, None))
        } else {
            Err(Broken { at: start, wanted: VALUE })
        }
    }

    /// Passes over any value and gives its bytes.
    pub(crate) fn skip(&mut self) -> Part<&'a [u8]> {
        self.peek();
        let start = self.at;
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.peek() {
                Some(b'"') => drop(self.raw_string()?),
                Some(bracket @ (b'{' | b'[')) if open.len() < DEEPEST => {
                    open.push(if bracket == b'{' { b'}' } else { b']' });
                    self.at += 1;
                }
                Some(bracket @ (b'}' | b']')) if open.last() == Some(&bracket) => {
                    open.pop();
                    self.at += 1;
                }
                Some(b',' | b':') if !open.is_empty() => {
                    self.at += 1;
                    continue;
                }
                _ => drop(self.scalar()?),
            }
            if open.is_empty() {
                return Ok(&self.bytes[start..self.at]);
            }
        }
    }
}

/// What some programs write for a number that is none.
pub(crate) fn is_no_number(word: &str) -> bool {
    matches!(word.trim_start_matches('-'), "NaN" | "nan" | "Infinity" | "inf" | "Inf")
}

fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest[at + 1..].chars().next()?;
        rest = &rest[at + 1 + escape.len_utf8()..];
        match escape {
            '"' | '\\' | '/' => out.push(escape),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => {
                let unit = hex(rest)?;
                rest = &rest[4..];
                let low = rest.strip_prefix("\\u").and_then(hex).filter(|low| low >> 10 == 0x37);
                match (unit >> 10 == 0x36, low) {
                    (true, Some(low)) => {
                        out.extend(char::decode_utf16([unit, low]).flatten());
                        rest = &rest[6..];
                    }
                    _ => out.push(
                        char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER),
                    ),
                }
            }
            _ => return None,
        }
    }
    out.push_str(rest);
    Some(out)
}

fn hex(text: &str) -> Option<u16> {
    let digits = text.get(..4)?;
    u16::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
}

/// The text of an array or object without the white space between its parts.
pub(crate) fn compact(raw: &[u8]) -> String {
    let mut out = Vec::with_capacity(raw.len());
    let (mut inside, mut escape) = (false, false);
    for &byte in raw {
        if inside {
            inside = escape || byte != b'"';
            escape = !escape && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            inside = byte == b'"';
        }
        out.push(byte);
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::mutate::mutations;

    fn string(text: &str) -> Result<String, Broken> {
        Scan::new(text.as_bytes(), 0).string().map(Cow::into_owned)
    }

    #[test]
    fn texts_are_what_serde_reads() {
        for text in [
            r#""幸福里""#,
            r#""a\"b\\c\/\n\t\b\f\r""#,
            r#""\u5E78\u798F""#,
            r#""\uD840\uDC00x""#,
            r#""""#,
        ] {
            let expected: String = serde_json::from_str(text).expect("JSON");
            assert_eq!(string(text), Ok(expected), "{text}");
        }
        assert_eq!(string("\"两\n行\""), Ok("两\n行".into()));
        assert_eq!(string(r#""\uD840x""#), Ok("\u{FFFD}x".into()));
        for bad in [r#""\x""#, r#""\u12""#, "\"open", "\"open\\", "x"] {
            assert!(string(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn scalars_stay_as_they_are_written() {
        for text in [
            "12345678901234567890",
            "1.10",
            "-0",
            "1E400",
            "007",
            "true",
            "null",
            "NaN",
            "-Infinity",
        ] {
            assert_eq!(Scan::new(text.as_bytes(), 0).scalar(), Ok(text));
        }
        for text in ["", "-", "nul", "1-2", "e", "社"] {
            assert!(Scan::new(text.as_bytes(), 0).scalar().is_err(), "{text}");
        }
    }

    #[test]
    fn any_value_can_be_passed_over() {
        let text = r#" {"a": [1, {"b": "]}\""}], "c": null} ,"#;
        let mut scan = Scan::new(text.as_bytes(), 0);
        let raw = scan.skip().expect("a value");
        assert_eq!(compact(raw), r#"{"a":[1,{"b":"]}\""}],"c":null}"#);
        assert_eq!(scan.peek(), Some(b','));
        let deep = "[".repeat(1_000_000);
        assert!(Scan::new(deep.as_bytes(), 0).skip().is_err());
        assert_eq!(Scan::new(b"[1}", 0).skip().map_err(|broken| broken.at), Err(2));
    }

    #[test]
    fn whatever_serde_accepts_is_passed_over_to_the_same_end() {
        let text =
            r#"{"type":"x","a":[1,2.5e-3,{"b":"\"]\u00e9\\"}],"n":null,"t":[true,false,[]]}"#;
        for damaged in mutations(text.as_bytes(), 20_000) {
            let mut scan = Scan::new(&damaged, 0);
            let passed = scan.skip().is_ok() && scan.peek().is_none();
            if serde_json::from_slice::<serde::de::IgnoredAny>(&damaged).is_ok() {
                assert!(passed, "{}", String::from_utf8_lossy(&damaged));
            }
        }
    }
}
