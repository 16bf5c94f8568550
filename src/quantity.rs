//! Numbers that may be known only within bounds, and their units.
//!
//! A ledger says `约1200`, leaves a cell blank, or states a number. All three are one
//! [`Interval`]: the values the true number could have. A comparison of two intervals decides only
//! what holds for every value they could take; the rest is [`Ordering::Undecided`].

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::words::{Lang, Words};

/// All values a quantity could have: `low ≤ x ≤ high`; `high` may be infinite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The least possible value.
    pub low: f64,
    /// The greatest possible value; infinite when there is no upper end.
    pub high: f64,
}

/// What can be said of `measured ≥ required` when both are intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordering {
    /// It holds for every value they could take.
    Holds,
    /// It fails for every value they could take.
    Fails,
    /// It depends on what is not known.
    Undecided,
}

impl Interval {
    /// A quantity of which nothing is known but that it is not negative.
    pub const UNKNOWN: Interval = Interval { low: 0.0, high: f64::INFINITY };

    /// A number that is known.
    pub const fn exactly(value: f64) -> Interval {
        Interval { low: value, high: value }
    }

    /// The values between two ends.
    pub const fn between(low: f64, high: f64) -> Interval {
        Interval { low, high }
    }

    /// Whether there is just one possible value.
    pub fn is_exact(self) -> bool {
        self.low == self.high
    }

    /// The sum of all: ends add up, so one unknown part leaves the sum without upper end.
    ///
    /// ```
    /// use facility_audit::quantity::Interval;
    /// let rooms = [Interval::exactly(800.0), Interval::UNKNOWN];
    /// assert_eq!(Interval::sum(rooms), Interval::between(800.0, f64::INFINITY));
    /// ```
    pub fn sum(parts: impl IntoIterator<Item = Interval>) -> Interval {
        parts.into_iter().fold(Interval::exactly(0.0), |sum, part| Interval {
            low: sum.low + part.low,
            high: sum.high + part.high,
        })
    }

    /// The quantity times a factor that is known and not negative.
    pub fn times(self, factor: f64) -> Interval {
        if factor == 0.0 {
            return Interval::exactly(0.0); // zero times "no upper end" is zero, not NaN
        }
        Interval { low: self.low * factor, high: self.high * factor }
    }

    /// The same quantity without the noise of binary arithmetic at its ends.
    pub fn without_noise(self) -> Interval {
        Interval { low: without_noise(self.low), high: without_noise(self.high) }
    }

    /// The larger of two quantities.
    pub fn max(self, other: Interval) -> Interval {
        Interval { low: self.low.max(other.low), high: self.high.max(other.high) }
    }

    /// How much this falls short of `required`, at least and at most; never negative.
    pub fn short_of(self, required: Interval) -> Interval {
        let gap = |required: f64, measured: f64| {
            if measured.is_infinite() { 0.0 } else { (required - measured).max(0.0) }
        };
        Interval { low: gap(required.low, self.high), high: gap(required.high, self.low) }
    }

    /// Whether this reaches `required`, compared at `step` (half a step counts as equal).
    ///
    /// ```
    /// use facility_audit::quantity::{Interval, Ordering};
    /// let known = Interval::between(800.0, f64::INFINITY);
    /// assert_eq!(known.reaches(Interval::exactly(300.0), 0.01), Ordering::Holds);
    /// assert_eq!(Interval::UNKNOWN.reaches(Interval::exactly(300.0), 0.01), Ordering::Undecided);
    /// ```
    pub fn reaches(self, required: Interval, step: f64) -> Ordering {
        let slack = step / 2.0 + Rounding::NOISE;
        if self.low >= required.high - slack {
            Ordering::Holds
        } else if self.high >= required.low - slack {
            Ordering::Undecided
        } else {
            Ordering::Fails
        }
    }

    /// The interval as text: `300`, `4–16`, `≥ 800`, or the words for "unknown".
    pub fn text(self, decimals: usize, lang: Lang) -> String {
        if self.is_exact() {
            number(self.low, decimals)
        } else if self.high.is_finite() {
            format!("{}–{}", number(self.low, decimals), number(self.high, decimals))
        } else if self.low > 0.0 {
            format!("≥ {}", number(self.low, decimals))
        } else {
            lang.pick("不明", "unknown").to_owned()
        }
    }
}

