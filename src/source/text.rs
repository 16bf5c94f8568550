//! The bytes of a text format become UTF-8, and places in it keep their position in the file.
//!
//! Nothing is decoded lossily. A file that is UTF-8 but for a few damaged bytes stays as it is, so
//! that its reader can set aside the parts that are hit and keep the rest.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{Opened, Read};
use crate::words::Words;

/// The text of a file.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    /// UTF-8, but for damaged bytes.
    pub bytes: Cow<'a, [u8]>,
    /// How it was decoded, for the grid.
    pub encoding: &'static str,
    /// What must be said of it.
    pub note: Option<Words>,
    original: &'static Encoding,
    mark: usize,
}

/// Decodes a file: as its user says, by its byte order mark, as UTF-8, as the file itself declares,
/// else as GB18030.
///
/// # Errors
/// When the encoding the user names is unknown or does not fit.
pub(crate) fn decode<'a>(file: &'a Opened, declared: Option<&str>) -> Read<Text<'a>> {
    let bytes = file.bytes.as_slice();
    if let Some(label) = &file.encoding {
        return as_named(file, label);
    }
    for (mark, original, name) in [
        (&[0xEF, 0xBB, 0xBF][..], UTF_8, "UTF-8 (BOM)"),
        (&[0xFF, 0xFE], UTF_16LE, "UTF-16LE (BOM)"),
        (&[0xFE, 0xFF], UTF_16BE, "UTF-16BE (BOM)"),
    ] {
        if let Some(body) = bytes.strip_prefix(mark) {
            let plain = (original == UTF_8).then_some(Cow::Borrowed(body));
            if let Some(bytes) = plain.or_else(|| strict(body, original)) {
                return Ok(Text { bytes, encoding: name, note: None, original, mark: mark.len() });
            }
        }
    }
    let candidates = [declared.and_then(known), Some(GB18030)];
    let other = candidates.into_iter().flatten().filter(|original| *original != UTF_8);
    let other = other.filter(|_| !is_utf8(bytes));
    let mut found = other.filter_map(|original| Some((original, strict(bytes, original)?)));
    if let Some((original, bytes)) = found.next() {
        let encoding = name_of(original);
        let note = Some(other_encoding(encoding));
        return Ok(Text { bytes, encoding, note, original, mark: 0 });
    }
    let bytes = Cow::Borrowed(bytes);
    Ok(Text { bytes, encoding: "UTF-8", note: None, original: UTF_8, mark: 0 })
}

impl Text<'_> {
    /// Where a place of the decoded text is in the file.
    pub(crate) fn place(&self, at: usize) -> Words {
        let before = String::from_utf8_lossy(&self.bytes[..at.min(self.bytes.len())]);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let byte = self.mark + self.bytes_in_file(at, &before);
        Words::new(
            format!("字节 {byte}（第 {line} 行第 {column} 列）"),
            format!("byte {byte} (line {line}, column {column})"),
        )
    }

    fn bytes_in_file(&self, at: usize, before: &str) -> usize {
        if self.original == UTF_8 {
            at
        } else if self.original == UTF_16LE || self.original == UTF_16BE {
            2 * before.encode_utf16().count()
        } else {
            self.original.encode(before).0.len()
        }
    }
}

/// The encoding of a label as users and files write it; GBK and its kin are read as GB18030.
pub(crate) fn known(label: &str) -> Option<&'static Encoding> {
    let plain = label.trim().to_ascii_lowercase().replace([' ', '_'], "-");
    if plain.contains("936") || plain.starts_with("gb") || plain == "ansi" {
        return Some(GB18030);
    }
    if plain == "utf8" || plain == "65001" {
        return Some(UTF_8);
    }
    Encoding::for_label(plain.as_bytes())
}

fn as_named<'a>(file: &'a Opened, label: &str) -> Read<Text<'a>> {
    let name = &file.name;
    let original = known(label).ok_or_else(|| {
        Words::new(
            format!("{name}：不认识编码“{label}”；可用 UTF-8、GB18030、GBK、UTF-16LE、Big5 等"),
            format!("{name}: unknown encoding \"{label}\"; accepted: UTF-8, GB18030, GBK, UTF-16LE, Big5 and so on"),
        )
    })?;
    let (mark, body) = match Encoding::for_bom(&file.bytes) {
        Some((marked, mark)) if marked == original => (mark, &file.bytes[mark..]),
        _ => (0, &file.bytes[..]),
    };
    let bytes = strict(body, original).ok_or_else(|| {
        Words::new(
            format!("{name}：内容不是 {label} 编码；请去掉所指定的编码，或换一种"),
            format!("{name}: the content is not {label}; name another encoding or none"),
        )
    })?;
    Ok(Text { bytes, encoding: name_of(original), note: None, original, mark })
}

