//! XML that is patched, not rewritten: elements are found with their places in the text, tags are
//! changed attribute by attribute, and everything between is left as it stands.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::words::Words;

use super::unreadable;

/// What a step through a text came upon.
pub(super) enum Step<'a> {
    /// An element begins.
    Open(Tag<'a>),
    /// An element without content.
    Alone(Tag<'a>),
    /// An element ends.
    Close,
    /// Text, decoded.
    Text(Cow<'a, str>),
    /// What does not matter: comments, declarations.
    Other,
    /// The text ends.
    End,
}

/// Steps through a text; `depth` counts the elements open around the step just made, 1 for the root.
pub(super) struct Steps<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    at: usize,
    /// Where the step just made stands in the text.
    pub span: Range<usize>,
    /// How many elements are open; the one that opens or closes counts.
    pub depth: usize,
    closed: bool,
}

impl<'a> Steps<'a> {
    /// Steps through the whole of a text.
    pub fn new(text: &'a str) -> Steps<'a> {
        let reader = Reader::from_str(text);
        Steps { text, reader, at: 0, span: 0..0, depth: 0, closed: false }
    }

    /// The next step.
    ///
    /// # Errors
    /// When the text is no well-formed XML.
    pub fn next(&mut self) -> Result<Step<'a>, Words> {
        if std::mem::take(&mut self.closed) {
            self.depth -= 1;
        }
        let event = self.reader.read_event().map_err(|error| unreadable(&error))?;
        let end = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        self.span = self.at..end.min(self.text.len());
        self.at = self.span.end;
        let raw = &self.text[self.span.clone()];
        Ok(match event {
            Event::Start(start) => {
                self.depth += 1;
                Step::Open(Tag { raw, start })
            }
            Event::Empty(start) => {
                self.depth += 1;
                self.closed = true;
                Step::Alone(Tag { raw, start })
            }
            Event::End(_) => {
                self.closed = true;
                Step::Close
            }
            Event::Text(text) => Step::Text(text.into_inner()),
            Event::CData(text) => Step::Text(text.into_inner()),
            Event::GeneralRef(name) => {
                let quoted = format!("&{};", name.into_inner());
                let text = quick_xml::escape::unescape(&quoted).map(Cow::into_owned);
                Step::Text(Cow::Owned(text.unwrap_or_default()))
            }
            Event::Eof if self.depth > 0 => return Err(unreadable(&"the XML ends too early")),
            Event::Eof => Step::End,
            _ => Step::Other,
        })
    }
}

/// The tag that opens an element, or is all of it.
pub(super) struct Tag<'a> {
    raw: &'a str,
    start: BytesStart<'a>,
}

impl Tag<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> String {
        self.start.local_name().as_ref().to_owned()
    }

    /// Whether the name without its prefix is this.
    pub fn is(&self, name: &str) -> bool {
        self.start.local_name().as_ref() == name
    }

    /// The prefix with its colon; empty without one.
    pub fn prefix(&self) -> String {
        let name = self.start.name();
        let name = name.as_ref();
        name.rfind(':').map_or(String::new(), |colon| name[..=colon].to_owned())
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<String> {
        self.find(|key| key == name)
    }

    /// The value of an attribute that has a prefix, whichever.
    pub fn get_prefixed(&self, name: &str) -> Option<String> {
        self.find(|key| key.split_once(':').is_some_and(|(_, local)| local == name))
    }

    /// The value of an attribute as a number; none when there is no such attribute or it is no
    /// number.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }

    /// Whether an attribute says yes.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let found = self.start.attributes().flatten().find(|one| wanted(one.key.as_ref()))?;
        let value = quick_xml::escape::unescape(&found.value);
        Some(value.map_or_else(|_| found.value.to_string(), Cow::into_owned))
    }

    /// The tag with some attributes changed, added or, when there is no value, taken away.
    pub fn with(&self, changes: &[(&str, Option<String>)]) -> String {
        let mut tag = format!("<{}", self.start.name().as_ref());
        let mut put = |key: &str, value: &str| {
            let quote = if value.contains('"') { '\'' } else { '"' };
            tag.extend([" ", key, "="]);
            tag.push(quote);
            tag.push_str(value);
            tag.push(quote);
        };
        for one in self.start.attributes().flatten() {
            let key = one.key.as_ref();
            match changes.iter().find(|(name, _)| *name == key) {
                Some((_, None)) => {}
                Some((_, Some(value))) => put(key, &escaped(value)),
                None => put(key, &one.value),
            }
        }
        for (name, value) in changes {
            if let (None, Some(value)) = (self.get(name), value) {
                put(name, &escaped(value));
            }
        }
        tag.push_str(if self.raw.ends_with("/>") { "/>" } else { ">" });
        tag
    }
}

