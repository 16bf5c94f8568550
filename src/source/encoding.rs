//! Bytes become text: by byte-order mark, else as strict UTF-8, else as strict GB18030.
//!
//! Nothing is decoded lossily. GB18030 is a superset of GBK and GB2312, so one test serves all
//! three; text in other encodings fails both strict tests in practice and is refused.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Text, with the encoding and the reason for it.
#[derive(Debug)]
pub struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub encoding: &'static str,
}

/// Decodes a text file, or gives the number (from 1) and raw bytes of the first line that no
/// encoding fits.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, (usize, String)> {
    let marked: [(&[u8], &'static Encoding, &'static str); 3] = [
        (&[0xEF, 0xBB, 0xBF], UTF_8, "UTF-8 (BOM)"),
        (&[0xFF, 0xFE], UTF_16LE, "UTF-16LE (BOM)"),
        (&[0xFE, 0xFF], UTF_16BE, "UTF-16BE (BOM)"),
    ];
    let candidates = match marked.iter().find(|(mark, ..)| bytes.starts_with(mark)) {
        Some((mark, encoding, name)) => vec![(&bytes[mark.len()..], *encoding, *name)],
        None => vec![(bytes, UTF_8, "UTF-8"), (bytes, GB18030, "GB18030")],
    };
    for (body, encoding, name) in &candidates {
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(body) {
            return Ok(Decoded { text, encoding: name });
        }
    }
    let (body, encoding, _) = candidates.last().expect("there is always a candidate");
    Err(first_bad_line(body, encoding))
}

fn first_bad_line(bytes: &[u8], encoding: &'static Encoding) -> (usize, String) {
    let mut lines = bytes.split(|&byte| byte == b'\n').enumerate();
    let bad = lines.find(|(_, line)| {
        encoding.decode_without_bom_handling_and_without_replacement(line).is_none()
    });
    let (index, line) = bad.unwrap_or((0, bytes));
    let shown: Vec<String> = line.iter().take(24).map(|byte| format!("{byte:02X}")).collect();
    (index + 1, shown.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_recognised_by_proof() {
        let text = "社区,面积\n幸福里,１２０\n";
        let (gb, _, _) = GB18030.encode(text);
        let mut utf16 = vec![0xFF, 0xFE];
        utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let marked = [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat();
        for (bytes, name) in [
            (text.as_bytes(), "UTF-8"),
            (&marked, "UTF-8 (BOM)"),
            (&gb, "GB18030"),
            (&utf16, "UTF-16LE (BOM)"),
        ] {
            let decoded = decode(bytes).expect("decodes");
            assert_eq!((decoded.text.as_ref(), decoded.encoding), (text, name));
        }
    }

    #[test]
    fn bytes_of_no_encoding_are_shown_with_their_line() {
        let (line, sample) = decode(b"a,b\nc,\xFF\xFF\n").expect_err("no encoding fits");
        assert_eq!((line, sample.as_str()), (2, "63 2C FF FF"));
    }
}
