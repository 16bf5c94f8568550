//! TOML files that users write, read with every mistake collected and placed.
//!
//! Packs and project files are read in three steps: raw (TOML with spans), vetted (this module's
//! [`Fields`] hands out typed values and records what is wrong), ready (the types of `standard` and
//! `project`). A key nobody asked for is a mistake too, named with the nearest key that exists.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::day::PartialDay;
use crate::error::{Diagnostic, Error, Result};
use crate::place::Place;
use crate::words::Words;

/// A TOML text, and the mistakes found in it so far.
#[derive(Debug)]
pub struct Document {
    file: String,
    text: Arc<str>,
    found: RefCell<Vec<Diagnostic>>,
}

impl Document {
    /// A document from its file name, as shown to the user, and its text.
    pub fn new(file: impl Into<String>, text: &str) -> Document {
        Document {
            file: file.into(),
            text: text.strip_prefix('\u{feff}').unwrap_or(text).into(),
            found: RefCell::default(),
        }
    }

    /// Reads the whole document with `read`.
    ///
    /// # Errors
    /// [`Error::Diagnostics`] with every mistake found, in the order of the text.
    pub fn read<T>(&self, read: impl FnOnce(&Fields<'_>) -> Option<T>) -> Result<T> {
        let (root, errors) = DeTable::parse_recoverable(&self.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let message = error.message();
            self.report(
                span,
                Words::new(
                    format!("不是有效的 TOML：{message}"),
                    format!("not valid TOML: {message}"),
                ),
                None,
            );
        }
        let broken = !self.found.borrow().is_empty();
        let span = root.span();
        let fields = Fields::new(self, root.get_ref(), span, "");
        let value = if broken { None } else { read(&fields) };
        let mut found = self.found.take();
        match value {
            Some(value) if found.is_empty() => Ok(value),
            _ => {
                found.sort_by_key(|one| (one.span.start, one.span.end));
                Err(Error::Diagnostics(found))
            }
        }
    }

    /// Records a mistake.
    pub fn report(&self, span: Range<usize>, words: Words, help: Option<Words>) {
        self.found.borrow_mut().push(Diagnostic {
            file: self.file.clone(),
            text: self.text.clone(),
            span,
            words,
            help,
        });
    }
}

/// One TOML table, from which typed values are taken key by key.
///
/// [`Fields::finish`] reports the keys nobody asked for.
#[derive(Debug)]
pub struct Fields<'a> {
    document: &'a Document,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    name: String,
    asked: RefCell<Vec<&'static str>>,
}

/// One value with its place in the text.
#[derive(Debug, Clone)]
pub struct Value<'a> {
    document: &'a Document,
    value: &'a DeValue<'a>,
    span: Range<usize>,
    name: String,
}

impl<'a> Fields<'a> {
    fn new(
        document: &'a Document,
        table: &'a DeTable<'a>,
        span: Range<usize>,
        name: impl Into<String>,
    ) -> Fields<'a> {
        Fields { document, table, span, name: name.into(), asked: RefCell::default() }
    }

    /// The value of a key, if it is there.
    pub fn get(&self, key: &'static str) -> Option<Value<'a>> {
        self.asked.borrow_mut().push(key);
        self.find(key)
    }

    fn find(&self, key: &str) -> Option<Value<'a>> {
        let (found, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(Value {
            document: self.document,
            value: value.get_ref(),
            span: join(found.span(), value.span()),
            name: key.to_owned(),
        })
    }

    /// The value of a key that must be there; its absence is recorded.
    pub fn need(&self, key: &'static str) -> Option<Value<'a>> {
        let value = self.get(key);
        if value.is_none() {
            let table = self.shown();
            self.report(
                Words::new(format!("{table}缺少“{key}”"), format!("{table}lacks `{key}`")),
                None,
            );
        }
        value
    }

    /// Whether a key is there, without taking it.
    pub fn peek_any(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref() == key)
    }

    /// A text that is read elsewhere: what it says, without judging it.
    pub fn peek(&self, key: &str) -> Option<String> {
        match self.table.iter().find(|(name, _)| name.get_ref() == key)?.1.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// A text that must be there.
    pub fn need_text(&self, key: &'static str) -> Option<String> {
        self.need(key)?.text()
    }

    /// A text that may be there.
    pub fn text(&self, key: &'static str) -> Option<String> {
        self.get(key)?.text()
    }

    /// Yes or no; no when absent.
    pub fn flag(&self, key: &'static str) -> bool {
        self.get(key).and_then(|value| value.flag()).unwrap_or(false)
    }

    /// The tables under `[[key]]`, or none.
    pub fn tables(&self, key: &'static str) -> Vec<Fields<'a>> {
        self.get(key).map_or(Vec::new(), |value| value.tables())
    }

    /// The entries of a table whose keys are the user's own.
    pub fn entries(&self) -> Vec<Value<'a>> {
        self.table
            .iter()
            .map(|(key, value)| Value {
                document: self.document,
                value: value.get_ref(),
                span: join(key.span(), value.span()),
                name: key.get_ref().to_string(),
            })
            .collect()
    }

    /// Where the table starts in the text, in bytes.
    pub fn start(&self) -> usize {
        self.span.start
    }

    /// Records a mistake about the table as a whole.
    pub fn report(&self, words: Words, help: Option<Words>) {
        let line_end = self.document.text[self.span.start..]
            .find('\n')
            .map_or(self.span.end, |at| self.span.start + at);
        self.document.report(
            self.span.start..self.span.end.min(line_end).max(self.span.start),
            words,
            help,
        );
    }

    /// Reports every key that was never asked for, with the nearest key that exists.
    pub fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter() {
            let name = key.get_ref().as_ref();
            if !asked.contains(&name) {
                let table = self.shown();
                self.document.report(
                    key.span(),
                    Words::new(
                        format!("{table}不认识的键“{name}”"),
                        format!("{table}unknown key `{name}`"),
                    ),
                    Some(accepted(name, &asked)),
                );
            }
        }
    }

    fn shown(&self) -> String {
        if self.name.is_empty() { String::new() } else { format!("[{}] ", self.name) }
    }
}

