//! New cell styles beside those a workbook has: each derived from one of them, which stays.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::words::Words;

use super::Severity;
use super::unreadable;
use super::xml::{Splices, Step, Steps};

/// How a cell is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// As before, with a fill.
    Filled(Severity),
    /// The reasons beside a cell: its border, text, wrapped, with a fill.
    Reason(Severity),
    /// The heading of the reasons, beside another heading.
    Heading,
}

/// Spreadsheets keep no more styles of cells than this.
const MOST_STYLES: usize = 64_000;

/// The sections of a part with styles that a style of a cell refers to, in their order, each with
/// what it must hold at least.
const SECTIONS: [(&str, &[&str]); 5] = [
    ("fonts", &["<font><sz val=\"11\"/><name val=\"宋体\"/></font>"]),
    (
        "fills",
        &[
            "<fill><patternFill patternType=\"none\"/></fill>",
            "<fill><patternFill patternType=\"gray125\"/></fill>",
        ],
    ),
    ("borders", &["<border><left/><right/><top/><bottom/><diagonal/></border>"]),
    ("cellStyleXfs", &["<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"]),
    ("cellXfs", &["<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"]),
];

/// What comes after the first sections, in the order that the format asks for.
const ORDER: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

/// One section as it stands.
#[derive(Default, Clone)]
struct Section {
    /// The tag that opens it.
    tag: Range<usize>,
    /// The same with another count.
    counted: String,
    /// Where it ends: what is added goes before. None when the tag is all there is.
    close: Option<usize>,
    /// The elements in it.
    items: Vec<Range<usize>>,
}

/// The part with the styles of a workbook, and what is to be added to it.
pub(super) struct Styles {
    text: String,
    prefix: String,
    sections: BTreeMap<String, Section>,
    root_close: usize,
    added: Vec<String>,
    known: BTreeMap<(usize, Look), u32>,
}

