//! The administrative words names begin with: 山东省济南市历下区.
//!
//! A word such as 市 or 区 is often part of a proper name (万科城市花园, 生活区三号院); which characters
//! never stand before an administrative one is data.

use super::lexicon::{PlaceLevel, lexicon};

/// Where a name may begin, after each administrative word, and these words.
pub(super) fn places(text: &str) -> (Vec<usize>, Vec<String>) {
    let (mut cuts, mut found) = (vec![0], Vec::new());
    for level in &lexicon().places {
        let at = *cuts.last().expect("the first is there");
        if let Some(length) = place(&text[at..], level, at > 0) {
            found.push(text[at..at + length].to_owned());
            cuts.push(at + length);
        }
    }
    (cuts, found)
}

/// The length of the place of one level that a text begins with.
fn place(text: &str, level: &PlaceLevel, inside_another: bool) -> Option<usize> {
    let ends = text.char_indices().skip(1).map(|(at, _)| at).take(level.longest);
    for (count, at) in ends.enumerate() {
        let before = &text[..at];
        let last = before.chars().next_back()?;
        let Some(word) = level
            .words
            .iter()
            .filter(|word| text[at..].starts_with(word.as_str()))
            .max_by_key(|word| word.len())
        else {
            continue;
        };
        let known = level.but.iter().any(|place| place == before);
        // 历下区 stands alone; 县 and 区 of one character only inside a city.
        let long_enough = count > 0 || inside_another;
        let barred = if inside_another { "小社" } else { level.never_after.as_str() };
        let whole = text.len() == at + word.len();
        if known || (long_enough && !whole && !barred.contains(last)) {
            return Some(at + word.len());
        }
    }
    None
}
