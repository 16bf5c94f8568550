//! Ranges in one cell: of buildings, `1-10幢`, `1幢-10幢`, `1#、3#楼`; of days, `2020.1.1-2022.12.31`.

use crate::day::PartialDay;

use super::cell::folded;
use super::date::{date, is_date};

/// More buildings than this in one cell are a mistake.
const MOST: u32 = 200;

const BUILDING: &[&str] = &["号楼", "#楼", "幢楼", "栋楼", "号", "#", "幢", "栋", "楼", "座"];

/// The numbers of the buildings that a cell names, if it names several.
pub fn buildings(text: &str) -> Option<Vec<String>> {
    let text = folded(text);
    let parts: Vec<&str> = text.split(['、', ',', '，', ';', '；', '及', '和']).collect();
    let mut numbers = Vec::new();
    for part in &parts {
        let bounds: Vec<&str> = part.split(['-', '~', '至', '—', '–', '～']).collect();
        match bounds.as_slice() {
            [one] => numbers.push(number(one)?),
            [first, last] => {
                let (first, last) = (number(first)?, number(last)?);
                let (first, last) = (first.parse::<u32>().ok()?, last.parse::<u32>().ok()?);
                if first >= last || last - first >= MOST {
                    return None;
                }
                numbers.extend((first..=last).map(|number| number.to_string()));
            }
            _ => return None,
        }
    }
    // A bare `1-2` may be a building's own number: a range says 幢, 栋 or 楼.
    let says_buildings = BUILDING.iter().any(|word| text.ends_with(word));
    (numbers.len() > 1 && says_buildings).then_some(numbers)
}

/// The number of one building: `3#楼` is 3.
fn number(text: &str) -> Option<String> {
    let text = BUILDING.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text);
    let digits = text.trim_start_matches('第');
    (!digits.is_empty() && digits.len() <= 4 && digits.chars().all(|c| c.is_ascii_digit()))
        .then(|| digits.trim_start_matches('0').to_owned())
        .filter(|digits| !digits.is_empty())
}

/// The first and the last day of a term: `2020.1.1-2022.12.31`, `2020年1月至2022年12月`.
pub fn days(text: &str) -> Option<(PartialDay, PartialDay)> {
    let text = folded(text);
    let cut = text.char_indices().filter(|(_, c)| "至到~-—–起".contains(*c));
    let read = |(at, c): (usize, char)| {
        let end = |side: &str| {
            let side = side.trim_matches(|c| "至到~-—–自从起止".contains(c));
            is_date(side).then(|| date(side, false)).flatten().map(|(day, _)| day)
        };
        let (first, last) = (end(&text[..at])?, end(&text[at + c.len_utf8()..])?);
        (first.first() <= last.last()).then_some((first, last))
    };
    cut.into_iter().find_map(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_has_its_first_and_last_day() {
        let ends =
            |text: &str| days(text).map(|(first, last)| (first.to_string(), last.to_string()));
        let both = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(ends("2020.1.1-2022.12.31"), both("2020-01-01", "2022-12-31"));
        assert_eq!(ends("2020-01-01 至 2022-12-31"), both("2020-01-01", "2022-12-31"));
        assert_eq!(ends("自2020年1月起至2022年12月止"), both("2020-01", "2022-12"));
        assert_eq!(ends("3年"), None);
        assert_eq!(ends("2022.12.31-2020.1.1"), None, "it ends before it begins");
    }

    #[test]
    fn ranges_and_lists_are_taken_apart() {
        let shown = |text: &str| buildings(text).map(|all| all.join(" "));
        assert_eq!(shown("1-3幢").as_deref(), Some("1 2 3"));
        assert_eq!(shown("1 幢-3 幢").as_deref(), Some("1 2 3"));
        assert_eq!(shown("1#、3#楼").as_deref(), Some("1 3"));
        assert_eq!(shown("1-2号楼、5号楼").as_deref(), Some("1 2 5"));
        for text in ["1幢", "1-2", "A座", "3-1幢", "1-999幢", "一期", "", "1-2-3幢"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