impl Styles {
    /// The styles of a part; without one, the least that a workbook can have.
    ///
    /// # Errors
    /// When the part cannot be understood.
    pub fn of(text: Option<String>, namespace: &str) -> Result<Styles, Words> {
        let blank = || {
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"{namespace}\"></styleSheet>"
            )
        };
        let text = text.unwrap_or_else(blank);
        let mut styles = Styles {
            text: String::new(),
            prefix: String::new(),
            sections: BTreeMap::new(),
            root_close: 0,
            added: Vec::new(),
            known: BTreeMap::new(),
        };
        styles.find(&text)?;
        styles.text = text;
        Ok(styles)
    }

    fn find(&mut self, text: &str) -> Result<(), Words> {
        let mut steps = Steps::new(text);
        let mut section = String::new();
        loop {
            let step = steps.next()?;
            let span = steps.span.clone();
            match step {
                Step::Open(tag) if steps.depth == 1 => self.prefix = tag.prefix(),
                Step::Open(tag) if steps.depth == 2 => {
                    section = tag.name();
                    self.section(&section, span, tag.with(&[("count", Some("{count}".into()))]));
                }
                Step::Alone(tag) if steps.depth == 2 => {
                    let counted = tag.with(&[("count", Some("{count}".into()))]);
                    self.section(&tag.name(), span, counted);
                }
                Step::Open(_) | Step::Alone(_) if steps.depth == 3 => {
                    self.last(&section).items.push(span);
                }
                Step::Close if steps.depth == 3 => {
                    if let Some(item) = self.last(&section).items.last_mut() {
                        item.end = span.end;
                    }
                }
                Step::Close if steps.depth == 2 => self.last(&section).close = Some(span.start),
                Step::Close if steps.depth == 1 => self.root_close = span.start,
                Step::End if self.root_close == 0 => {
                    return Err(unreadable(&"the part with the styles is empty"));
                }
                Step::End => return Ok(()),
                _ => {}
            }
        }
    }

    fn section(&mut self, name: &str, tag: Range<usize>, counted: String) {
        let section = Section { tag, counted, ..Section::default() };
        self.sections.entry(name.to_owned()).or_insert(section);
    }

    fn last(&mut self, name: &str) -> &mut Section {
        self.sections.entry(name.to_owned()).or_default()
    }

    fn count(&self, name: &str) -> usize {
        let least =
            SECTIONS.iter().find(|(one, _)| *one == name).map_or(0, |(_, least)| least.len());
        self.sections.get(name).map_or(0, |section| section.items.len()).max(least)
    }

    /// The number of a style that looks so and is otherwise like another.
    ///
    /// # Errors
    /// When there are more styles than a workbook can have.
    pub fn look(&mut self, base: u32, look: Look) -> Result<u32, Words> {
        let own = self.sections.get("cellXfs").map_or(&[] as &[_], |section| &section.items);
        let base = Some(base as usize).filter(|base| *base < own.len()).unwrap_or(0);
        if let Some(&known) = self.known.get(&(base, look)) {
            return Ok(known);
        }
        let plain = SECTIONS[4].1[0].to_owned();
        let xml = |at: usize| own.get(at).map_or(&*plain, |span| &self.text[span.clone()]);
        let style = derived(xml(base), xml(0), look, self.count("fills"), &self.prefix)?;
        let number = self.count("cellXfs") + self.added.len();
        if number >= MOST_STYLES {
            return Err(unreadable(&format!("more than {MOST_STYLES} cell styles")));
        }
        self.added.push(style);
        self.known.insert((base, look), number as u32);
        Ok(number as u32)
    }

    /// Whether cells of a style break their text into lines.
    pub fn wraps(&self, style: u32) -> bool {
        let own = self.sections.get("cellXfs").and_then(|all| all.items.get(style as usize));
        let wraps = |xml: &str| {
            ["1", "true"].iter().any(|yes| xml.contains(&format!("wrapText=\"{yes}\"")))
        };
        own.is_some_and(|span| wraps(&self.text[span.clone()]))
    }

    /// The part with all that was added.
    pub fn patched(self) -> String {
        let mut splices = Splices::default();
        for (name, least) in SECTIONS {
            let own = self.sections.get(name);
            let held = own.map_or(0, |section| section.items.len());
            let mut new: Vec<String> =
                least.iter().skip(held).map(|item| self.prefixed(item)).collect();
            match name {
                "fills" => new.extend(Severity::ALL.iter().map(|one| self.prefixed(&fill(*one)))),
                "cellXfs" => new.extend(self.added.iter().cloned()),
                _ => {}
            }
            if new.is_empty() {
                continue;
            }
            let (count, new) = ((held + new.len()).to_string(), new.concat());
            let p = &self.prefix;
            match own {
                None => {
                    let xml = format!("<{p}{name} count=\"{count}\">{new}</{p}{name}>");
                    let place = self.place_for(name);
                    splices.put(place..place, xml);
                }
                Some(section) => {
                    let tag = section.counted.replace("{count}", &count);
                    match section.close {
                        Some(close) => {
                            splices.put(section.tag.clone(), tag);
                            splices.put(close..close, new);
                        }
                        None => {
                            let open = tag.trim_end_matches("/>");
                            let xml = format!("{open}>{new}</{p}{name}>");
                            splices.put(section.tag.clone(), xml);
                        }
                    }
                }
            }
        }
        splices.apply(&self.text)
    }

    /// Where a section that is missing belongs: before the first that comes later in the order.
    fn place_for(&self, name: &str) -> usize {
        let rank = |name: &str| ORDER.iter().position(|one| *one == name).unwrap_or(ORDER.len());
        let later = self.sections.iter().filter(|(other, _)| rank(other) > rank(name));
        later.map(|(_, section)| section.tag.start).min().unwrap_or(self.root_close)
    }

    fn prefixed(&self, xml: &str) -> String {
        if self.prefix.is_empty() {
            return xml.to_owned();
        }
        let close = format!("</{}", self.prefix);
        let open = format!("<{}", self.prefix);
        xml.replace("</", "\u{0}").replace('<', &open).replace('\u{0}', &close)
    }
}

fn fill(severity: Severity) -> String {
    format!(
        "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF{:06X}\"/><bgColor indexed=\"64\"/></patternFill></fill>",
        severity.colour()
    )
}

