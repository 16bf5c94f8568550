//! Parts of an estate as names write them: 一期, A区, 东区, 三组团, 2#地块, 1-10幢.
//!
//! A part is a set of marks (numbers, letters, directions) on an axis; 一、二期 is {1, 2} on the
//! axis of periods. Sets tell what a comparison of texts cannot: 一期 is inside 一、二期, and 1-10幢
//! and 11-20幢 have nothing in common.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::lexicon::{Marker, lexicon};
use super::numerals::{chinese_tail, digit, roman};

/// What parts are parts of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Built one after another: 期, 批次.
    Period,
    /// Side by side: 区, 东苑.
    Zone,
    /// Within a zone: 组团.
    Cluster,
    /// Plots of land: 地块.
    Plot,
    /// Lots of a building contract: 标段.
    Lot,
    /// Buildings: 幢, 栋, 号楼, 座.
    Building,
    /// Entrances: 单元.
    Unit,
    /// Storeys: 层, 楼.
    Floor,
    /// Rooms: 室.
    Room,
}

/// Which of the parts on one axis.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// By number: 二 and II are 2.
    Number(u32),
    /// By letter, direction or code: `a`, 东, `2019-15`.
    Text(String),
}

/// The parts a name states; none for the whole.
pub type Parts = BTreeMap<Axis, BTreeSet<Mark>>;

/// How the parts of two names stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Same,
    AWider,
    BWider,
    Overlap,
    /// 一期 and 一区: the same mark by another word.
    OtherWord,
    /// 一期 and A区: they may overlap or not.
    Unlike,
    Different,
}

pub(super) fn standing(a: &Parts, b: &Parts) -> Standing {
    if a == b {
        return Standing::Same;
    }
    let shared: Vec<&Axis> = a.keys().filter(|axis| b.contains_key(axis)).collect();
    if shared.iter().any(|axis| a[axis].is_disjoint(&b[axis])) {
        return Standing::Different;
    }
    let holds = |wide: &Parts, narrow: &Parts| {
        wide.iter().all(|(axis, marks)| narrow.get(axis).is_some_and(|part| part.is_subset(marks)))
    };
    match (holds(a, b), holds(b, a)) {
        (true, _) => Standing::AWider,
        (_, true) => Standing::BWider,
        _ if !shared.is_empty() => Standing::Overlap,
        _ if a.values().eq(b.values()) && estate_wide(a) && estate_wide(b) => Standing::OtherWord,
        _ => Standing::Unlike,
    }
}

/// Whether all parts are such as one speaks of by several words; a building is no period.
fn estate_wide(parts: &Parts) -> bool {
    parts.keys().all(|axis| *axis < Axis::Building)
}

/// The parts as text: `一期` is `1期`.
pub(super) fn text(parts: &Parts) -> String {
    let mut text = String::new();
    for (axis, marks) in parts {
        let word = match axis {
            Axis::Period => "期",
            Axis::Zone => "区",
            Axis::Cluster => "组团",
            Axis::Plot => "地块",
            Axis::Lot => "标段",
            Axis::Building => "幢",
            Axis::Unit => "单元",
            Axis::Floor => "层",
            Axis::Room => "室",
        };
        let shown = |mark: &Mark| match mark {
            Mark::Number(number) => number.to_string(),
            Mark::Text(text) => text.to_uppercase(),
        };
        let numbers: Option<Vec<u32>> = marks
            .iter()
            .map(|mark| if let Mark::Number(number) = mark { Some(*number) } else { None })
            .collect();
        match numbers.as_deref() {
            Some([first, .., last]) if (last - first) as usize + 1 == marks.len() => {
                text.push_str(&format!("{first}-{last}"));
            }
            _ => text.push_str(&marks.iter().map(shown).collect::<Vec<_>>().join("、")),
        }
        text.push_str(word);
    }
    text
}

/// How much of a name must be left when a part is taken off.
const LEAST_STEM: usize = 2;

/// Takes the part at the end of a name off, when there is one and enough is left.
pub(super) fn peel(name: &mut Vec<char>, least: usize) -> Option<(Axis, BTreeSet<Mark>)> {
    for marker in lexicon().markers.iter().filter(|marker| name.ends_with(&marker.word)) {
        let end = name.len() - marker.word.len();
        if let Some((start, marks)) = list(&name[..end], marker, least) {
            name.truncate(start);
            return Some((marker.axis, marks));
        }
    }
    None
}

