use polars::prelude::*;
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::*;
use crate::words::Lang;

fn base(column: &str) -> Base {
    Base { column: column.to_owned(), words: Words::same(column), unit: Unit::of("households") }
}

fn count() -> impl Strategy<Value = Count> {
    prop_oneof![Just(Count::Proportional), Just(Count::Started), Just(Count::Complete)]
}

fn leaf() -> impl Strategy<Value = Amount> {
    let whole = || (0u32..5000).prop_map(f64::from);
    let rate = || prop_oneof![Just(0.0), (1u32..800).prop_map(|n| f64::from(n) / 10.0)];
    let lot = || prop_oneof![Just(1.0), Just(100.0), Just(300.0), Just(1000.0)];
    let part = || prop_oneof![Just(0.002), Just(0.0025), Just(0.007), Just(0.3), Just(1.0)];
    prop_oneof![
        whole().prop_map(Amount::Fixed),
        (rate(), lot(), "[ab]", count()).prop_map(|(rate, lot, c, count)| Amount::Per {
            rate,
            lot,
            base: base(&c),
            count
        }),
        (part(), "[ab]").prop_map(|(share, c)| Amount::Share { share, base: base(&c) }),
        (whole(), "[ab]", 0u32..40, rate(), lot(), count()).prop_map(
            |(start, c, up_to, add, lot, count)| Amount::BaseStep {
                start,
                base: base(&c),
                up_to: f64::from(up_to) * 100.0,
                add,
                lot,
                count,
            }
        ),
        ("[ab]", part(), part(), part()).prop_map(|(c, first, second, third)| Amount::Marginal {
            base: base(&c),
            bands: vec![
                Band { up_to: Some(1000.0), rate: first },
                Band { up_to: Some(3000.0), rate: second },
                Band { up_to: None, rate: third },
            ],
        }),
        whole().prop_map(|value| Amount::About { value, tolerance: 0.1 }),
        "[ab]".prop_map(|c| Amount::ValueOf(base(&c))),
    ]
}

fn steps(c: &str, amounts: [Amount; 3], closed: [bool; 2]) -> Amount {
    let [first, second, third] = amounts;
    let bounds = [(1000.0, closed[0]), (2500.0, closed[1])];
    let step = |from, to, amount| Step { from, to, amount };
    // Where one step ends without its bound, the next begins with it.
    let next = |(bound, closed): (f64, bool)| Some((bound, !closed));
    Amount::Steps {
        base: base(c),
        steps: vec![
            step(None, Some(bounds[0]), first),
            step(next(bounds[0]), Some(bounds[1]), second),
            step(next(bounds[1]), None, third),
        ],
    }
}

fn amount() -> impl Strategy<Value = Amount> {
    leaf().prop_recursive(2, 10, 3, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            parts().prop_map(Amount::Greatest),
            parts().prop_map(Amount::Least),
            parts().prop_map(Amount::Sum),
            (inner.clone(), 0u32..500, 500u32..2000).prop_map(|(amount, low, high)| {
                Amount::Clamp {
                    amount: Box::new(amount),
                    low: f64::from(low),
                    high: f64::from(high),
                }
            }),
            (inner.clone(), inner.clone())
                .prop_map(|(low, high)| Amount::Range { low: Box::new(low), high: Box::new(high) }),
            (1u32..20, inner.clone()).prop_map(|(each, capacity)| Amount::Each {
                each: f64::from(each),
                capacity: Box::new(capacity),
            }),
            ("[ab]", [inner.clone(), inner.clone(), inner], any::<[bool; 2]>())
                .prop_map(|(c, amounts, closed)| steps(&c, amounts, closed)),
        ]
    })
}

/// Values at, just below and just above the bounds, and anywhere; exact, wide, or without end.
fn interval() -> impl Strategy<Value = Interval> {
    let at_a_bound = (prop_oneof![Just(0.0), Just(1000.0), Just(2500.0), Just(3000.0)], -1i32..=1)
        .prop_map(|(bound, beside): (f64, i32)| (bound + f64::from(beside)).max(0.0));
    let anywhere = (0u32..60_000).prop_map(|n| f64::from(n) / 10.0);
    let width = prop_oneof![
        4 => Just(0.0),
        2 => (0u32..3000).prop_map(f64::from),
        1 => Just(f64::INFINITY),
    ];
    (prop_oneof![at_a_bound, anywhere], width)
        .prop_map(|(low, width)| Interval::between(low, low + width))
}

