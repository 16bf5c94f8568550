//! Why two names may or may not be one thing, as data and in words.

use crate::quantity::number;
use crate::words::Words;

/// One of the two compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The first, 甲.
    A,
    /// The second, 乙.
    B,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Side {
        match self {
            Side::A => Side::B,
            Side::B => Side::A,
        }
    }

    /// 甲 or 乙.
    pub fn words(self) -> Words {
        match self {
            Side::A => Words::new("甲", "the first"),
            Side::B => Words::new("乙", "the second"),
        }
    }
}

/// One thing that speaks for or against two names being one thing; texts are of the first and of
/// the second, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The names are the same once white space, brackets and places are folded.
    SameName,
    /// The stems are the same, and the parts are not.
    SameStem(String),
    /// One stem with other generic words: 幸福里, 幸福里小区.
    OtherSuffix(String, String),
    /// Only one has a suffix of its own: 幸福小区, 幸福花园.
    OneSuffix(String),
    /// Two suffixes of their own on one stem: 金地花园, 金地广场.
    DifferentSuffixes(String, String),
    /// Kinds that may be one thing by two words: 李庄村, 李庄社区.
    OtherKind(String, String),
    /// Kinds that are never one thing: 幼儿园, 小学.
    DifferentKinds(String, String),
    /// One is listed among the other's former or other names.
    ListedAs(Side, String),
    /// Both list the same other name.
    SharedOtherName(String),
    /// One character stands for another.
    OneCharacterDiffers(char, char),
    /// One name has one character more.
    OneCharacterMore(Side, char),
    /// Two characters have changed places.
    Transposed,
    /// Most characters are the same, in order; the share of them.
    SimilarSpelling(f64),
    /// One name is within the other; what the longer has more.
    Within(Side, String),
    /// What the longer name has more is a word of the place, the street, the address or the developer.
    KnownBefore(Side, String),
    /// A remark in brackets tells them apart.
    DifferentRemarks(String, String),
    /// The numbers in the stems differ: 一号院, 二号院.
    DifferentNumber(String, String),
    /// Characters that tell two things apart: 东湖, 西湖.
    Contrast(char, char),
    /// One states a part where the other does not; the part.
    PartOf(Side, String),
    /// The parts they state have nothing in common.
    DifferentParts(String, String),
    /// The parts they state overlap.
    OverlappingParts(String, String),
    /// The parts they state cannot be compared: 一期, A区.
    UnlikeParts(String, String),
    /// They lie in different places.
    DifferentPlaces(String, String),
    /// They lie in the same street.
    SameStreet(String),
    /// They lie in different streets.
    DifferentStreets(String, String),
    /// They have the same address.
    SameAddress(String),
    /// They have different addresses.
    DifferentAddresses(String, String),
    /// They have the same developer by credit code.
    SameDeveloperCode(String),
    /// Their developers have different credit codes.
    DifferentDeveloperCodes(String, String),
    /// Their developers have the same name.
    SameDeveloper(String),
    /// Their developers have different names.
    DifferentDevelopers(String, String),
    /// Their households are the same number.
    SameHouseholds(f64),
    /// Their households differ at least by this factor.
    HouseholdsDiffer(f64),
    /// Their areas are the same number.
    SameArea(f64),
    /// Their areas differ at least by this factor.
    AreasDiffer(f64),
    /// The part is larger than its whole, by its households or area.
    PartLargerThanWhole(Side),
    /// Their points lie close together; metres.
    Near(f64),
    /// Their points lie far apart; metres.
    Far(f64),
}

impl Reason {
    /// Whether it speaks against one thing.
    pub fn is_against(&self) -> bool {
        use Reason::*;
        matches!(
            self,
            OneSuffix(..)
                | DifferentSuffixes(..)
                | OtherKind(..)
                | DifferentKinds(..)
                | DifferentRemarks(..)
                | DifferentNumber(..)
                | Contrast(..)
                | DifferentParts(..)
                | UnlikeParts(..)
                | DifferentPlaces(..)
                | DifferentStreets(..)
                | DifferentAddresses(..)
                | DifferentDeveloperCodes(..)
                | DifferentDevelopers(..)
                | HouseholdsDiffer(..)
                | AreasDiffer(..)
                | PartLargerThanWhole(..)
                | Far(..)
        )
    }