/// A number at the end with no word after it: 幸福里2, 幸福里II.
pub(super) fn peel_bare(name: &mut Vec<char>) -> Option<(Axis, BTreeSet<Mark>)> {
    let run = name.iter().rev().take_while(|c| c.is_ascii_alphanumeric()).count();
    let start = name.len() - run;
    let own = &name[start..];
    let number = match own {
        [] => None,
        own if own.iter().all(char::is_ascii_digit) && run <= 2 => number(own),
        own if run >= 2 => roman(own),
        _ => None,
    };
    let number = number.filter(|value| {
        (1..=20).contains(value) && start >= LEAST_STEM && name[start - 1] != '第'
    })?;
    name.truncate(start);
    Some((Axis::Period, BTreeSet::from([Mark::Number(number)])))
}

/// Takes a period out of the middle of a name: 万科城二期翡翠湾 is a part of 万科城翡翠湾.
pub(super) fn cut_period(name: &mut Vec<char>) -> Option<BTreeSet<Mark>> {
    let marker = lexicon().markers.iter().find(|marker| marker.word == ['期'])?;
    for at in (0..name.len()).rev().filter(|at| name[*at] == '期') {
        if let Some((start, marks)) = list(&name[..at], marker, LEAST_STEM) {
            name.drain(start..=at);
            return Some(marks);
        }
    }
    None
}

/// All that a part in brackets or at an end names, when it is nothing but parts.
pub(super) fn only_parts(text: &str) -> Option<Parts> {
    let mut name: Vec<char> = text.chars().collect();
    let mut parts = Parts::new();
    while !name.is_empty() {
        let (axis, marks) = peel(&mut name, 0)?;
        parts.entry(axis).or_default().extend(marks);
        trim(&mut name);
    }
    Some(parts).filter(|parts| !parts.is_empty())
}

/// Takes separators off the end.
pub(super) fn trim(name: &mut Vec<char>) {
    while name.last().is_some_and(|c| matches!(c, '-' | '、' | ',' | '/' | ':' | '&' | '+')) {
        name.pop();
    }
}

/// The marks of a list that ends here, and where it begins: 1-3, 一、二, 1#-10#, 一期、二.
fn list(name: &[char], marker: &Marker, least: usize) -> Option<(usize, BTreeSet<Mark>)> {
    let (mut start, last) = item(name, marker)?;
    let mut marks = BTreeSet::from([last.clone()]);
    let mut newest = last;
    let enough = |start: usize| start >= least || (start == 0 && least == 0);
    while let Some((before, mark, through)) = further(&name[..start], marker, &newest) {
        if !enough(before) || marks.len() > 300 {
            break;
        }
        if let (true, Mark::Number(low), Mark::Number(high)) = (through, &mark, &newest) {
            marks.extend((*low..=*high).take(300).map(Mark::Number));
        }
        marks.insert(mark.clone());
        (start, newest) = (before, mark);
    }
    enough(start).then_some((start, marks))
}

/// One more item of a list before the ones known, and whether it reaches through to them.
fn further(name: &[char], marker: &Marker, next: &Mark) -> Option<(usize, Mark, bool)> {
    let bare = without_marker(name, marker);
    if bare.len() < name.len() {
        // 一期二期
        if let Some((start, mark)) = item(bare, marker) {
            return Some((start, mark, false));
        }
    }
    let (separator, rest) = name.split_last()?;
    let through = matches!(separator, '-' | '至' | '到');
    if through || matches!(separator, '、' | ',' | '及' | '&' | '+' | '/') {
        let (start, mark) = item(without_marker(rest, marker), marker)?;
        let upward = !through || mark < *next;
        return upward.then_some((start, mark, through));
    }
    if matches!(separator, '和' | '与') {
        let bare = without_marker(rest, marker);
        let (start, mark) = item(bare, marker).filter(|_| bare.len() < rest.len())?;
        return Some((start, mark, false));
    }
    // 一二期: two digits in a row, of which the first is the one before the second.
    let value = digit(*separator)?;
    (*next == Mark::Number(value + 1) && value > 0 && value < 9)
        .then(|| (after_ordinal(rest), Mark::Number(value), false))
}

fn without_marker<'n>(name: &'n [char], marker: &Marker) -> &'n [char] {
    let own = name.strip_suffix(marker.word.as_slice());
    let loose = || match marker.axis {
        Axis::Building | Axis::Plot | Axis::Lot => {
            name.strip_suffix(&['#']).or_else(|| name.strip_suffix(&['号']))
        }
        _ => None,
    };
    own.or_else(loose).unwrap_or(name)
}

/// Where a name ends once 第 is taken off.
fn after_ordinal(name: &[char]) -> usize {
    if name.last() == Some(&'第') { name.len() - 1 } else { name.len() }
}

