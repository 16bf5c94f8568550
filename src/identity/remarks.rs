//! What names say in brackets, and the other names they list: （暂定名）, （原胜利小区）, 曾用名胜利小区.

use super::lexicon::{Ending, lexicon};
use super::names::Kind;

/// The text outside brackets, and the texts in them; a bracket that is never closed ends the name.
pub(super) fn without_brackets(text: &str) -> (String, Vec<String>) {
    let (mut outer, mut inner, mut all) = (String::new(), String::new(), Vec::new());
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' => {
                depth += 1;
                if depth > 1 && !inner.is_empty() {
                    all.push(std::mem::take(&mut inner));
                }
            }
            ')' if depth > 0 => {
                depth -= 1;
                if !inner.is_empty() {
                    all.push(std::mem::take(&mut inner));
                }
            }
            ')' => {}
            c if depth > 0 => inner.push(c),
            c => outer.push(c),
        }
    }
    if !inner.is_empty() {
        all.push(inner);
    }
    (outer, all)
}

/// The names of a list.
pub(super) fn listed(text: &str) -> impl Iterator<Item = String> {
    let names = text.split(['、', ',', '/']);
    names
        .map(|name| name.trim_start_matches([':', '为', '是']).to_owned())
        .filter(|n| !n.is_empty())
}

/// The other names a remark lists, when it is of that sort.
pub(super) fn former_in_brackets(inner: &str) -> Option<Vec<String>> {
    let lexicon = lexicon();
    let words = lexicon.former_anywhere.iter().chain(&lexicon.former_in_brackets);
    let rests = words.filter_map(|word| inner.strip_prefix(word.as_str()));
    let rest = rests.min_by_key(|rest| rest.len())?;
    let names: Vec<String> = listed(rest).collect();
    let empty = names.is_empty() || lexicon.empty_remarks.contains(inner);
    let is_name = !empty && names.iter().all(|name| name.chars().count() >= 2);
    is_name.then_some(names)
}

/// Where a text outside brackets goes over to another name, and how long the word for it is.
pub(super) fn former_anywhere(outer: &str) -> Option<(usize, usize)> {
    let words = lexicon().former_anywhere.iter();
    let found = words.filter_map(|word| Some((outer.find(word.as_str())?, word.len())));
    found
        .filter(|(at, length)| {
            outer[..*at].chars().count() >= 2 && outer[at + length..].chars().count() >= 2
        })
        .min()
}

/// The kind a remark is nothing but.
pub(super) fn kind_called(inner: &str) -> Option<Kind> {
    let word: Vec<char> = inner.chars().collect();
    lexicon().endings.iter().find_map(|(known, ending)| match ending {
        Ending::Kind(kind) if *known == word => Some(kind.clone()),
        _ => None,
    })
}
