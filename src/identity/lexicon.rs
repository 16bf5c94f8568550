//! The words names are made of, read once from `lexicon.toml`.
//!
//! Which words are generic (小区, 居委会), which make a part of an estate (期, 组团), which stand
//! before a former name (原名): all of it is data, so that a word met in a new ledger is one more
//! entry in a list.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::names::Kind;
use super::parts::Axis;

/// What a generic word at the end of a name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// What kind of thing it is.
    Kind(Kind),
    /// A suffix with a sound of its own.
    Flavour,
}

/// A word that makes what stands before it a part.
#[derive(Debug)]
pub(super) struct Marker {
    pub word: Vec<char>,
    pub axis: Axis,
    pub numbers: bool,
    pub letters: bool,
    pub directions: bool,
}

/// Administrative words of one level.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceLevel {
    pub words: Vec<String>,
    pub longest: usize,
    pub never_after: String,
    #[serde(default)]
    pub but: Vec<String>,
}

/// All lists, ready for use; words are sorted longest first.
pub(super) struct Lexicon {
    pub variants: HashMap<char, char>,
    pub endings: Vec<(Vec<char>, Ending)>,
    pub markers: Vec<Marker>,
    pub directions: BTreeSet<String>,
    pub places: Vec<PlaceLevel>,
    pub former_anywhere: Vec<String>,
    pub former_in_brackets: Vec<String>,
    pub empty_remarks: HashSet<String>,
    pub company: Vec<String>,
    contrasts: Vec<HashSet<char>>,
    words: HashSet<String>,
}

impl Lexicon {
    /// Whether two characters tell two things apart where they stand for each other.
    pub fn contrast(&self, a: char, b: char) -> bool {
        self.contrasts.iter().any(|group| group.contains(&a) && group.contains(&b))
    }

    /// Whether a character belongs to some contrast.
    pub fn is_contrast(&self, c: char) -> bool {
        self.contrasts.iter().any(|group| group.contains(&c))
    }

    /// Whether 镇 or 乡 after a character is part of a proper name.
    pub fn never_a_town(&self, before: char) -> bool {
        self.places.last().is_some_and(|level| level.never_after.contains(before))
    }

    /// Whether a text is nothing but a generic word.
    pub fn is_word(&self, text: &str) -> bool {
        self.words.contains(text)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    variants: Vec<String>,
    contrasts: Vec<String>,
    company: Vec<String>,
    kinds: BTreeMap<String, Vec<String>>,
    facilities: BTreeMap<String, Vec<String>>,
    flavours: List,
    part: Vec<PartWords>,
    directions: List,
    former: Former,
    place: Vec<PlaceLevel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartWords {
    axis: Axis,
    words: Vec<String>,
    #[serde(default)]
    numbers: bool,
    #[serde(default)]
    letters: bool,
    #[serde(default)]
    directions: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Former {
    anywhere: Vec<String>,
    in_brackets: Vec<String>,
    empty_remarks: Vec<String>,
}

/// The lists of this program.
pub(super) fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| ready(file()))
}

fn file() -> File {
    toml::from_str(include_str!("lexicon.toml"))
        .expect("the lexicon is part of the program and tested")
}

fn ready(file: File) -> Lexicon {
    let mut endings = Vec::new();
    for (name, words) in file.kinds {
        let kind = match name.as_str() {
            "estate" => Kind::Estate,
            "community" => Kind::Community,
            "village" => Kind::Village,
            "street" => Kind::Street,
            "town" => Kind::Town,
            other => unreachable!("no kind {other}: the lexicon is part of the program and tested"),
        };
        endings.extend(words.into_iter().map(|word| (word, Ending::Kind(kind.clone()))));
    }
    for (group, words) in file.facilities {
        let kind = Kind::Facility(group);
        endings.extend(words.into_iter().map(|word| (word, Ending::Kind(kind.clone()))));
    }
    endings.extend(file.flavours.words.into_iter().map(|word| (word, Ending::Flavour)));
    let words = endings.iter().map(|(word, _)| word.clone()).collect();
    let mut endings: Vec<(Vec<char>, Ending)> =
        endings.into_iter().map(|(word, ending)| (word.chars().collect(), ending)).collect();
    endings.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    let mut markers: Vec<Marker> = Vec::new();
    for part in file.part {
        markers.extend(part.words.iter().map(|word| Marker {
            word: word.chars().collect(),
            axis: part.axis,
            numbers: part.numbers,
            letters: part.letters,
            directions: part.directions,
        }));
    }
    markers.sort_by_key(|marker| std::cmp::Reverse(marker.word.len()));
    let pair = |pair: &String| {
        let mut chars = pair.chars();
        chars.next().zip(chars.next()).expect("a variant is two characters, which is tested")
    };
    Lexicon {
        variants: file.variants.iter().map(pair).collect(),
        endings,
        markers,
        directions: file.directions.words.into_iter().collect(),
        places: file.place,
        former_anywhere: file.former.anywhere,
        former_in_brackets: file.former.in_brackets,
        empty_remarks: file.former.empty_remarks.into_iter().collect(),
        company: file.company,
        contrasts: file.contrasts.iter().map(|group| group.chars().collect()).collect(),
        words,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn every_word_is_in_folded_form_and_stands_once() {
        let file = file();
        let mut endings: Vec<&String> = Vec::new();
        endings.extend(file.kinds.values().flatten());
        endings.extend(file.facilities.values().flatten());
        endings.extend(&file.flavours.words);
        let mut all = endings.clone();
        all.extend(file.part.iter().flat_map(|part| &part.words));
        all.extend(&file.directions.words);
        all.extend(file.former.anywhere.iter().chain(&file.former.in_brackets));
        all.extend(file.former.empty_remarks.iter().chain(&file.company));
        all.extend(file.place.iter().flat_map(|level| level.words.iter().chain(&level.but)));
        for word in all {
            assert_eq!(&fold(word), word);
        }
        let mut seen = HashSet::new();
        for word in endings {
            assert!(seen.insert(word), "{word} stands in two lists");
        }
    }

    #[test]
    fn a_variant_is_two_characters_and_leads_to_a_form_that_stays() {
        let file = file();
        let lexicon = lexicon();
        for pair in &file.variants {
            assert_eq!(pair.chars().count(), 2, "{pair}");
            let to = pair.chars().nth(1).expect("two");
            assert!(!lexicon.variants.contains_key(&to), "{pair} leads on");
        }
    }
}