fn near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-6 * (1.0 + a.abs())
}

fn in_polars(amount: &Amount, a: Interval, b: Interval) -> Interval {
    let frame = df!(
        "a_low" => [a.low], "a_high" => [a.high], "b_low" => [b.low], "b_high" => [b.high],
    )
    .expect("a frame");
    let ends = amount.expr().expect("an expression");
    let out = frame.lazy().select([ends.low.alias("low"), ends.high.alias("high")]);
    let out = out.collect().expect("computed");
    let value = |name: &str| {
        let column = out.column(name).expect("there").cast(&DataType::Float64).expect("a number");
        column.f64().expect("numbers").get(0).expect("a value")
    };
    Interval::between(value("low"), value("high"))
}

fn in_sql(amount: &Amount, a: Interval, b: Interval) -> Interval {
    let database = Connection::open_in_memory().expect("a database");
    // Standard SQL has these two; SQLite has them only where it was built with them.
    for (name, apply) in [("CEIL", f64::ceil as fn(f64) -> f64), ("FLOOR", f64::floor)] {
        let flags = FunctionFlags::SQLITE_DETERMINISTIC;
        database
            .create_scalar_function(name, 1, flags, move |context| Ok(apply(context.get(0)?)))
            .expect("registered");
    }
    let ends = amount.sql();
    let query = format!(
        "SELECT {}, {} FROM (SELECT ?1 AS a_low, ?2 AS a_high, ?3 AS b_low, ?4 AS b_high) AS t",
        ends.low, ends.high
    );
    database
        .query_row(&query, [a.low, a.high, b.low, b.high], |row| {
            Ok(Interval::between(row.get(0)?, row.get(1)?))
        })
        .unwrap_or_else(|error| panic!("{error}: {query}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scalar_columns_and_sql_agree_on_intervals_and_at_every_bound(
        amount in amount(), a in interval(), b in interval(),
    ) {
        let scalar = amount.at(&|name: &str| if name == "a" { a } else { b });
        let columns = in_polars(&amount, a, b);
        let sql = in_sql(&amount, a, b);
        prop_assert!(near(scalar.low, columns.low) && near(scalar.high, columns.high), "columns: {scalar:?} {columns:?}");
        prop_assert!(near(scalar.low, sql.low) && near(scalar.high, sql.high), "SQL: {scalar:?} {sql:?}");
    }

    #[test]
    fn the_amount_of_an_interval_holds_that_of_every_value_inside(
        amount in amount(), a in interval(), b in interval(), at in 0.0..=1.0f64, of in 0.0..=1.0f64,
    ) {
        let inside = |i: Interval, at: f64| {
            let high = if i.high.is_finite() { i.high } else { i.low + 10_000.0 };
            i.low + (high - i.low) * at
        };
        let (x, y) = (inside(a, at), inside(b, of));
        let whole = amount.at(&|name: &str| if name == "a" { a } else { b });
        let point = amount.at(&|name: &str| Interval::exactly(if name == "a" { x } else { y }));
        prop_assert!(point.low >= whole.low - 1e-6 && point.high <= whole.high + 1e-6, "{point:?} not in {whole:?}");
    }

    /// Every number of the rule stands in its sentence, in both languages, and nothing else does.
    #[test]
    fn the_numbers_of_the_sentence_are_those_of_the_rule(amount in amount()) {
        let unit = Unit::of("m2").expect("a unit");
        let mut wanted = numbers(&amount);
        wanted.sort_by(f64::total_cmp);
        let sentence = amount.sentence(unit);
        for text in [&sentence.zh, &sentence.en] {
            let mut found = read_numbers(text);
            found.sort_by(f64::total_cmp);
            prop_assert!(
                found.len() == wanted.len() && found.iter().zip(&wanted).all(|(a, b)| near(*a, *b)),
                "{text}: {found:?} instead of {wanted:?}"
            );
        }
    }
}

/// The numbers a rule is made of, each as often as its sentence must say it.
fn numbers(amount: &Amount) -> Vec<f64> {
    let own = match amount {
        Amount::Fixed(value) => vec![*value],
        Amount::Per { rate, lot, .. } => vec![*rate, *lot],
        Amount::Share { share, .. } => vec![*share],
        Amount::Steps { steps, .. } => {
            let bounds = steps.iter().flat_map(|step| [step.from, step.to]);
            bounds.flatten().map(|(bound, _)| bound).collect()
        }
        Amount::Marginal { bands, .. } => {
            let ends = bands.iter().filter_map(|band| band.up_to);
            // An end is said twice: where its band ends, and where the next begins.
            ends.flat_map(|end| [end, end]).chain(bands.iter().map(|band| band.rate)).collect()
        }
        Amount::BaseStep { start, up_to, add, lot, .. } => vec![*start, *up_to, *add, *lot],
        Amount::Clamp { low, high, .. } => vec![*low, *high],
        Amount::About { value, tolerance } => vec![*value, *tolerance],
        Amount::Each { each, .. } => vec![*each],
        _ => Vec::new(),
    };
    own.into_iter().chain(amount.parts().into_iter().flat_map(numbers)).collect()
}

/// The numbers of a text, with their sign of per cent or per mille applied.
fn read_numbers(text: &str) -> Vec<f64> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[start..];
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.'))
            .unwrap_or(rest.len());
        let number: f64 = rest[..end].replace(',', "").parse().expect("a number");
        rest = &rest[end..];
        let scale = match rest.chars().next() {
            Some('%') => 100.0,
            Some('‰') => 1000.0,
            _ => 1.0,
        };
        found.push(number / scale);
    }
    found
}

