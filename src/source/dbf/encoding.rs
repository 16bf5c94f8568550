//! Which encoding the texts of a table are in: what is declared, where the texts bear it out, else
//! what they prove to be.
//!
//! Nothing is decoded lossily. A declaration is often wrong, because a copy of the table keeps the
//! `.cpg` of another program; text of one encoding hardly ever decodes strictly as the other.

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, WINDOWS_1252};

use crate::source::Read;
use crate::words::Words;

use super::code_page::{encoding_named, name_of, of_language_byte};
use super::records::{Records, Text};
use super::value::decode;

/// How a table is decoded, and why.
#[derive(Debug)]
pub struct Decision {
    /// What the texts are decoded with.
    pub encoding: &'static Encoding,
    /// The encoding's name; `ASCII` where any would do.
    pub name: &'static str,
    /// What was declared, what the texts prove, and a sample.
    pub reason: Words,
}

/// Decides for one table, given the text of its `.cpg` and what the user says.
pub fn decide(
    name: &str,
    records: &Records<'_>,
    cpg: Option<&[u8]>,
    asked: Option<&str>,
) -> Read<Decision> {
    if let Some(label) = asked {
        return as_asked(name, records, label);
    }
    let declared = Declared::find(cpg, records.language);
    let Some(sample) = records.texts().next() else {
        let said = &declared.words;
        return Ok(Decision {
            encoding: declared.encoding.unwrap_or(UTF_8),
            name: "ASCII",
            reason: Words::new(
                format!("编码：{}；文字全为 ASCII", said.zh),
                format!("encoding: {}; all text is ASCII", said.en),
            ),
        });
    };
    let believed = declared.encoding.filter(|encoding| !is_contradicted(records, encoding));
    match proven(records, believed) {
        Some(encoding) => Ok(Decision {
            encoding,
            name: name_of(encoding),
            reason: declared.reason(encoding, &sample),
        }),
        None => Err(undecided(name, records, &declared)),
    }
}

/// What the files say of their encoding.
struct Declared {
    encoding: Option<&'static Encoding>,
    words: Words,
}

impl Declared {
    fn find(cpg: Option<&[u8]>, language: u8) -> Declared {
        let label = cpg.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let label =
            label.as_deref().map(|text| text.trim_matches(['\u{feff}', '\0', ' ', '\r', '\n']));
        let by_byte = of_language_byte(language);
        let (byte_zh, byte_en) = match by_byte {
            Some(encoding) => (
                format!("语言字节 0x{language:02X} 表示 {}", name_of(encoding)),
                format!("language byte 0x{language:02X} means {}", name_of(encoding)),
            ),
            None => (
                format!("语言字节 0x{language:02X} 不说明编码"),
                format!("language byte 0x{language:02X} names none"),
            ),
        };
        let Some(label) = label.filter(|label| !label.is_empty()) else {
            let words = Words::new(format!("无 .cpg，{byte_zh}"), format!("no .cpg, {byte_en}"));
            return Declared { encoding: by_byte, words };
        };
        let label: String = label.chars().take(40).collect();
        match encoding_named(&label) {
            Some(encoding) => Declared {
                encoding: Some(encoding),
                words: Words::new(
                    format!(".cpg 写明“{label}”"),
                    format!("the .cpg says `{label}`"),
                ),
            },
            None => Declared {
                encoding: by_byte,
                words: Words::new(
                    format!(".cpg 写的“{label}”不是已知编码，{byte_zh}"),
                    format!("the .cpg says `{label}`, no known encoding, {byte_en}"),
                ),
            },
        }
    }