/// The result of an arithmetic of decimals as a decimal, to the fifteen digits that a double surely holds.
///
/// ```
/// use facility_audit::quantity::without_noise;
/// assert_eq!(without_noise(0.3 * (2000.0 / 3.0)), 200.0);
/// ```
pub fn without_noise(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

/// A number with thousands separators and at most `decimals` decimals, trailing zeros dropped.
///
/// ```
/// use facility_audit::quantity::number;
/// assert_eq!(number(530859.74, 2), "530,859.74");
/// assert_eq!(number(300.0, 2), "300");
/// assert_eq!(number(-0.001, 2), "0");
/// ```
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return if value > 0.0 { "∞" } else { "—" }.to_owned();
    }
    let fixed = format!("{value:.decimals$}");
    let trimmed = match fixed.split_once('.') {
        Some((whole, fraction)) => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        None => fixed,
    };
    let (sign, digits) = match trimmed.strip_prefix('-') {
        Some("0") => ("", "0"),
        Some(digits) => ("-", digits),
        None => ("", trimmed.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// A number with thousands separators and exactly `decimals` decimals, for columns of numbers.
///
/// ```
/// assert_eq!(facility_audit::quantity::fixed(2001.2, 2), "2,001.20");
/// ```
pub fn fixed(value: f64, decimals: usize) -> String {
    let short = number(value, decimals);
    let has = short.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let point = if has == 0 && decimals > 0 && value.is_finite() { "." } else { "" };
    let zeros = if value.is_finite() { decimals - has } else { 0 };
    format!("{short}{point}{}", "0".repeat(zeros))
}

/// A share as a percentage with one decimal: `0.25466` is `25.5%`.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// What a number counts or measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit {
    /// The code used in packs, tables and JSON.
    pub code: &'static str,
    /// The Chinese name, as printed after a number.
    pub zh: &'static str,
    /// The English name, as printed after a number.
    pub en: &'static str,
    /// Decimals printed, and the precision at which two such numbers are compared.
    pub decimals: usize,
    /// How many of the plain unit one of it is: 1, but 10,000 for 万元.
    pub scale: u32,
}

/// All units, each with the precision at which DESIGN compares it: areas at 0.01 m².
#[rustfmt::skip]
pub const UNITS: &[Unit] = &[
    Unit { code: "m2",         zh: "㎡",     en: "m²",           decimals: 2, scale: 1 },
    Unit { code: "m",          zh: "米",     en: "m",            decimals: 2, scale: 1 },
    Unit { code: "yuan",       zh: "元",     en: "yuan",         decimals: 2, scale: 1 },
    Unit { code: "10k_yuan",   zh: "万元",   en: "×10,000 yuan",  decimals: 2, scale: 10_000 },
    Unit { code: "10k_m2",     zh: "万㎡",   en: "×10,000 m²",    decimals: 4, scale: 10_000 },
    Unit { code: "yuan/m2",    zh: "元/㎡",  en: "yuan/m²",      decimals: 1, scale: 1 },
    Unit { code: "m2/site",    zh: "㎡/个",  en: "m² each",      decimals: 1, scale: 1 },
    Unit { code: "m2/100hh",   zh: "㎡/百户", en: "m² per 100 households", decimals: 1, scale: 1 },
    Unit { code: "households", zh: "户",     en: "households",   decimals: 0, scale: 1 },
    Unit { code: "people",     zh: "人",     en: "people",       decimals: 2, scale: 1 },
    Unit { code: "sites",      zh: "处",     en: "sites",        decimals: 0, scale: 1 },
    Unit { code: "buildings",  zh: "栋",     en: "buildings",    decimals: 0, scale: 1 },
    Unit { code: "units",      zh: "个",     en: "units",        decimals: 0, scale: 1 },
    Unit { code: "storeys",    zh: "层",     en: "storeys",      decimals: 0, scale: 1 },
    Unit { code: "rows",       zh: "行",     en: "rows",         decimals: 0, scale: 1 },
    Unit { code: "cells",      zh: "格",     en: "cells",        decimals: 0, scale: 1 },
    Unit { code: "ratio",      zh: "",       en: "",             decimals: 4, scale: 1 },
    Unit { code: "score",      zh: "分",     en: "points",       decimals: 2, scale: 1 },
    Unit { code: "days",       zh: "天",     en: "days",         decimals: 0, scale: 1 },
    Unit { code: "places",     zh: "个位",   en: "places",       decimals: 0, scale: 1 },
];

impl Unit {
    /// The unit with this code.
    pub fn of(code: &str) -> Option<Unit> {
        UNITS.iter().copied().find(|unit| unit.code == code)
    }

    /// The unit a table names by its code, its Chinese or its English name, in any width.
    pub fn named(text: &str) -> Option<Unit> {
        let plain = |text: &str| -> String { text.nfkc().collect() };
        let wanted = plain(text);
        let is_it =
            |unit: &Unit| [unit.code, unit.zh, unit.en].iter().any(|name| plain(name) == wanted);
        UNITS.iter().copied().find(is_it)
    }

    /// The precision at which two numbers of this unit are compared.
    pub fn step(self) -> f64 {
        10f64.powi(-(self.decimals as i32))
    }

    /// Whether numbers of this unit can be added up: rates and shares cannot.
    pub fn adds_up(self) -> bool {
        !self.code.contains('/') && !matches!(self.code, "ratio" | "score")
    }

    /// A number with its unit, for a table: `300 ㎡`, `≥ 800 ㎡`.
    pub fn print(self, value: Interval, lang: Lang) -> String {
        let text = value.text(self.decimals, lang);
        let unit = match lang {
            Lang::Zh => self.zh,
            Lang::En if text == "1" => self.one(),
            Lang::En => self.en,
        };
        if unit.is_empty() || value == Interval::UNKNOWN { text } else { format!("{text} {unit}") }
    }

    /// A number with its unit, within a sentence: `300 ㎡`, `至少 800 ㎡`.
    ///
    /// ```
    /// use facility_audit::quantity::{Interval, Unit};
    /// use facility_audit::words::Lang;
    /// let days = Unit::of("days").unwrap();
    /// assert_eq!(days.said(Interval::between(1.0, f64::INFINITY), Lang::En), "at least 1 day");
    /// assert_eq!(days.said(Interval::between(2.0, 3.0), Lang::Zh), "2–3 天");
    /// ```
    pub fn said(self, value: Interval, lang: Lang) -> String {
        if value.high.is_finite() || value.low <= 0.0 {
            return self.print(value, lang);
        }
        lang.pick("至少 ", "at least ").to_owned() + &self.print(Interval::exactly(value.low), lang)
    }

    /// The English name of exactly one.
    fn one(self) -> &'static str {
        match self.code {
            "people" => "person",
            _ if self.en.contains(' ') => self.en,
            _ => self.en.strip_suffix('s').unwrap_or(self.en),
        }
    }

    /// A number with its unit in both languages.
    pub fn words(self, value: Interval) -> Words {
        Words::new(self.print(value, Lang::Zh), self.print(value, Lang::En))
    }
}