fn exactly(value: f64) -> impl Fn(&str) -> Interval {
    move |_: &str| Interval::exactly(value)
}

#[test]
fn open_and_closed_bounds_differ_at_the_bound_itself() {
    let fixed = [Amount::Fixed(210.0), Amount::Fixed(300.0), Amount::Fixed(400.0)];
    let open = steps("a", fixed.clone(), [false, true]);
    let at = |value: f64| open.at(&exactly(value)).low;
    assert_eq!([at(999.0), at(1000.0), at(2500.0), at(2500.5)], [210.0, 300.0, 300.0, 400.0]);
    let closed = steps("a", fixed, [true, true]);
    assert_eq!(closed.at(&exactly(1000.0)).low, 210.0);
}

#[test]
fn a_slab_rate_falls_where_its_rate_does_and_says_so() {
    let share = |share| Amount::Share { share, base: base("a") };
    let slab = steps("a", [share(0.0025), share(0.002), share(0.0018)], [false, false]);
    assert_eq!(slab.falls_at(), [1000.0, 2500.0]);
    let around = slab.at(&|_: &str| Interval::between(999.0, 1000.0));
    assert!(around.low < 2.1 && around.high > 2.4, "{around:?}");
    let rising =
        steps("a", [Amount::Fixed(1.0), Amount::Fixed(2.0), Amount::Fixed(3.0)], [false, false]);
    assert!(rising.falls_at().is_empty());
}

#[test]
fn a_lot_that_has_begun_counts_as_the_text_says() {
    let with = |count| Amount::BaseStep {
        start: 100.0,
        base: base("a"),
        up_to: 500.0,
        add: 10.0,
        lot: 100.0,
        count,
    };
    let at = |count, value: f64| with(count).at(&exactly(value)).low;
    assert_eq!(at(Count::Started, 500.0), 100.0);
    assert_eq!(at(Count::Started, 501.0), 110.0);
    assert_eq!(at(Count::Complete, 599.0), 100.0);
    assert_eq!(at(Count::Proportional, 550.0), 105.0);
}

#[test]
fn a_rule_reads_as_a_phrase_and_shows_its_working() {
    let unit = Unit::of("m2").expect("a unit");
    let households = Base {
        column: "households".into(),
        words: Words::new("户数", "households"),
        unit: Unit::of("households"),
    };
    let per = Amount::Per { rate: 20.0, lot: 100.0, base: households, count: Count::Proportional };
    let rule = Amount::Greatest(vec![per, Amount::Fixed(400.0)]);
    assert_eq!(rule.sentence(unit).zh, "以下较大者（每 100 户 20 ㎡；400 ㎡）");
    assert_eq!(
        rule.working(unit, &exactly(2500.0), Lang::Zh),
        "取大（户数 2,500 户 ÷ 100 × 20 = 500 ㎡；400 ㎡） = 500 ㎡"
    );
}
