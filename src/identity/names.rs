//! A name taken apart: what is its own, what is generic, which part of a whole it names.
//!
//! `济南市历下区幸福里小区二期(原胜利小区)` is the stem 幸福里, of the kind estate, period 2, in
//! 济南市 and 历下区, formerly 胜利小区. Numbers that belong to a proper name stay in its stem: 三里屯,
//! 二七新村, 101街坊.

use super::body::Body;
use super::fold::fold;
use super::lexicon::lexicon;
use super::numerals::skeleton;
use super::parts::{Parts, only_parts};
use super::prefixes::places;
use super::remarks::{former_anywhere, former_in_brackets, kind_called, listed, without_brackets};

/// What kind of thing a generic word says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 小区, 项目.
    Estate,
    /// 社区, 居委会.
    Community,
    /// 村, 村委会.
    Village,
    /// 街道, 街道办事处.
    Street,
    /// 镇, 乡.
    Town,
    /// 幼儿园, 党群服务中心 …: the group of the facility.
    Facility(String),
}

/// A name and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The whole text in the form in which names are compared.
    pub folded: String,
    /// What is left when all that follows is taken off.
    pub stem: String,
    /// A suffix with a sound of its own: 花园, 公馆.
    pub flavour: Option<String>,
    /// What kind of thing it says it is.
    pub kind: Option<Kind>,
    /// The generic words at its end, the outermost first.
    pub generic: Vec<String>,
    /// Phases, zones, plots, lots and buildings.
    pub parts: Parts,
    /// Administrative words at its beginning.
    pub places: Vec<String>,
    /// Remarks in brackets that may tell it from another.
    pub remarks: Vec<String>,
    /// Former and other names it lists.
    pub former: Vec<String>,
    /// Stem and suffix with `#` for each number.
    pub skeleton: String,
    /// The numbers of the stem and suffix, in order.
    pub numbers: Vec<String>,
    /// The characters of the stem that are not the suffix, counted.
    pub stem_length: usize,
}

impl Name {
    /// Takes a name apart.
    ///
    /// ```
    /// use facility_audit::identity::Name;
    /// let name = Name::parse("济南市历下区幸福里小区第二期（原胜利小区）");
    /// assert_eq!(name.stem, "幸福里");
    /// assert_eq!(name.parts_text(), "2期");
    /// assert_eq!(name.former, ["胜利小区"]);
    /// assert_eq!(name.places, ["济南市", "历下区"]);
    /// ```
    pub fn parse(text: &str) -> Name {
        let folded = fold(text);
        let (mut outer, brackets) = without_brackets(&folded);
        let mut parts = Parts::new();
        let (mut remarks, mut former, mut kind) = (Vec::new(), Vec::new(), None);
        for inner in brackets {
            if let Some(names) = former_in_brackets(&inner) {
                former.extend(names);
            } else if let Some(more) = only_parts(&inner) {
                add(&mut parts, more);
            } else if let Some(found) = kind_called(&inner) {
                kind = Some(found);
            } else if !inner.is_empty() && !lexicon().empty_remarks.contains(&inner) {
                remarks.push(inner);
            }
        }
        if let Some((at, length)) = former_anywhere(&outer) {
            former.extend(listed(&outer[at + length..]));
            outer.truncate(at);
        }
        if outer.is_empty() {
            outer = remarks.first().cloned().unwrap_or_else(|| folded.clone());
        }
        let (cuts, places) = places(&outer);
        // A place that leaves nothing of a name is no place: 市区社区.
        let rests = cuts.iter().rev().map(|cut| &outer[*cut..]).zip(1..);
        let mut bodies = rests.filter(|(rest, _)| !lexicon().is_word(rest));
        let found = bodies.find_map(|(rest, dropped)| {
            Some((Body::of(rest), dropped)).filter(|(b, _)| b.is_a_name())
        });
        let (body, dropped) = found.unwrap_or_else(|| (Body::of(&outer), cuts.len()));
        let places: Vec<String> = places.into_iter().take(cuts.len() - dropped).collect();
        add(&mut parts, body.parts);
        let own = format!("{}{}", body.stem, body.flavour.as_deref().unwrap_or_default());
        let (skeleton, numbers) = skeleton(&own);
        Name {
            folded,
            stem_length: body.stem.chars().count(),
            stem: body.stem,
            flavour: body.flavour,
            kind: body.kind.or(kind),
            generic: body.generic,
            parts,
            places,
            remarks,
            former,
            skeleton,
            numbers,
        }
    }

    /// Stem and suffix: what is compared letter by letter.
    pub fn own(&self) -> String {
        format!("{}{}", self.stem, self.flavour.as_deref().unwrap_or_default())
    }

    /// Whether both say what kind they are, and not the same.
    pub(super) fn kind_differs(&self, other: &Name) -> bool {
        self.kind.is_some() && other.kind.is_some() && self.kind != other.kind
    }

    /// The parts as text: `2期A区`; empty for the whole.
    pub fn parts_text(&self) -> String {
        super::parts::text(&self.parts)
    }
}

