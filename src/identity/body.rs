//! What is left of a name once places and brackets are gone, taken apart from its end inwards.
//!
//! `幸福里二期小区幼儿园` gives up 幼儿园, 小区 and 二期 in this order; what no list knows is the stem.

use super::lexicon::{Ending, lexicon};
use super::names::Kind;
use super::parts::{Axis, Parts, cut_period, only_parts, peel, peel_bare, trim};

/// A name without its places and brackets, from the end inwards.
pub(super) struct Body {
    pub stem: String,
    pub flavour: Option<String>,
    pub kind: Option<Kind>,
    pub generic: Vec<String>,
    pub parts: Parts,
}

impl Body {
    pub(super) fn of(text: &str) -> Body {
        let mut name: Vec<char> = text.chars().collect();
        let mut body = Body {
            stem: String::new(),
            flavour: None,
            kind: None,
            generic: Vec::new(),
            parts: Parts::new(),
        };
        loop {
            trim(&mut name);
            let part = peel(&mut name, 2);
            // 曹杨2村 and 第2社区 are whole names.
            let estate = matches!(body.kind, None | Some(Kind::Estate));
            let bare = || estate && body.parts.is_empty() && body.flavour.is_none();
            if let Some((axis, marks)) = part.or_else(|| bare().then(|| peel_bare(&mut name))?) {
                body.parts.entry(axis).or_default().extend(marks);
            } else if !body.take_ending(&mut name) {
                break;
            }
        }
        if let Some(marks) = cut_period(&mut name) {
            body.parts.entry(Axis::Period).or_default().extend(marks);
        }
        body.stem = name.iter().filter(|c| !is_separator(**c)).collect();
        if body.stem.is_empty() {
            body.stem = name.iter().collect();
        }
        body
    }

    /// Takes one generic word off the end.
    fn take_ending(&mut self, name: &mut Vec<char>) -> bool {
        let fits = |word: &[char], ending: &Ending| {
            let left = name.len().saturating_sub(word.len());
            let least = match ending {
                Ending::Kind(_) => 1,
                Ending::Flavour if self.flavour.is_some() => return false,
                Ending::Flavour => 2,
            };
            // 格林小镇 is no town.
            let town = *ending == Ending::Kind(Kind::Town) && word.len() == 1;
            let barred = || town && lexicon().never_a_town(name[left - 1]);
            left >= least && name.ends_with(word) && !barred()
        };
        let found = lexicon().endings.iter().find(|(word, ending)| fits(word, ending));
        let Some((word, ending)) = found else { return false };
        name.truncate(name.len() - word.len());
        let word: String = word.iter().collect();
        match ending {
            Ending::Flavour => self.flavour = Some(word),
            Ending::Kind(kind) => {
                self.generic.push(word);
                self.kind.get_or_insert_with(|| kind.clone());
            }
        }
        true
    }

    /// Whether what is left names anything.
    pub(super) fn is_a_name(&self) -> bool {
        let length = self.stem.chars().count();
        length >= 2 && !lexicon().is_word(&self.stem) && only_parts(&self.stem).is_none()
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '、' | ',' | '/' | ':' | '&' | '+' | '(' | ')' | '#')
}