    /// The reason in words.
    pub fn words(&self) -> Words {
        use Reason::*;
        let two = |zh: &str, en: &str, a: &str, b: &str| {
            Words::new(format!("{zh}（{a}／{b}）"), format!("{en} ({a} / {b})"))
        };
        let one = |zh: &str, en: &str, text: &str| {
            Words::new(format!("{zh}（{text}）"), format!("{en} ({text})"))
        };
        let sided = |side: &Side, zh: &str, en: &str, text: &str| {
            let side = side.words();
            Words::new(format!("{}{zh}（{text}）", side.zh), format!("{} {en} ({text})", side.en))
        };
        match self {
            SameName => Words::new("名称相同", "same name"),
            SameStem(stem) => one("专名相同", "same stem", stem),
            OtherSuffix(a, b) => {
                two("专名相同，通名不同", "same stem with other generic words", a, b)
            }
            OneSuffix(suffix) => one("仅一方带后缀", "only one has the suffix", suffix),
            DifferentSuffixes(a, b) => two("后缀不同", "different suffixes", a, b),
            OtherKind(a, b) => two("类别用词不同", "called another kind", a, b),
            DifferentKinds(a, b) => two("类别不同", "different kinds", a, b),
            ListedAs(side, name) => {
                sided(side, "是对方列出的原名或别名", "is listed as a former or other name", name)
            }
            SharedOtherName(name) => {
                one("列有同一原名或别名", "both list the same other name", name)
            }
            OneCharacterDiffers(a, b) => two(
                "一字之差，可能是笔误，也可能是另一处",
                "one character differs: may be a slip, may be another estate",
                &a.to_string(),
                &b.to_string(),
            ),
            OneCharacterMore(side, c) => sided(
                side,
                "多一字，可能是笔误，也可能是另一处",
                "has one character more: may be a slip, may be another estate",
                &c.to_string(),
            ),
            Transposed => Words::new("两字次序颠倒", "two characters have changed places"),
            SimilarSpelling(share) => {
                let share = crate::quantity::percent(*share);
                one("多数字相同", "most characters are the same", &share)
            }
            Within(side, more) => sided(side, "名称更长，多出", "is longer, by", more),
            KnownBefore(side, more) => {
                sided(side, "只多出地名或企业名", "has only a place or a developer more", more)
            }
            DifferentRemarks(a, b) => two("括注不同", "different remarks", a, b),
            DifferentNumber(a, b) => two("名称中的序号不同", "different numbers in the name", a, b),
            Contrast(a, b) => two(
                "区别字不同",
                "characters that tell two things apart",
                &a.to_string(),
                &b.to_string(),
            ),
            PartOf(side, part) => sided(side, "只是其中一部分", "is a part only", part),
            DifferentParts(a, b) => two("分期或分区不同", "different phases or zones", a, b),
            OverlappingParts(a, b) => two("分期或分区有重叠", "phases or zones overlap", a, b),
            UnlikeParts(a, b) => {
                two("分期分区口径不同", "phases and zones cannot be compared", a, b)
            }
            DifferentPlaces(a, b) => two("所在行政区不同", "different places", a, b),
            SameStreet(street) => one("街道相同", "same street", street),
            DifferentStreets(a, b) => two("街道不同", "different streets", a, b),
            SameAddress(address) => one("地址相同", "same address", address),
            DifferentAddresses(a, b) => two("地址不同", "different addresses", a, b),
            SameDeveloperCode(code) => {
                one("建设单位信用代码相同", "same developer by credit code", code)
            }
            DifferentDeveloperCodes(a, b) => {
                two("建设单位信用代码不同", "developers have different credit codes", a, b)
            }
            SameDeveloper(name) => one("建设单位相同", "same developer by name", name),
            DifferentDevelopers(a, b) => {
                two("建设单位名称不同", "developers have different names", a, b)
            }
            SameHouseholds(count) => one("户数相同", "same households", &number(*count, 0)),
            HouseholdsDiffer(factor) => {
                let factor = number(*factor, 1);
                Words::new(
                    format!("户数相差{factor}倍"),
                    format!("households differ by a factor of {factor}"),
                )
            }
            SameArea(area) => one("面积相同", "same area", &number(*area, 2)),
            AreasDiffer(factor) => {
                let factor = number(*factor, 1);
                Words::new(
                    format!("面积相差{factor}倍"),
                    format!("areas differ by a factor of {factor}"),
                )
            }
            PartLargerThanWhole(side) => {
                let side = side.words();
                Words::new(
                    format!("{}是部分，却大于整体", side.zh),
                    format!("{} is a part and yet larger than the whole", side.en),
                )
            }
            Near(metres) => {
                let metres = number(*metres, 0);
                Words::new(format!("位置相距{metres}米"), format!("{metres} m from each other"))
            }
            Far(metres) => {
                let metres = number(*metres, 0);
                Words::new(format!("位置相距达{metres}米"), format!("as far as {metres} m apart"))
            }
        }
    }
}