    fn reason(&self, chosen: &'static Encoding, sample: &Text<'_>) -> Words {
        let Words { zh, en } = &self.words;
        let chosen_name = name_of(chosen);
        let sample =
            decode(chosen, sample.bytes).map_or_else(String::new, |(text, _)| shortened(&text));
        match self.encoding {
            Some(encoding) if encoding == chosen => Words::new(
                format!("编码：{zh}，内容相符，按 {chosen_name} 读取；样例：{sample}"),
                format!("encoding: {en}, the text agrees, read as {chosen_name}; sample: {sample}"),
            ),
            Some(_) => Words::new(
                format!("编码：{zh}，但内容不符；内容符合 {chosen_name}，按此读取；样例：{sample}"),
                format!(
                    "encoding: {en}, but the text does not agree; it is valid {chosen_name} and read as such; sample: {sample}"
                ),
            ),
            None if chosen == UTF_8 => Words::new(
                format!("编码：{zh}；内容符合 UTF-8，按此读取；样例：{sample}"),
                format!(
                    "encoding: {en}; the text is valid UTF-8 and read as such; sample: {sample}"
                ),
            ),
            None => Words::new(
                format!("编码：{zh}；内容不符 UTF-8，符合 {chosen_name}，按此读取；样例：{sample}"),
                format!(
                    "encoding: {en}; the text is not UTF-8 but valid {chosen_name} and read as such; sample: {sample}"
                ),
            ),
        }
    }
}

fn shortened(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(20).collect()
}

/// The first encoding in which every text decodes: the declared one, UTF-8, GB18030. Half a
/// character is allowed at first only where a text fills its field, then anywhere at its end.
fn proven(records: &Records<'_>, declared: Option<&'static Encoding>) -> Option<&'static Encoding> {
    let mut candidates: Vec<&'static Encoding> = declared.into_iter().collect();
    candidates.extend(if is_rather_gb(records) { [GB18030, UTF_8] } else { [UTF_8, GB18030] });
    [false, true].into_iter().find_map(|loose| {
        candidates.iter().copied().find(|encoding| all_fit(records, encoding, loose))
    })
}

fn all_fit(records: &Records<'_>, encoding: &'static Encoding, loose: bool) -> bool {
    records.texts().all(|text| fits(&text, encoding, loose))
}

fn fits(text: &Text<'_>, encoding: &'static Encoding, loose: bool) -> bool {
    decode(encoding, text.bytes).is_some_and(|(_, half)| !half || text.is_full || loose)
}

/// Whether the texts disprove a declaration in which they do decode: every byte is a character of
/// a Western encoding, and UTF-8 of an even length often passes for GBK.
fn is_contradicted(records: &Records<'_>, declared: &'static Encoding) -> bool {
    // Four characters of three bytes each do not come about by chance.
    const ENOUGH: usize = 4;
    if declared == UTF_8 {
        return false;
    }
    if all_fit(records, UTF_8, false) {
        return declared.is_single_byte() || wide_characters(records, ENOUGH) >= ENOUGH;
    }
    declared.is_single_byte()
        && records.texts().all(|text| is_pairs(text.bytes, 0xA1..=0xF7))
        && all_fit(records, GB18030, false)
}

/// How many characters from the Chinese blocks on the texts have as UTF-8, counted up to `most`.
fn wide_characters(records: &Records<'_>, most: usize) -> usize {
    let wide = |text: Text<'_>| {
        let decoded = decode(UTF_8, text.bytes).map(|(text, _)| text.into_owned());
        decoded.unwrap_or_default().chars().filter(|c| *c >= '\u{2E80}').count()
    };
    // One per text is enough: `take` stops the search in a large table.
    records.texts().map(wide).filter(|count| *count > 0).take(most).sum()
}

/// A few GB2312 words such as 一些 are valid UTF-8 of two bytes per character. Two of them side by
/// side are a Chinese word, not accented letters.
fn is_rather_gb(records: &Records<'_>) -> bool {
    let mut side_by_side = false;
    let only_pairs = records.texts().all(|text| {
        side_by_side |= text.bytes.windows(4).any(|four| four.iter().all(|byte| *byte >= 0x80));
        is_pairs(text.bytes, 0xB0..=0xD7)
    });
    only_pairs && side_by_side
}

/// Whether all bytes that are not ASCII are pairs of GB2312 with the first byte in a range.
fn is_pairs(bytes: &[u8], first: RangeInclusive<u8>) -> bool {
    let mut bytes = bytes.iter();
    while let Some(byte) = bytes.find(|byte| !byte.is_ascii()) {
        let second = bytes.next().copied().unwrap_or(0);
        if !first.contains(byte) || second < 0xA1 {
            return false;
        }
    }
    true
}

