//! The form in which names are compared.
//!
//! `幸福里 (１期)`, `幸福里（1期）` and `幸福里【1期】` are one text: compatibility forms, white space,
//! brackets, dashes, quotation marks, case and true variants of characters are folded.

use unicode_normalization::UnicodeNormalization;

use super::lexicon::lexicon;

/// A name as it is compared.
pub(super) fn fold(text: &str) -> String {
    let roman_kept: String = text.chars().flat_map(roman).collect();
    let folded = roman_kept.nfkc().flat_map(char::to_lowercase).filter_map(one);
    let variants = &lexicon().variants;
    folded.map(|c| variants.get(&c).copied().unwrap_or(c)).collect()
}

/// A Roman numeral of one character is a number beyond doubt, which its letters are not.
fn roman(c: char) -> impl Iterator<Item = char> {
    let number = match c {
        'Ⅰ'..='Ⅻ' => c as u32 - 'Ⅰ' as u32 + 1,
        'ⅰ'..='ⅻ' => c as u32 - 'ⅰ' as u32 + 1,
        _ => 0,
    };
    let tens = char::from_digit(number / 10, 10).filter(|_| number >= 10);
    let ones = char::from_digit(number % 10, 10).filter(|_| number > 0);
    let other = (number == 0).then_some(c);
    [tens, ones, other].into_iter().flatten()
}

fn one(c: char) -> Option<char> {
    match c {
        c if c.is_whitespace() || c.is_control() => None,
        '\u{feff}' | '\u{200b}'..='\u{200f}' => None,
        '\'' | '"' | '“' | '”' | '‘' | '’' | '`' => None,
        '·' | '•' | '・' | '‧' | '∙' | '.' | '。' | '*' => None,
        '[' | '{' | '【' | '〔' | '〖' | '《' | '〈' | '「' | '『' | '<' => Some('('),
        ']' | '}' | '】' | '〕' | '〗' | '》' | '〉' | '」' | '』' | '>' => Some(')'),
        '~' | '〜' | '–' | '—' | '―' | '−' | '‐' | '‑' | '_' => Some('-'),
        '，' => Some(','),
        '；' | ';' => Some('、'),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_typed_in_several_ways_is_one_text() {
        for text in ["幸福里(1期)", "幸福里 （１期）", "'幸福里【1期】\u{a0}", "幸福里（Ⅰ期）"]
        {
            assert_eq!(fold(text), "幸福里(1期)", "{text}");
        }
        assert_eq!(fold("萬達·廣場Ａ棟"), "万达广场a栋");
        assert_eq!(fold("Ⅻ期"), "12期");
    }
}
