//! The names by which users, `.cpg` files and language bytes call an encoding.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8};

/// The encoding a name stands for, in any spelling: `UTF8`, `65001`, `CP936`, `ANSI 936`, `GB2312`.
///
/// GB18030 stands for GBK and GB2312 too, which it contains. Encodings in which ASCII text is not
/// ASCII cannot be those of a table and are not known here.
pub fn encoding_named(label: &str) -> Option<&'static Encoding> {
    let label = label.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
    let joined: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let number = joined.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let word = &joined[..joined.len() - number.len()];
    let page = matches!(word, "" | "cp" | "ansi" | "oem" | "ms" | "windows" | "win" | "ibm" | "x");
    let found = match (word, number) {
        ("gb" | "gbk" | "euccn" | "xgbk" | "gbeuc", "" | "18030" | "2312" | "231280") => GB18030,
        ("utf", "8") => UTF_8,
        ("big", "5" | "5hkscs") => BIG5,
        _ if page => code_page(number)?,
        _ => Encoding::for_label(label.replace(' ', "-").as_bytes())?,
    };
    let found = if found == GBK { GB18030 } else { found };
    found.is_ascii_compatible().then_some(found)
}

fn code_page(number: &str) -> Option<&'static Encoding> {
    let label = match number {
        "65001" => return Some(UTF_8),
        "936" | "20936" | "51936" | "54936" => return Some(GB18030),
        "950" => return Some(BIG5),
        "932" => return Some(SHIFT_JIS),
        "949" => return Some(EUC_KR),
        "866" => "ibm866".to_owned(),
        // ESRI writes `88591` for ISO 8859-1; Windows numbers the same set 28591.
        _ => match number.strip_prefix("8859").or_else(|| number.strip_prefix("2859")) {
            Some(part) if !part.is_empty() => format!("iso-8859-{part}"),
            _ => format!("windows-{number}"),
        },
    };
    Encoding::for_label(label.as_bytes())
}

/// An encoding's name as users write it.
pub fn name_of(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 { "GB18030" } else { encoding.name() }
}

/// The encoding a table's language byte stands for.
///
/// Only the Chinese ones are believed: 0x57 is written beside any encoding, and so are the
/// Western ones.
pub fn of_language_byte(byte: u8) -> Option<&'static Encoding> {
    match byte {
        0x4D | 0x7A => Some(GB18030),
        0x4F | 0x78 => Some(BIG5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;

    #[test]
    fn an_encoding_is_known_by_every_name_it_goes_by() {
        for (encoding, labels) in [
            (
                UTF_8,
                &["UTF-8", "utf8", "UTF_8", " UTF-8\r\n", "65001", "cp65001", "\u{feff}UTF-8"][..],
            ),
            (
                GB18030,
                &[
                    "936",
                    "CP936",
                    "cp-936",
                    "GBK",
                    "gb2312",
                    "GB 2312",
                    "GB2312-80",
                    "GB18030",
                    "GB-18030",
                    "ANSI 936",
                    "OEM 936",
                    "ANSI936",
                    "windows-936",
                    "54936",
                    "x-gbk",
                    "EUC-CN",
                    "MS936",
                ],
            ),
            (BIG5, &["Big5", "BIG-5", "950", "CP950", "ANSI 950", "big5-hkscs"]),
            (
                WINDOWS_1252,
                &[
                    "windows-1252",
                    "1252",
                    "ANSI 1252",
                    "ISO-8859-1",
                    "88591",
                    "ISO 8859-1",
                    "latin1",
                ],
            ),
            (SHIFT_JIS, &["932", "Shift_JIS", "sjis"]),
        ] {
            for label in labels {
                assert_eq!(encoding_named(label), Some(encoding), "{label}");
            }
        }
    }

    #[test]
    fn a_name_of_nothing_is_not_known() {
        for label in ["", "?", "UTF-16", "UTF-7", "1200", "437", "中文", "LDID/77", "windows", "cp"]
        {
            assert_eq!(encoding_named(label), None, "{label}");
        }
    }
}
