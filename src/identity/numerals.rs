//! Numbers as names write them: 12, 十二, XII, 二七.

/// The value of a Chinese digit.
pub(super) fn digit(c: char) -> Option<u32> {
    "零一二三四五六七八九".chars().position(|known| known == c).map(|value| value as u32)
}

/// Whether a character is part of a number.
pub(super) fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || digit(c).is_some() || matches!(c, '十' | '百' | '千')
}

/// A well-formed Chinese number below 1,000; 八一一 is none.
pub(super) fn chinese(text: &[char]) -> Option<u32> {
    let one = |c: char| digit(c).filter(|value| *value > 0);
    match *text {
        [d] if d != '十' => one(d),
        ['十'] => Some(10),
        ['十', d] => Some(10 + one(d)?),
        [d, '十'] => Some(10 * one(d)?),
        [d, '十', e] => Some(10 * one(d)? + one(e)?),
        [d, '百'] => Some(100 * one(d)?),
        [d, '百', '零', e] => Some(100 * one(d)? + one(e)?),
        [d, '百', e, '十'] => Some(100 * one(d)? + 10 * one(e)?),
        [d, '百', e, '十', f] => Some(100 * one(d)? + 10 * one(e)? + one(f)?),
        _ => None,
    }
}

/// The number of the longest well-formed Chinese number at the end, and where it begins.
pub(super) fn chinese_tail(text: &[char]) -> Option<(usize, u32)> {
    (text.len().saturating_sub(5)..text.len())
        .find_map(|start| chinese(&text[start..]).map(|value| (start, value)))
}

/// A Roman number up to 39, in small letters.
pub(super) fn roman(text: &[char]) -> Option<u32> {
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let text: String = text.iter().collect();
    let ones = text.trim_start_matches('x');
    let tens = text.len() - ones.len();
    let ones = ONES.iter().position(|known| *known == ones)?;
    (tens <= 3 && !text.is_empty()).then_some((10 * tens + ones) as u32)
}

/// A text with `#` for each number in it, and the numbers: 一号院 and 1号院 are `#号院` and 1.
pub(super) fn skeleton(text: &str) -> (String, Vec<String>) {
    let chars: Vec<char> = text.chars().collect();
    let (mut skeleton, mut numbers) = (String::new(), Vec::new());
    let mut at = 0;
    while at < chars.len() {
        let arabic = chars[at].is_ascii_digit();
        let same = |c: &&char| is_numeral(**c) && c.is_ascii_digit() == arabic;
        let length = chars[at..].iter().take_while(same).count();
        if length == 0 {
            skeleton.push(chars[at]);
            at += 1;
            continue;
        }
        let run = &chars[at..at + length];
        skeleton.push('#');
        numbers.push(match chinese(run) {
            Some(value) => value.to_string(),
            None => {
                let text: String = run.iter().map(|c| as_digit(*c)).collect();
                let bare = text.trim_start_matches('0');
                if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }
            }
        });
        at += length;
    }
    (skeleton, numbers)
}

fn as_digit(c: char) -> char {
    digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn chinese_and_roman_numbers_are_read_where_they_are_well_formed() {
        assert_eq!(chinese(&chars("十二")), Some(12));
        assert_eq!(chinese(&chars("一百零一")), Some(101));
        assert_eq!(chinese(&chars("八一")), None);
        assert_eq!(chinese_tail(&chars("八一一")), Some((2, 1)));
        assert_eq!(roman(&chars("xii")), Some(12));
        assert_eq!(roman(&chars("iiii")), None);
        assert_eq!(roman(&[]), None);
    }

    #[test]
    fn a_skeleton_shows_where_numbers_stand_and_which() {
        assert_eq!(skeleton("和平路一号院"), skeleton("和平路1号院"));
        assert_eq!(skeleton("二七新村"), ("#新村".to_owned(), vec!["27".to_owned()]));
        assert_eq!(skeleton("一零一街坊").1, vec!["101"]);
        assert_eq!(skeleton("万象城").1, Vec::<String>::new());
    }
}