/// How a required number is rounded, as its text says; nothing is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Not rounded.
    None,
    /// Up to the next whole number.
    Up,
    /// To the nearest whole number, halves up.
    HalfUp,
    /// Down to the whole number.
    Down,
}

impl Rounding {
    /// The codes used in packs, in the order of the variants.
    pub const CODES: &[(&'static str, Rounding)] = &[
        ("none", Rounding::None),
        ("up", Rounding::Up),
        ("half_up", Rounding::HalfUp),
        ("down", Rounding::Down),
    ];

    /// Rounds one number; a hair of binary noise never moves it to the next whole number.
    ///
    /// ```
    /// use facility_audit::quantity::Rounding;
    /// assert_eq!(Rounding::Up.apply(160.56), 161.0);
    /// assert_eq!(Rounding::Up.apply(3.0 * 0.1 * 10.0), 3.0);
    /// ```
    pub fn apply(self, value: f64) -> f64 {
        match self {
            Rounding::None => value,
            Rounding::Up => (value - Rounding::NOISE).ceil() + 0.0, // never minus zero
            Rounding::HalfUp => (value + 0.5 + Rounding::NOISE).floor(),
            Rounding::Down => (value + Rounding::NOISE).floor(),
        }
    }

    /// Differences below this are binary noise of decimal inputs, never a fact.
    pub const NOISE: f64 = 1e-9;

    /// How the rounding is said: `向上取整`, `rounded up`; nothing for none.
    pub fn words(self) -> Option<Words> {
        match self {
            Rounding::None => None,
            Rounding::Up => Some(Words::new("向上取整", "rounded up")),
            Rounding::HalfUp => Some(Words::new("四舍五入", "rounded half up")),
            Rounding::Down => Some(Words::new("向下取整", "rounded down")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn interval() -> impl Strategy<Value = Interval> {
        (0.0..1e6f64, prop_oneof![0.0..1e6f64, Just(0.0), Just(f64::INFINITY)])
            .prop_map(|(low, width)| Interval::between(low, low + width))
    }

    /// Some value inside, chosen by `at` in 0..1.
    fn inside(interval: Interval, at: f64) -> f64 {
        let high = if interval.high.is_finite() { interval.high } else { interval.low + 1e6 };
        interval.low + (high - interval.low) * at
    }

    proptest! {
        #[test]
        fn a_verdict_holds_for_every_value_inside(
            measured in interval(), required in interval(), at in 0.0..=1.0f64, of in 0.0..=1.0f64,
        ) {
            let (m, r) = (inside(measured, at), inside(required, of));
            let point = Interval::exactly(m).reaches(Interval::exactly(r), 0.01);
            match measured.reaches(required, 0.01) {
                Ordering::Undecided => {}
                decided => prop_assert_eq!(decided, point),
            }
        }

        #[test]
        fn a_sum_contains_the_sum_of_every_choice(
            parts in prop::collection::vec((interval(), 0.0..=1.0f64), 0..6),
        ) {
            let sum = Interval::sum(parts.iter().map(|(part, _)| *part));
            let choice: f64 = parts.iter().map(|(part, at)| inside(*part, *at)).sum();
            prop_assert!(sum.low <= choice + 1e-6 && choice <= sum.high + 1e-6);
        }

        #[test]
        fn a_shortfall_contains_the_shortfall_of_every_choice(
            measured in interval(), required in interval(), at in 0.0..=1.0f64, of in 0.0..=1.0f64,
        ) {
            let short = measured.short_of(required);
            let choice = (inside(required, of) - inside(measured, at)).max(0.0);
            prop_assert!(short.low <= choice + 1e-6 && choice <= short.high + 1e-6);
        }
    }

    #[test]
    fn half_a_step_below_is_equal_and_more_is_not() {
        let limit = Interval::exactly(300.0);
        let reach = |value| Interval::exactly(value).reaches(limit, 0.01);
        assert_eq!(reach(299.995), Ordering::Holds);
        assert_eq!(reach(299.994), Ordering::Fails);
    }

    #[test]
    fn nothing_times_an_unknown_is_nothing() {
        assert_eq!(Interval::UNKNOWN.times(0.0), Interval::exactly(0.0));
    }

    #[test]
    fn an_interval_prints_what_is_known() {
        let text = |low, high| Interval::between(low, high).text(2, Lang::Zh);
        assert_eq!(text(1234.5, 1234.5), "1,234.5");
        assert_eq!(text(4.0, 16.0), "4–16");
        assert_eq!(text(800.0, f64::INFINITY), "≥ 800");
        assert_eq!(text(0.0, f64::INFINITY), "不明");
    }

    #[test]
    fn staff_due_rounds_as_stated() {
        assert_eq!(Rounding::Up.apply(160.56), 161.0);
        assert_eq!(Rounding::HalfUp.apply(160.56), 161.0);
        assert_eq!(Rounding::Down.apply(160.56), 160.0);
        assert_eq!(Rounding::None.apply(160.56), 160.56);
    }
}