/// The mark at the end, and where it begins.
fn item(name: &[char], marker: &Marker) -> Option<(usize, Mark)> {
    if marker.directions {
        for length in [2, 1].into_iter().filter(|length| *length <= name.len()) {
            let start = name.len() - length;
            let text: String = name[start..].iter().collect();
            if lexicon().directions.contains(&text) {
                return Some((start, Mark::Text(text)));
            }
        }
    }
    if marker.numbers
        && let Some((start, value)) = chinese_tail(name)
    {
        return Some((after_ordinal(&name[..start]), Mark::Number(value)));
    }
    let plot = marker.axis == Axis::Plot;
    let of_run = |c: &&char| c.is_ascii_alphanumeric() || (plot && **c == '-');
    let run = name.iter().rev().take_while(of_run).count();
    let start = name.len() - run;
    let own = &name[start..];
    let (start, mark) = code(start, own, marker)?;
    Some((after_ordinal(&name[..start]), mark))
}

/// A mark of letters and digits.
fn code(start: usize, own: &[char], marker: &Marker) -> Option<(usize, Mark)> {
    let plot = marker.axis == Axis::Plot;
    let digits = own.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let short = |count: usize| count <= if marker.axis == Axis::Room { 5 } else { 3 };
    if own.is_empty() || own[0] == '-' {
        return None;
    }
    if digits == own.len() {
        let number = number(own).filter(|_| marker.numbers && (plot || short(digits)))?;
        return Some((start, Mark::Number(number)));
    }
    if !plot
        && digits == 0
        && let Some(value) = roman(own)
        && (marker.axis == Axis::Period || own.len() > 1 || own == ['i'])
    {
        return marker.numbers.then_some((start, Mark::Number(value)));
    }
    if marker.letters && (plot || own.len() <= 3) {
        return Some((start, Mark::Text(own.iter().collect())));
    }
    // soho3期, sohoii期
    if digits > 0 && short(digits) {
        let at = own.len() - digits;
        return number(&own[at..]).map(|value| (start + at, Mark::Number(value)));
    }
    let letters = own.iter().rev().take_while(|c| matches!(c, 'i' | 'v' | 'x')).count();
    let at = own.len() - letters;
    let value = roman(&own[at..]).filter(|_| letters > 1 && marker.numbers)?;
    Some((start + at, Mark::Number(value)))
}

fn number(digits: &[char]) -> Option<u32> {
    digits.iter().collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        only_parts(text).map(|parts| super::text(&parts))
    }

    #[test]
    fn a_number_is_one_number_however_it_is_written() {
        for text in ["十二期", "12期", "第12期", "xii期", "第十二期"] {
            assert_eq!(read(text).as_deref(), Some("12期"), "{text}");
        }
    }

    #[test]
    fn lists_and_ranges_are_sets() {
        for text in ["1-3期", "一、二、三期", "一二三期", "一期至三期", "一期、二期、三期", "1~3期"]
        {
            let folded = super::super::fold::fold(text);
            assert_eq!(read(&folded).as_deref(), Some("1-3期"), "{text}");
        }
        for text in ["1-10幢", "1幢-10幢", "1#-10#楼", "1-10号楼", "1号至10号楼"] {
            assert_eq!(read(text).as_deref(), Some("1-10幢"), "{text}");
        }
        assert_eq!(read("一期和三期").as_deref(), Some("1、3期"));
    }

    #[test]
    fn zones_plots_and_lots_have_letters_and_directions() {
        assert_eq!(read("a区").as_deref(), Some("A区"));
        assert_eq!(read("东南区").as_deref(), Some("东南区"));
        assert_eq!(read("南苑").as_deref(), Some("南区"));
        assert_eq!(read("三组团").as_deref(), Some("3组团"));
        assert_eq!(read("2#地块").as_deref(), Some("2地块"));
        assert_eq!(read("2019-15号地块").as_deref(), Some("2019-15地块"));
        assert_eq!(read("一标段").as_deref(), Some("1标段"));
        assert_eq!(read("二期a区").as_deref(), Some("2期A区"));
    }

    #[test]
    fn sets_tell_the_whole_from_its_part() {
        let parts = |text: &str| only_parts(text).expect("parts");
        assert_eq!(standing(&parts("1-3期"), &parts("二期")), Standing::AWider);
        assert_eq!(standing(&parts("二期a区"), &parts("二期")), Standing::BWider);
        assert_eq!(standing(&parts("1-10幢"), &parts("11-20幢")), Standing::Different);
        assert_eq!(standing(&parts("1-10幢"), &parts("5-20幢")), Standing::Overlap);
        assert_eq!(standing(&parts("一期"), &parts("一区")), Standing::OtherWord);
        assert_eq!(standing(&parts("一期"), &parts("a区")), Standing::Unlike);
        assert_eq!(standing(&parts("一期"), &parts("1号楼")), Standing::Unlike);
    }
}