fn name_of(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 { "GB18030" } else { encoding.name() }
}

/// The whole text, but for a character at the end that was cut off with the file.
fn strict<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Option<Cow<'a, [u8]>> {
    if encoding == UTF_8 {
        let sound = std::str::from_utf8(bytes);
        let cut_off = |error: &std::str::Utf8Error| error.error_len().is_none();
        return match sound {
            Ok(_) => Some(Cow::Borrowed(bytes)),
            Err(error) => cut_off(&error).then(|| Cow::Borrowed(&bytes[..error.valid_up_to()])),
        };
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len())?;
    let mut text = String::with_capacity(room);
    let (outcome, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, false);
    (outcome == DecoderResult::InputEmpty).then(|| Cow::Owned(text.into_bytes()))
}

/// Whether this is UTF-8, if need be with damage, rather than another encoding: of Chinese text in
/// GBK about a quarter looks like UTF-8, of damaged UTF-8 nearly all.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut damaged) = (0, 0);
    match std::str::from_utf8(bytes) {
        Ok(_) => return true,
        Err(error) if error.error_len().is_none() => return true,
        Err(_) => {}
    }
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        damaged += chunk.invalid().len();
    }
    sound > 4 * damaged
}

fn other_encoding(encoding: &str) -> Words {
    Words::new(
        format!("文件不是 UTF-8，已按 {encoding} 读取"),
        format!("the file is not UTF-8; it was read as {encoding}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(bytes: &[u8]) -> Opened {
        Opened { name: "a.json".into(), bytes: bytes.to_vec(), ..Opened::default() }
    }

    fn decoded(bytes: &[u8]) -> (String, &'static str) {
        let file = opened(bytes);
        let text = decode(&file, None).expect("decodes");
        (String::from_utf8_lossy(&text.bytes).into_owned(), text.encoding)
    }

    #[test]
    fn each_encoding_is_recognised_by_proof() {
        let text = "{\"名\":\"幸福里\"}";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(text.as_bytes()), (text.into(), "UTF-8"));
        assert_eq!(
            decoded(&["\u{feff}", text].concat().into_bytes()),
            (text.into(), "UTF-8 (BOM)")
        );
        assert_eq!(decoded(&GB18030.encode(text).0), (text.into(), "GB18030"));
        assert_eq!(decoded(&[&[0xFF, 0xFE], &utf16[..]].concat()), (text.into(), "UTF-16LE (BOM)"));
    }

    #[test]
    fn damaged_utf8_is_not_taken_for_another_encoding() {
        let mut bytes = "{\"名\":\"幸福里社区服务中心\"}".as_bytes().to_vec();
        bytes[4] = 0xFF;
        assert_eq!(decode(&opened(&bytes), None).expect("decodes").encoding, "UTF-8");
        bytes.truncate(20);
        assert_eq!(decode(&opened(&bytes), None).expect("decodes").encoding, "UTF-8");
    }

    #[test]
    fn a_file_cut_within_a_character_keeps_its_encoding() {
        let gb = GB18030.encode("{\"名\":\"幸福里社区服务中心").0.into_owned();
        for cut in 0..6 {
            assert_eq!(decoded(&gb[..gb.len() - cut]).1, "GB18030", "{cut}");
        }
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "一\n二三x";
        let at = text.len() - 1;
        for (bytes, byte) in [
            (text.as_bytes().to_vec(), 10),
            (["\u{feff}", text].concat().into_bytes(), 13),
            (GB18030.encode(text).0.into_owned(), 7),
        ] {
            let file = opened(&bytes);
            let place = decode(&file, None).expect("decodes").place(at).en;
            assert_eq!(place, format!("byte {byte} (line 2, column 3)"));
        }
    }

    #[test]
    fn the_encoding_the_user_names_is_proved() {
        let mut file = opened("[\"幸福里\"]".as_bytes());
        for (label, outcome) in
            [("UTF8", true), ("65001", true), ("gbk2312x", false), ("latin-99", false)]
        {
            file.encoding = Some(label.into());
            assert_eq!(decode(&file, None).is_ok(), outcome, "{label}");
        }
        file.bytes = GB18030.encode("幸福里").0.into_owned();
        file.encoding = Some("CP936".into());
        assert_eq!(&*decode(&file, None).expect("decodes").bytes, "幸福里".as_bytes());
    }
}
