//! Text that was decoded by the wrong rule, before it is taken for names.

use encoding_rs::GBK;

/// What is wrong with a text, in Chinese and English; none of sound text.
pub fn garbled(text: &str) -> Option<(&'static str, &'static str)> {
    if text.is_ascii() && !text.contains('\0') {
        return None;
    }
    if text.contains('\0') {
        return Some(("文字中夹有空字节", "there are zero bytes within the text"));
    }
    let (mut all, mut odd) = (0, 0);
    for character in text.chars() {
        all += 1;
        // Rare names do use characters of private use, one at a time.
        odd += usize::from(matches!(character, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}'));
    }
    if odd >= 2 && odd * 3 >= all {
        return Some(("文字是乱码", "most of the text could not be decoded"));
    }
    is_gbk_as_latin(text).then_some((
        "中文被当作西文解码",
        "Chinese text was decoded as if it were Western European",
    ))
}

/// Whether a text is Chinese in GBK, each byte of which became a letter of its own: `ÐÒ¸£Àï`.
fn is_gbk_as_latin(text: &str) -> bool {
    let Some(bytes) = text.chars().map(|one| u8::try_from(one).ok()).collect::<Option<Vec<u8>>>()
    else {
        return false;
    };
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    if high < 4 {
        return false;
    }
    let Some(read) = GBK.decode_without_bom_handling_and_without_replacement(&bytes) else {
        return false;
    };
    let chinese = read.chars().filter(|one| ('\u{4E00}'..='\u{9FFF}').contains(one)).count();
    // Nearly all of what is not ASCII must be made of Chinese characters.
    chinese >= 2 && chinese * 4 >= high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_lost_its_decoding_is_told() {
        for text in
            ["幸\0福\0里", "\u{FFFD}\u{FFFD}里", "\u{E5E5}\u{E5E6}\u{E5E7}", "ÐÒ¸£Àï", "A1¶° ÉçÇø"]
        {
            assert!(garbled(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn sound_text_is_left_alone() {
        for text in [
            "幸福里",
            "",
            "A-1",
            "张\u{E863}",
            "281.98㎡",
            "café",
            "±0.5",
            "Ø100",
            "幸福\u{FFFD}里小区",
            "½¼",
        ] {
            assert_eq!(garbled(text), None, "{text:?}");
        }
    }
}