fn as_asked(name: &str, records: &Records<'_>, label: &str) -> Read<Decision> {
    let Some(encoding) = encoding_named(label) else {
        return Err(Words::new(
            format!(
                "{name}：不认识的编码“{label}”；可用：UTF-8、GBK、GB18030、Big5、windows-1252 等"
            ),
            format!(
                "{name}: unknown encoding `{label}`; accepted: UTF-8, GBK, GB18030, Big5, windows-1252 and others"
            ),
        ));
    };
    let chosen = name_of(encoding);
    let decision = |zh: String, en: String| {
        Ok(Decision { encoding, name: chosen, reason: Words::new(zh, en) })
    };
    let fitting = proven(records, Some(encoding));
    let misfit = records.texts().find(|text| !fits(text, encoding, true));
    let misfit = misfit.or_else(|| records.texts().find(|text| !fits(text, encoding, false)));
    let Some(misfit) = misfit.filter(|_| fitting != Some(encoding)) else {
        return decision(
            format!("编码：按指定的 {chosen} 读取"),
            format!("encoding: read as {chosen}, as asked"),
        );
    };
    let (place_zh, place_en) = place(&misfit, encoding);
    let bytes = hexadecimal(misfit.bytes);
    match fitting {
        Some(other) => Err(Words::new(
            format!(
                "{name}：指定的编码 {chosen} 与内容不符（{place_zh}，字节 {bytes}）；全部内容符合 {}，请改为此编码或不指定",
                name_of(other)
            ),
            format!(
                "{name}: the text is not in the encoding asked for, {chosen} ({place_en}, bytes {bytes}); all of it is valid {}: name that, or none",
                name_of(other)
            ),
        )),
        None => decision(
            format!(
                "编码：按指定的 {chosen} 读取，尽管有不符之处，首个在{place_zh}（字节 {bytes}）"
            ),
            format!(
                "encoding: read as {chosen}, as asked, although some text is not, first {place_en} (bytes {bytes})"
            ),
        ),
    }
}

fn undecided(name: &str, records: &Records<'_>, declared: &Declared) -> Words {
    let misfit = records.texts().find(|text| !fits(text, GB18030, true));
    let Some(text) = misfit.or_else(|| records.texts().next()) else {
        return Words::new(
            format!("{name}：.dbf 编码不明"),
            format!("{name}: .dbf of unknown encoding"),
        );
    };
    let (place_zh, place_en) = place(&text, GB18030);
    let bytes = hexadecimal(text.bytes);
    let tried = |encoding: &'static Encoding| {
        shortened(&encoding.decode_without_bom_handling(text.bytes).0)
    };
    let (gbk, big5, western) = (tried(GB18030), tried(BIG5), tried(WINDOWS_1252));
    Words::new(
        format!(
            "{name}：.dbf {place_zh}的文字既不是 UTF-8 也不是 GB18030（{}；字节 {bytes}；按 GBK 读作“{gbk}”，按 Big5 读作“{big5}”，按 windows-1252 读作“{western}”）；请指明编码，如 Big5、GBK、UTF-8",
            declared.words.zh
        ),
        format!(
            "{name}: the text {place_en} of the .dbf is neither UTF-8 nor GB18030 ({}; bytes {bytes}; as GBK `{gbk}`, as Big5 `{big5}`, as windows-1252 `{western}`); name the encoding, such as Big5, GBK or UTF-8",
            declared.words.en
        ),
    )
}

/// The row and field of a text, for a reader.
fn place(text: &Text<'_>, encoding: &'static Encoding) -> (String, String) {
    let field = encoding.decode_without_bom_handling(text.field).0;
    match text.row {
        0 => (format!("字段名“{field}”"), format!("in the field name `{field}`")),
        row => (format!("第 {row} 行“{field}”"), format!("in row {row}, `{field}`")),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let shown: Vec<String> = bytes.iter().take(24).map(|byte| format!("{byte:02X}")).collect();
    shown.join(" ")
}