/// A style like `base` that looks as asked; `first` is the workbook's own first style, that of a
/// cell nobody touched. The fills for severities follow after `fills` others.
fn derived(
    base: &str,
    first: &str,
    look: Look,
    fills: usize,
    prefix: &str,
) -> Result<String, Words> {
    let filled = |severity: Severity| (fills + severity as usize).to_string();
    let yes = || Some("1".to_owned());
    if let Look::Filled(severity) = look {
        let changes = [("fillId", Some(filled(severity))), ("applyFill", yes())];
        return with(base, &changes);
    }
    let of = |xml: &str, name: &str| attribute(xml, name);
    let (font, fill, number, align) = match look {
        Look::Heading => (of(base, "fontId")?, of(base, "fillId")?, "0", "center"),
        Look::Reason(severity) => (of(first, "fontId")?, Some(filled(severity)), "49", "left"),
        Look::Filled(_) => (None, None, "0", "left"),
    };
    let vertical = if look == Look::Heading { "center" } else { "top" };
    let zero = || "0".to_owned();
    Ok(format!(
        "<{prefix}xf numFmtId=\"{number}\" fontId=\"{}\" fillId=\"{}\" borderId=\"{}\" xfId=\"{}\" applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><{prefix}alignment horizontal=\"{align}\" vertical=\"{vertical}\" wrapText=\"1\"/></{prefix}xf>",
        font.unwrap_or_else(zero),
        fill.unwrap_or_else(zero),
        of(base, "borderId")?.unwrap_or_else(zero),
        of(first, "xfId")?.unwrap_or_else(zero),
    ))
}

/// An element with attributes of its own tag changed.
fn with(xml: &str, changes: &[(&str, Option<String>)]) -> Result<String, Words> {
    let mut steps = Steps::new(xml);
    match steps.next()? {
        Step::Open(tag) | Step::Alone(tag) => Ok(tag.with(changes) + &xml[steps.span.end..]),
        _ => Err(unreadable(&"a cell style")),
    }
}

/// An attribute of an element's own tag, if it is a number.
fn attribute(xml: &str, name: &str) -> Result<Option<String>, Words> {
    match Steps::new(xml).next()? {
        Step::Open(tag) | Step::Alone(tag) => Ok(tag.number(name).map(|number| number.to_string())),
        _ => Err(unreadable(&"a cell style")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_without_styles_gets_the_least_there_must_be() {
        let mut styles = Styles::of(None, "urn:x").expect("styles");
        assert_eq!(styles.look(99, Look::Filled(Severity::Error)).expect("a style"), 1);
        assert_eq!(styles.look(0, Look::Filled(Severity::Error)).expect("the same"), 1);
        assert_eq!(styles.look(0, Look::Heading).expect("another"), 2);
        let text = styles.patched();
        let order: Vec<usize> =
            SECTIONS.iter().map(|(name, _)| text.find(&format!("<{name} ")).expect(name)).collect();
        assert!(order.is_sorted(), "{text}");
        assert!(text.contains("<cellXfs count=\"3\">") && text.contains("<fills count=\"5\">"));
    }

    #[test]
    fn a_filled_style_keeps_all_but_the_fill() {
        let text = "<x:styleSheet xmlns:x=\"urn:x\"><x:fills count=\"2\"><x:fill/><x:fill/></x:fills><x:cellXfs count=\"2\"><x:xf numFmtId=\"0\"/><x:xf numFmtId=\"14\" fontId=\"3\" fillId=\"1\" borderId=\"2\" xfId=\"0\"><x:alignment wrapText=\"1\"/></x:xf></x:cellXfs><x:dxfs count=\"0\"/></x:styleSheet>";
        let mut styles = Styles::of(Some(text.to_owned()), "").expect("styles");
        assert_eq!(styles.look(1, Look::Filled(Severity::Note)).expect("a style"), 2);
        let text = styles.patched();
        let style = "<x:xf numFmtId=\"14\" fontId=\"3\" fillId=\"4\" borderId=\"2\" xfId=\"0\" applyFill=\"1\"><x:alignment wrapText=\"1\"/></x:xf></x:cellXfs>";
        assert!(text.contains(style), "{text}");
        assert!(text.contains("<x:fills count=\"5\"><x:fill/><x:fill/><x:fill><x:patternFill"));
        assert!(text.find("<x:fonts") < text.find("<x:fills"), "{text}");
        assert!(text.find("<x:borders") < text.find("<x:cellStyleXfs"), "{text}");
    }
}