/// Changes of a text, each of a part of it.
#[derive(Default)]
pub(super) struct Splices {
    all: Vec<(Range<usize>, String)>,
}

impl Splices {
    /// Puts something else in place of a part; an empty part is a place to insert at.
    pub fn put(&mut self, place: Range<usize>, new: String) {
        self.all.push((place, new));
    }

    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The text with all changes made. Of changes that overlap the first in the text is made.
    pub fn apply(mut self, text: &str) -> String {
        self.all.sort_by_key(|(place, _)| (place.start, place.end));
        let more: usize = self.all.iter().map(|(_, new)| new.len()).sum();
        let mut out = String::with_capacity(text.len() + more);
        let mut copied = 0;
        for (place, new) in &self.all {
            if place.start >= copied {
                out.push_str(&text[copied..place.start]);
                out.push_str(new);
                copied = place.end;
            }
        }
        out.push_str(&text[copied..]);
        out
    }
}

/// A text as it may stand in XML, in an element or an attribute.
pub(super) fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

/// A text as a cell may hold it: without control characters, with plain line breaks, no longer than
/// a cell can be.
pub(super) fn cell_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_bad = |c: &char| match c {
        '\n' | '\t' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    };
    let text: String = text.chars().filter(|c| !is_bad(c)).collect();
    if text.encode_utf16().count() <= MOST_OF_CELL {
        return text;
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < MOST_OF_CELL
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// A cell holds no more characters, as UTF-16 counts them.
const MOST_OF_CELL: usize = 32_767;

/// The text of a cell as it stands in XML: spreadsheets read `_x0041_` as one character.
pub(super) fn cell_xml(text: &str) -> String {
    let text = cell_text(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        out.push(c);
        let code = text.as_bytes().get(at + 1..at + 7);
        let is_code = code.is_some_and(|code| {
            code[0] == b'x' && code[1..5].iter().all(u8::is_ascii_hexdigit) && code[5] == b'_'
        });
        if c == '_' && is_code {
            out.push_str("x005F_");
        }
    }
    escaped(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_keeps_what_is_not_changed() {
        let text = "<x:c  r='A1' s=\"3\" q='a\"b' t=\"s\"/>";
        let mut steps = Steps::new(text);
        let Ok(Step::Alone(tag)) = steps.next() else { panic!("a tag") };
        let changes = [("s", Some("7".to_owned())), ("t", None), ("ht", Some("a<b".to_owned()))];
        let changed = tag.with(&changes);
        assert_eq!(changed, "<x:c r=\"A1\" s=\"7\" q='a\"b' ht=\"a&lt;b\"/>");
        assert_eq!((tag.prefix().as_str(), tag.name().as_str()), ("x:", "c"));
    }

    #[test]
    fn depth_counts_the_element_of_the_step() {
        let mut steps = Steps::new("<a><b/><c>t</c></a>");
        let mut depths = Vec::new();
        while !matches!(steps.next(), Ok(Step::End)) {
            depths.push(steps.depth);
        }
        assert_eq!(depths, [1, 2, 2, 2, 2, 1]);
    }

    #[test]
    fn a_text_that_ends_too_early_is_refused() {
        let mut steps = Steps::new("<a><b>");
        assert!(steps.next().is_ok() && steps.next().is_ok() && steps.next().is_err());
    }

    #[test]
    fn the_text_of_a_cell_loses_what_xml_cannot_hold() {
        assert_eq!(cell_xml("=1<2\u{1}\r\n&_x0041_\u{ffff}"), "=1&lt;2\n&amp;_x005F_x0041_");
        let long = cell_text(&"字".repeat(40_000));
        assert_eq!((long.chars().count(), long.ends_with('…')), (32_767, true));
    }

    #[test]
    fn changes_leave_the_rest_as_it_stands() {
        let mut splices = Splices::default();
        splices.put(4..5, "X".into());
        splices.put(1..3, String::new());
        splices.put(5..5, "Y".into());
        assert_eq!(splices.apply("012345"), "03XY5");
    }
}
