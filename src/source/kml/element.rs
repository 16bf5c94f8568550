//! A placemark with everything inside it, as a small tree.

use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::source::entity::push_entity;

/// Elements nest no deeper than this, and a placemark has no more of them.
pub(super) const DEEPEST: usize = 64;
const MOST: usize = 2_000_000;

/// An XML element: its name without prefix, its text, its children.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    /// The attribute `name`, which extended data has.
    pub label: Option<String>,
    pub text: String,
    pub children: Vec<Element>,
}

/// Where the XML is damaged, and what is wrong there.
#[derive(Debug)]
pub(super) struct Damage {
    /// The byte at which the piece of XML begins that cannot be read.
    pub at: usize,
    pub what: (&'static str, &'static str),
}

/// The reader as KML needs it: names of closing tags are compared here, so that damage is local.
pub(super) fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    config.expand_empty_elements = true;
    reader
}

impl Element {
    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    fn new(start: &BytesStart<'_>) -> Element {
        let attribute = |name: &str| {
            let found = start.try_get_attribute(name).ok().flatten()?;
            Some(unescape(&found.value).map_or(found.value.to_string(), |text| text.into_owned()))
        };
        Element { name: name_of(start), label: attribute("name"), ..Element::default() }
    }

    /// Reads on to the end of the element that has just begun.
    ///
    /// # Errors
    /// When it does not end as XML should.
    pub(super) fn read(
        reader: &mut Reader<&[u8]>,
        start: &BytesStart<'_>,
    ) -> Result<Element, Damage> {
        let mut open = vec![Element::new(start)];
        let mut count = 0;
        loop {
            let at = position(reader);
            let damage = |zh, en| Damage { at, what: (zh, en) };
            let event =
                reader.read_event().map_err(|_| damage("标记不完整", "the markup is broken"))?;
            let Some(inner) = open.last_mut() else {
                return Err(damage("结构混乱", "the structure is broken"));
            };
            match event {
                Event::Start(start) => {
                    let element = Element::new(&start);
                    count += 1;
                    if element.name == "Placemark" {
                        return Err(damage(
                            "前一个 Placemark 没有结束",
                            "the Placemark before does not end",
                        ));
                    }
                    if open.len() >= DEEPEST || count > MOST {
                        return Err(damage(
                            "元素过多或嵌套过深",
                            "too many elements or nested too deep",
                        ));
                    }
                    open.push(element);
                }
                Event::End(end) if end.local_name().as_ref() != inner.name.as_str() => {
                    return Err(damage("结束标记与开始标记不符", "a closing tag does not match"));
                }
                Event::End(_) => {
                    let done = open.pop().unwrap_or_default();
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
                Event::Text(text) => inner.text.push_str(&text.xml10_content()),
                Event::CData(text) => inner.text.push_str(&text.xml10_content()),
                Event::GeneralRef(entity) => push_entity(&mut inner.text, &entity),
                Event::Eof => return Err(damage("文件中断", "the file ends")),
                _ => {}
            }
        }
    }
}

/// The name of an element without its prefix.
pub(super) fn name_of(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

/// How far the reader has come.
pub(super) fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}
