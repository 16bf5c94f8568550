//! Which rows a requirement speaks about: conditions on columns, three-valued.
//!
//! A row whose attribute is unknown neither passes nor fails: the expression is null, and whoever
//! sums such rows counts them as anything from nothing to all of them.

use polars::prelude::*;

use crate::day::Day;
use crate::inventory::{Blank, Column as Declared, Kind, NONE, UNSTATED, high, low};
use crate::mapping::{categories, category_name};
use crate::measure::dates;
use crate::quantity::{Rounding, number};
use crate::words::{Lang, Words};

/// One condition on a column of a table.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The column it speaks about.
    pub column: &'static Declared,
    /// What must hold.
    pub test: Test,
}

/// What must hold of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// The code is one of these.
    OneOf(Vec<String>),
    /// The flag has this value.
    Is(bool),
    /// The quantity lies within bounds, each open or closed.
    Range {
        /// The lower bound and whether it belongs to the range.
        from: Option<(f64, bool)>,
        /// The upper bound and whether it belongs to the range.
        to: Option<(f64, bool)>,
    },
    /// The date lies within these days, both included.
    Days {
        /// The first day.
        from: Option<Day>,
        /// The last day.
        until: Option<Day>,
    },
    /// Something, or nothing, is written there.
    Given(bool),
}

impl Condition {
    /// The condition over the table's columns: true, false, or null when it cannot be told.
    pub fn expr(&self) -> Expr {
        let name = self.column.name.as_str();
        match &self.test {
            Test::OneOf(codes) if matches!(self.column.kind, Kind::Ref | Kind::Refs) => {
                classes(name, codes)
            }
            Test::OneOf(codes) => {
                let is_one = codes.iter().map(|code| col(name).eq(lit(code.as_str())));
                let is_one = is_one.reduce(Expr::or).unwrap_or(lit(false));
                // An area on another basis is some area on this one: how much cannot be told.
                match name.ends_with("_basis") {
                    true => {
                        when(is_one).then(lit(true)).otherwise(lit(NULL).cast(DataType::Boolean))
                    }
                    false => is_one,
                }
            }
            Test::Is(flag) => col(name).eq(lit(*flag)),
            Test::Range { from, to } => {
                let (least, most) = (col(low(name)), col(high(name)));
                // A step of binary noise keeps a bound that belongs to the range inside it.
                let above = |end: &Expr, (bound, closed): (f64, bool)| {
                    let nudge = if closed { -Rounding::NOISE } else { Rounding::NOISE };
                    end.clone().gt(lit(bound + nudge))
                };
                let below = |end: &Expr, (bound, closed): (f64, bool)| {
                    let nudge = if closed { Rounding::NOISE } else { -Rounding::NOISE };
                    end.clone().lt(lit(bound + nudge))
                };
                let both = |first: Option<Expr>, second: Option<Expr>| {
                    first.into_iter().chain(second).reduce(Expr::and).unwrap_or(lit(true))
                };
                let surely = both(from.map(|b| above(&least, b)), to.map(|b| below(&most, b)));
                let possibly = both(from.map(|b| above(&most, b)), to.map(|b| below(&least, b)));
                decided(surely, possibly)
            }
            Test::Days { from, until } => within_days(name, *from, *until),
            Test::Given(given) => {
                // A blank that means "unknown" says neither that there is one nor that there is none.
                let blank = match self.column.blank {
                    Blank::Unknown => lit(NULL).cast(DataType::Boolean),
                    Blank::None | Blank::NotApplicable => lit(!given),
                };
                when(col(name).eq(lit(UNSTATED)))
                    .then(lit(NULL).cast(DataType::Boolean))
                    .when(col(name).is_not_null())
                    .then(lit(*given))
                    .otherwise(blank)
            }
        }
    }

    /// The condition as a phrase.
    pub fn words(&self) -> Words {
        let say = |lang: Lang| {
            let name = self.column.words().in_lang(lang).to_owned();
            match &self.test {
                Test::OneOf(codes) => {
                    let named = |code: &String| match self.column.kind {
                        Kind::Ref | Kind::Refs => category_name(code).in_lang(lang).to_owned(),
                        _ => self.column.code_name(code, lang).to_owned(),
                    };
                    let names: Vec<String> = codes.iter().map(named).collect();
                    let list = names.join(lang.pick("、", " or "));
                    format!("{name}{}{list}", lang.pick("为", " is "))
                }
                Test::Is(true) => format!("{name}{}", lang.pick("：是", ": yes")),
                Test::Is(false) => format!("{name}{}", lang.pick("：否", ": no")),
                Test::Range { from, to } => {
                    let lower = from.map(|(bound, closed)| {
                        let words = if closed {
                            ("不少于", "at least")
                        } else {
                            ("超过", "more than")
                        };
                        format!("{} {}", lang.pick(words.0, words.1), number(bound, 2))
                    });
                    let upper = to.map(|(bound, closed)| {
                        let words =
                            if closed { ("不超过", "at most") } else { ("不满", "less than") };
                        format!("{} {}", lang.pick(words.0, words.1), number(bound, 2))
                    });
                    let bounds: Vec<String> = lower.into_iter().chain(upper).collect();
                    format!("{name} {}", bounds.join(lang.pick("、", " and ")))
                }
                Test::Days { from, until } => {
                    let from = from.map(|day| match lang {
                        Lang::Zh => format!("{day} 及以后"),
                        Lang::En => format!("on or after {day}"),
                    });
                    let until = until.map(|day| match lang {
                        Lang::Zh => format!("{day} 及以前"),
                        Lang::En => format!("on or before {day}"),
                    });
                    let bounds: Vec<String> = from.into_iter().chain(until).collect();
                    format!(
                        "{name}{}{}",
                        lang.pick("在 ", " "),
                        bounds.join(lang.pick("、", " and "))
                    )
                }
                Test::Given(true) => format!("{name}{}", lang.pick("已写明", " stated")),
                Test::Given(false) => format!("{name}{}", lang.pick("为空", " blank")),
            }
        };
        Words::new(say(Lang::Zh), say(Lang::En))
    }