impl<'a> Value<'a> {
    /// The key it stands under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A text.
    pub fn text(&self) -> Option<String> {
        match self.value {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.to_string()),
            DeValue::String(_) => self.wrong("空文本", "an empty text", "非空文本", "a text"),
            _ => self.expected("文本", "a text"),
        }
    }

    /// A finite number.
    pub fn number(&self) -> Option<f64> {
        let number = match self.value {
            DeValue::Integer(integer) => {
                i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|n| n as f64)
            }
            DeValue::Float(float) => float.as_str().parse().ok(),
            _ => None,
        };
        match number {
            Some(number) if number.is_finite() => Some(number),
            _ => self.expected("数", "a number"),
        }
    }

    /// Yes or no.
    pub fn flag(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.expected("true 或 false", "true or false"),
        }
    }

    /// A date, written bare (`2021-12-27`) or as text (`"2021-12"`, `"2021"`).
    pub fn date(&self) -> Option<PartialDay> {
        let text = match self.value {
            DeValue::Datetime(date) => Some(date.to_string()),
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(year) => Some(year.as_str().to_owned()),
            _ => None,
        };
        match text.and_then(|text| PartialDay::parse(&text)) {
            Some(date) => Some(date),
            None => self.expected(
                "日期，如 2021-12-27、\"2021-12\" 或 \"2021\"",
                "a date such as 2021-12-27, \"2021-12\" or \"2021\"",
            ),
        }
    }

    /// One of the codes of a closed list.
    pub fn code<T: Copy>(&self, codes: &[(&'static str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = codes.iter().find(|(code, _)| *code == text);
        if found.is_none() {
            let known: Vec<&str> = codes.iter().map(|(code, _)| *code).collect();
            self.unknown_word(&text, &known);
        }
        found.map(|(_, value)| *value)
    }

    /// A place by its administrative code.
    pub fn place(&self) -> Option<Place> {
        let code = self.text()?;
        let place = Place::parse(&code);
        if place.is_none() {
            self.report(
                Words::new(
                    format!("“{code}”不是行政区划代码"),
                    format!("`{code}` is no administrative code"),
                ),
                Some(Words::new(
                    "应为 CN 或 2、4、6、9、12 位代码",
                    "expected CN, or a code of 2, 4, 6, 9 or 12 digits",
                )),
            );
        }
        place
    }

    /// Several texts.
    pub fn texts(&self) -> Option<Vec<String>> {
        self.items()?.iter().map(Value::text).collect()
    }

    /// One text, or several in a list.
    pub fn one_or_more(&self) -> Option<Vec<String>> {
        match self.value {
            DeValue::Array(_) => self.texts(),
            _ => Some(vec![self.text()?]),
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<Vec<Value<'a>>> {
        match self.value {
            DeValue::Array(items) => Some(
                items
                    .iter()
                    .map(|item| Value {
                        document: self.document,
                        value: item.get_ref(),
                        span: item.span(),
                        name: self.name.clone(),
                    })
                    .collect(),
            ),
            _ => self.expected("列表 [ … ]", "a list [ … ]"),
        }
    }

    /// A table.
    pub fn fields(&self) -> Option<Fields<'a>> {
        match self.value {
            DeValue::Table(table) => {
                Some(Fields::new(self.document, table, self.span.clone(), self.name.clone()))
            }
            _ => self.expected("表 { … }", "a table { … }"),
        }
    }

    /// A list of tables.
    pub fn tables(&self) -> Vec<Fields<'a>> {
        let items = self.items().unwrap_or_default();
        items.iter().filter_map(Value::fields).collect()
    }

    /// Whether the value is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    /// Whether the value is a text.
    pub fn is_text(&self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    /// Whether the value is a list.
    pub fn is_list(&self) -> bool {
        matches!(self.value, DeValue::Array(_))
    }

    /// The value as a cell of a ledger would hold it: the text of a text, number, flag or date.
    pub fn cell(&self) -> Option<String> {
        match self.value {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(integer) => Some(integer.as_str().to_owned()),
            DeValue::Float(float) => Some(float.as_str().to_owned()),
            DeValue::Boolean(flag) => Some(flag.to_string()),
            DeValue::Datetime(date) => Some(date.to_string()),
            _ => self.expected("一个值", "a single value"),
        }
    }

    /// Records that a word is none of the known ones.
    pub fn unknown_word(&self, word: &str, known: &[&str]) {
        self.report(
            Words::new(format!("不认识的值“{word}”"), format!("unknown value `{word}`")),
            Some(accepted(word, known)),
        );
    }

    /// Records a mistake about this value.
    pub fn report(&self, words: Words, help: Option<Words>) {
        self.document.report(self.span.clone(), words, help);
    }

    fn expected<T>(&self, zh: &str, en: &str) -> Option<T> {
        let (found_zh, found_en) = match self.value {
            DeValue::String(_) => ("文本", "a text"),
            DeValue::Integer(_) | DeValue::Float(_) => ("数", "a number"),
            DeValue::Boolean(_) => ("true/false", "true/false"),
            DeValue::Datetime(_) => ("日期", "a date"),
            DeValue::Array(_) => ("列表", "a list"),
            DeValue::Table(_) => ("表", "a table"),
        };
        self.wrong(found_zh, found_en, zh, en)
    }

    fn wrong<T>(&self, found_zh: &str, found_en: &str, zh: &str, en: &str) -> Option<T> {
        let name = &self.name;
        self.report(
            Words::new(format!("“{name}”是{found_zh}"), format!("`{name}` is {found_en}")),
            Some(Words::new(format!("应为：{zh}"), format!("expected {en}"))),
        );
        None
    }
}

fn join(first: Range<usize>, second: Range<usize>) -> Range<usize> {
    first.start.min(second.start)..first.end.max(second.end)
}

/// "Did you mean …", then all that is accepted.
fn accepted(word: &str, known: &[&str]) -> Words {
    let mut known: Vec<&str> = known.to_vec();
    known.sort_unstable();
    known.dedup();
    let all = known.join(", ");
    match nearest(word, &known) {
        Some(near) => Words::new(
            format!("是否指“{near}”？可用：{all}"),
            format!("did you mean `{near}`? accepted: {all}"),
        ),
        None => Words::new(format!("可用：{all}"), format!("accepted: {all}")),
    }
}

/// The known word most like a mistyped one, if any is alike.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let alike = |known: &str| strsim::jaro_winkler(word, known);
    known
        .iter()
        .copied()
        .max_by(|a, b| alike(a).total_cmp(&alike(b)))
        .filter(|best| alike(best) > 0.75)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_reported_with_its_place() {
        let document =
            Document::new("p.toml", "title = 3\nhouseholds = \"many\"\nissuers = \"x\"\n");
        let result = document.read(|fields| {
            let title = fields.need_text("title");
            let number = fields.need("households").and_then(|value| value.number());
            let issuer = fields.text("issuer");
            fields.finish();
            Some((title?, number?, issuer))
        });
        let Err(Error::Diagnostics(all)) = result else {
            panic!("mistakes must be found");
        };
        let lines: Vec<String> = all.iter().map(Diagnostic::to_string).collect();
        assert_eq!(
            lines,
            [
                "p.toml:1:1: `title` is a number (expected a text)",
                "p.toml:2:1: `households` is a text (expected a number)",
                "p.toml:3:1: unknown key `issuers` (did you mean `issuer`? accepted: households, issuer, title)",
            ]
        );
    }

    #[test]
    fn broken_toml_is_a_diagnostic() {
        let document = Document::new("p.toml", "a = [1,\n");
        let result = document.read(|_| Some(()));
        assert!(matches!(result, Err(Error::Diagnostics(all)) if all[0].position().0 >= 1));
    }

    #[test]
    fn a_date_may_be_bare_or_text_or_a_year() {
        let document = Document::new("p.toml", "a = 2021-12-27\nb = \"2021-12\"\nc = 2011\n");
        let dates = document.read(|fields| {
            let date = |key| fields.need(key)?.date().map(|date| date.to_string());
            Some([date("a")?, date("b")?, date("c")?])
        });
        assert_eq!(dates.unwrap(), ["2021-12-27", "2021-12", "2011"]);
    }
}