fn add(parts: &mut Parts, more: Parts) {
    for (axis, marks) in more {
        parts.entry(axis).or_default().extend(marks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(text: &str) -> String {
        Name::parse(text).stem
    }

    #[test]
    fn generic_words_are_no_part_of_a_stem() {
        for text in [
            "幸福里",
            "幸福里小区",
            "幸福里社区居委会",
            "幸福里社区居民委员会",
            "幸福里村委会",
            "幸福里街道办事处",
            "幸福里住宅小区项目",
            " 幸福里 （小区）",
            "幸福里（暂定名）",
            "幸福里小区党群服务中心",
            "幸福里社区配套幼儿园",
        ] {
            assert_eq!(stem(text), "幸福里", "{text}");
        }
        assert_eq!(Name::parse("金地花园").flavour.as_deref(), Some("花园"));
        assert_eq!(stem("金地花园小区"), "金地");
    }

    #[test]
    fn parts_are_taken_off_wherever_they_stand() {
        for (text, parts) in [
            ("幸福里一期", "1期"),
            ("幸福里第二期小区", "2期"),
            ("幸福里小区二期", "2期"),
            ("幸福里(二期)", "2期"),
            ("幸福里（二期", "2期"),
            ("幸福里II期", "2期"),
            ("幸福里Ⅻ期", "12期"),
            ("幸福里Ⅱ", "2期"),
            ("幸福里2", "2期"),
            ("幸福里A区", "A区"),
            ("幸福里东区", "东区"),
            ("幸福里南苑", "南区"),
            ("幸福里三组团", "3组团"),
            ("幸福里二区居委会", "2区"),
            ("幸福里二期B地块", "2期B地块"),
            ("幸福里2#地块", "2地块"),
            ("幸福里一标段", "1标段"),
            ("幸福里1-10幢", "1-10幢"),
            ("幸福里1#-10#楼", "1-10幢"),
            ("幸福里一期1～3号楼", "1期1-3幢"),
            ("幸福里二期项目工程", "2期"),
        ] {
            let name = Name::parse(text);
            assert_eq!(
                (name.stem.as_str(), name.parts_text().as_str()),
                ("幸福里", parts),
                "{text}"
            );
        }
        let name = Name::parse("万科城二期翡翠湾");
        assert_eq!((name.stem.as_str(), name.parts_text().as_str()), ("万科城翡翠湾", "2期"));
    }

    #[test]
    fn a_number_of_a_proper_name_stays() {
        for (text, expected) in [
            ("三里屯", "三里屯"),
            ("三里屯社区", "三里屯"),
            ("百步亭社区", "百步亭"),
            ("八一小区", "八一"),
            ("二七新村", "二七"),
            ("万象城", "万象城"),
            ("101街坊", "101街坊"),
            ("和平路一号院", "和平路一号院"),
            ("曹杨二村", "曹杨二"),
            ("一区社区", "一区"),
            ("五一社区居委会", "五一"),
        ] {
            let name = Name::parse(text);
            assert_eq!(name.stem, expected, "{text}");
            assert!(name.parts.is_empty(), "{text}: {:?}", name.parts);
        }
    }

    #[test]
    fn a_place_before_a_name_is_told_from_a_name() {
        for (text, expected, places) in [
            ("济南市历下区幸福里小区", "幸福里", 2),
            ("山东省济南市历下区解放路街道幸福里社区", "幸福里", 4),
            ("历下区幸福里", "幸福里", 1),
            ("盐城市幸福里", "幸福里", 1),
            ("万科城市花园", "万科城市", 0),
            ("上海市浦东新区陆家嘴街道东昌社区", "东昌", 3),
            ("格林小镇花园", "格林小镇", 0),
            ("生活区三号院", "生活区三号院", 0),
            ("历下区", "历下区", 0),
            ("济南市", "济南市", 0),
        ] {
            let name = Name::parse(text);
            assert_eq!((name.stem.as_str(), name.places.len()), (expected, places), "{text}");
        }
    }

    #[test]
    fn other_names_are_found_where_a_name_lists_them() {
        for text in [
            "幸福里（原胜利小区）",
            "幸福里(原名：胜利小区)",
            "幸福里（曾用名胜利小区）",
            "幸福里小区原名胜利小区",
            "幸福里(又名:胜利小区)",
        ] {
            let name = Name::parse(text);
            assert_eq!(name.former, ["胜利小区"], "{text}");
            assert_eq!(name.stem, "幸福里", "{text}");
        }
        assert_eq!(Name::parse("草原小区").former, Vec::<String>::new());
        assert_eq!(Name::parse("幸福里（高层）").remarks, ["高层"]);
    }

    #[test]
    fn any_text_has_a_stem_unless_it_is_empty() {
        for text in ["小区", "（）", "一期", "#", "()(", "第期", "-", "a", "市区"] {
            Name::parse(text);
        }
        assert_eq!(stem("小区"), "小区");
        assert_eq!(stem("一期"), "一期");
    }
}