    /// The column's kinds a condition can be written for.
    pub fn can_test(column: &Declared) -> bool {
        // Names and remarks decide nothing.
        let says_nothing = ["name", "aliases", "address", "note"].contains(&column.name.as_str());
        !says_nothing && !matches!(column.kind, Kind::Id | Kind::Year | Kind::Place)
    }

    /// Whether the column names classes of facility.
    pub fn names_classes(column: &Declared) -> bool {
        column.to.as_deref() == Some("categories")
    }
}

/// True where surely, false where not even possibly, else null.
fn decided(surely: Expr, possibly: Expr) -> Expr {
    when(surely)
        .then(lit(true))
        .when(possibly.not())
        .then(lit(false))
        .otherwise(lit(NULL).cast(DataType::Boolean))
}

/// Whether a date lies within some days; what never happened lies within none.
fn within_days(date: &str, from: Option<Day>, until: Option<Day>) -> Expr {
    let (first, last) = (col(dates::first(date)), col(dates::last(date)));
    let from = |end: &Expr| from.map(|day| end.clone().gt_eq(lit(dates::number(day))));
    let until = |end: &Expr| until.map(|day| end.clone().lt_eq(lit(dates::number(day))));
    let both = |one: Option<Expr>, other: Option<Expr>| {
        one.into_iter().chain(other).reduce(Expr::and).unwrap_or(lit(true))
    };
    let surely = both(from(&first), until(&last));
    let possibly = both(from(&last), until(&first));
    let happened = first.clone().neq(lit(dates::NEVER));
    when(first.is_null())
        .then(lit(NULL).cast(DataType::Boolean))
        .otherwise(decided(surely.and(happened.clone()), possibly.and(happened)))
}

/// Whether a cell that names classes of facility names one of these. A name no dictionary knows may
/// be any class, so it neither is one nor is not.
fn classes(column: &str, wanted: &[String]) -> Expr {
    let wanted = wanted.to_vec();
    let known = categories();
    let search = move |cells: Column| {
        let is_one = |cell: &str| {
            let mut names = cell.split('、');
            if names.clone().any(|name| wanted.iter().any(|one| one == name)) {
                Some(true)
            } else {
                names.all(|name| name == NONE || known.contains(&name)).then_some(false)
            }
        };
        let found: BooleanChunked = cells.str()?.iter().map(|cell| is_one(cell?)).collect();
        Ok(found.with_name(cells.name().clone()).into_column())
    };
    col(column).map(search, |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)))
}

/// All conditions together; true when there are none.
pub fn all(conditions: &[Condition]) -> Expr {
    conditions.iter().map(Condition::expr).reduce(Expr::and).unwrap_or(lit(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::table;

    fn column(table_name: &str, name: &str) -> &'static Declared {
        table(table_name).and_then(|table| table.column(name)).expect("declared")
    }

    fn outcomes(condition: &Condition, frame: DataFrame) -> Vec<Option<bool>> {
        let out = frame.lazy().select([condition.expr().alias("x")]).collect().expect("computed");
        out.column("x").expect("there").bool().expect("flags").iter().collect()
    }

    #[test]
    fn an_unknown_attribute_neither_passes_nor_fails() {
        let rented = Condition {
            column: column("premises", "tenure"),
            test: Test::OneOf(vec!["owned".into(), "owned_titled".into()]),
        };
        let frame = df!("tenure" => [Some("owned"), Some("rented"), None]).expect("a frame");
        assert_eq!(outcomes(&rented, frame), [Some(true), Some(false), None]);
    }

    #[test]
    fn a_list_is_searched_by_whole_names() {
        let elder = Condition {
            column: column("premises", "functions"),
            test: Test::OneOf(vec!["elder-care".into()]),
        };
        let lists = [Some("office、elder-care"), Some("office"), Some("居家养老驿站"), None];
        let frame = df!("functions" => lists).expect("a frame");
        assert_eq!(outcomes(&elder, frame), [Some(true), Some(false), None, None]);
    }

    #[test]
    fn a_range_decides_only_what_every_value_inside_agrees_on() {
        let between = Condition {
            column: column("communities", "households"),
            test: Test::Range { from: Some((1000.0, true)), to: Some((2000.0, false)) },
        };
        let frame = df!(
            "households_low" => [1000.0, 999.0, 2000.0, 1900.0, 0.0, 1200.0],
            "households_high" => [1000.0, 999.0, 2000.0, 2100.0, f64::INFINITY, 1300.0],
        )
        .expect("a frame");
        assert_eq!(
            outcomes(&between, frame),
            [Some(true), Some(false), Some(false), None, None, Some(true)]
        );
    }
}
