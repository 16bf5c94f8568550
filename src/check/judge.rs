//! Comparing measured with required, for all subjects of a requirement at once.

use polars::prelude::*;

use crate::assessment::{Because, COLUMNS, Outcome};
use crate::day::Day;
use crate::inventory::Inventory;
use crate::measure::chain::Formulas;
use crate::measure::dates::{begun, with_dates};
use crate::measure::late::{DUE, PENDING};
use crate::measure::nearby::none_near;
use crate::measure::{
    ASKED, DEBTOR, FACET, GAP, GAP_ROWS, HALF_STEP, HIGH, LOW, SUBJECT, Selection, ordered,
    subjects, tidy,
};
use crate::quantity::{Rounding, UNITS};
use crate::source::sha256;
use crate::standard::{Amount, Comparison, Condition, Pack, Requirement, all, base_columns};

/// Whom a requirement is put to, and when.
pub struct Whom {
    /// The subjects: a table with the one column `subject`.
    pub subjects: LazyFrame,
    /// The day of the audit.
    pub day: Day,
    /// For a list: whether its items are met and asked for.
    pub items: Option<DataFrame>,
    /// What formulas ask of each estate.
    pub formulas: Formulas,
}

/// The assessments of one requirement, for some subjects.
pub fn judge(
    inventory: &Inventory,
    pack: &Pack,
    requirement: &Requirement,
    whom: &Whom,
) -> PolarsResult<DataFrame> {
    // Done by itself: one plan of all steps would be too deep for a small stack.
    let chosen = selection(pack, requirement, whom)?;
    let measured = (requirement.measure.compute)(inventory, &chosen)?.collect()?;
    let schema = measured.schema().clone();
    let measured = measured.lazy();
    let semi = ordered(JoinType::Semi);
    let kind = requirement.subject;
    let subjects = subjects(inventory, kind)?.join(
        whom.subjects.clone(),
        [col(SUBJECT)],
        [col(SUBJECT)],
        semi,
    );
    let dates: Vec<&str> = requirement.dates().collect();
    let subjects = with_dates(inventory, kind, subjects, &dates)?
        .with_column(all(&requirement.applies).alias("_applies"));
    let subjects = match &requirement.unless_nearby {
        Some(unless) => {
            let near = none_near(inventory, kind, unless)?;
            let left = ordered(JoinType::Left);
            subjects
                .join(near, [col(SUBJECT)], [col(SUBJECT)], left)
                .with_column(col("_applies").and(col("_none_near")))
        }
        None => subjects,
    };
    let due = requirement.due.is_none_or(|due| due <= whom.day);
    let inner = ordered(JoinType::Inner);
    let unit = match requirement.unit() {
        Some(unit) => lit(unit.code),
        None => col("unit"),
    };
    let amount = requirement.amount.expr()?;
    let table = measured
        .join(subjects, [col(SUBJECT)], [col(SUBJECT)], inner)
        .with_columns([
            rounded(amount.low, requirement.round).alias("required_low"),
            rounded(amount.high, requirement.round).alias("required_high"),
            unit.alias("unit"),
        ])
        .with_columns([
            slack(&schema).alias("_half"),
            col("_applies").and(asked(&schema)).alias("_applies"),
            due_yet(&schema).alias("_due"),
            pending(&schema).alias("_pending"),
        ])
        .with_columns(verdict(requirement.comparison))
        .with_column(outcome(due).alias("outcome"))
        .with_columns([
            because(requirement, due).alias("because"),
            because_rows(requirement).alias("because_rows"),
        ])
        .with_columns([
            settled("shortfall_low", &[Outcome::NotMet]).alias("shortfall_low"),
            settled("shortfall_high", &[Outcome::NotMet, Outcome::Unknown]).alias("shortfall_high"),
            tidy(col(LOW)).alias("measured_low"),
            tidy(col(HIGH)).alias("measured_high"),
            tidy(col("required_low")).alias("required_low"),
            tidy(col("required_high")).alias("required_high"),
        ])
        .with_columns(identity(pack, requirement, &schema))
        .sort(["key"], SortMultipleOptions::default());
    let mut table = table.collect()?;
    table.with_column(facts(&table)?)?;
    table.select(COLUMNS.iter().copied())
}

/// Whether a row counts for a requirement: true, false, or null where that is not known.
pub fn counting(requirement: &Requirement, day: Day) -> Expr {
    match requirement.measure.counts {
        // A lease that has not begun gives nobody a room yet.
        Some("premises") => all(&requirement.counts).and(begun("lease_from", day)),
        _ => all(&requirement.counts),
    }
}

/// What the requirement selects for its measure.
pub fn selection(pack: &Pack, requirement: &Requirement, whom: &Whom) -> PolarsResult<Selection> {
    // A rate is of what another requirement of the same text says is owed.
    let owed = requirement.rule.as_ref().and_then(|id| pack.requirement(id)).unwrap_or(requirement);
    let is_class = |condition: &&Condition| condition.column.to.as_deref() == Some("categories");
    let classes: Vec<Condition> = requirement.counts.iter().filter(is_class).cloned().collect();
    let ends = |size: &Option<Amount>| -> PolarsResult<Option<(Expr, Expr)>> {
        let ends = size.as_ref().map(|amount| amount.expr()).transpose()?;
        Ok(ends.map(|ends| (ends.low, ends.high)))
    };
    Ok(Selection {
        member: counting(requirement, whom.day),
        class: all(&classes),
        among: requirement.among.clone(),
        reaching: ends(&requirement.reaching)?,
        below: ends(&requirement.below)?,
        items: whom.items.clone(),
        timing: owed.timing.clone(),
        terms: owed.terms.clone(),
        formulas: whom.formulas.clone(),
        day: Some(whom.day),
    })
}

fn identity(pack: &Pack, requirement: &Requirement, measured: &Schema) -> Vec<Expr> {
    let name = format!("{}/{}", pack.id, requirement.id);
    let key = [lit(requirement.subject), col(SUBJECT), lit(name), col(FACET).fill_null(lit(""))];
    let of_rule = lit(requirement.debtor.code());
    let debtor = match measured.contains(DEBTOR) {
        true => col(DEBTOR).fill_null(of_rule),
        false => of_rule,
    };
    let debtor = when(col("outcome").eq(lit(Outcome::NotMet.code())))
        .then(debtor)
        .otherwise(lit(NULL).cast(DataType::String));
    vec![
        concat_str(key, "|", false).alias("key"),
        lit(requirement.subject).alias("subject_kind"),
        lit(pack.id.as_str()).alias("pack"),
        lit(requirement.id.as_str()).alias("requirement"),
        lit(requirement.topic.as_str()).alias("topic"),
        lit(requirement.measure.check).alias("check"),
        lit(requirement.force.code()).alias("force"),
        debtor.alias("debtor"),
    ]
}

/// The required amount, rounded as the text says; the same arithmetic as [`Rounding::apply`].
fn rounded(amount: Expr, rounding: Rounding) -> Expr {
    match rounding {
        Rounding::None => amount,
        Rounding::Up => {
            let up = (amount - lit(Rounding::NOISE)).ceil();
            when(up.clone().eq(lit(0.0))).then(lit(0.0)).otherwise(up) // never minus zero
        }
        Rounding::HalfUp => (amount + lit(0.5 + Rounding::NOISE)).floor(),
        Rounding::Down => (amount + lit(Rounding::NOISE)).floor(),
    }
}

/// How far two numbers may lie apart and still be equal: half the precision of the row's unit,
/// unless the measure knows it better.
fn slack(measured: &Schema) -> Expr {
    let half = if measured.contains(HALF_STEP) {
        col(HALF_STEP)
    } else {
        UNITS.iter().fold(lit(0.005), |rest, unit| {
            when(col("unit").eq(lit(unit.code))).then(lit(unit.step() / 2.0)).otherwise(rest)
        })
    };
    half + lit(Rounding::NOISE)
}

/// `_holds`, `_fails` and the raw shortfall; the same arithmetic as [`crate::quantity::Interval`].
fn verdict(comparison: Comparison) -> Vec<Expr> {
    let (m_low, m_high) = (col(LOW), col(HIGH));
    let (r_low, r_high) = (col("required_low"), col("required_high"));
    let half = col("_half");
    let not_negative = |expr: Expr| when(expr.clone().gt(lit(0.0))).then(expr).otherwise(lit(0.0));
    let (holds, fails, least, most) = match comparison {
        Comparison::AtLeast => (
            m_low.clone().gt_eq(r_high.clone() - half.clone()),
            m_high.clone().lt(r_low.clone() - half),
            not_negative(r_low - m_high),
            not_negative(r_high - m_low),
        ),
        Comparison::AtMost => (
            m_high.clone().lt_eq(r_low.clone() + half.clone()),
            m_low.clone().gt(r_high.clone() + half),
            not_negative(m_low - r_high),
            not_negative(m_high - r_low),
        ),
        Comparison::Equals => {
            let below = r_low - m_high.clone();
            let above = m_low.clone() - r_high.clone();
            let apart = when(below.clone().gt(above.clone())).then(below).otherwise(above);
            let (wide_up, wide_down) = (r_high - m_low, m_high - col("required_low"));
            let wide =
                when(wide_up.clone().gt(wide_down.clone())).then(wide_up).otherwise(wide_down);
            (
                wide.clone().lt_eq(half.clone()),
                apart.clone().gt(half),
                not_negative(apart),
                not_negative(wide),
            )
        }
    };
    vec![
        holds.alias("_holds"),
        fails.alias("_fails"),
        least.alias("shortfall_low"),
        most.alias("shortfall_high"),
    ]
}

/// Whether anything is asked of a subject at all, where the measure tells.
fn asked(schema: &Schema) -> Expr {
    if schema.contains(ASKED) { col(ASKED) } else { lit(true) }
}

/// Whether anything is due of a subject yet, where the measure tells; null where it cannot tell.
fn due_yet(schema: &Schema) -> Expr {
    if schema.contains(DUE) { col(DUE) } else { lit(true) }
}

/// Whether what holds is only not due yet, where the measure tells.
fn pending(schema: &Schema) -> Expr {
    if schema.contains(PENDING) { col(PENDING) } else { lit(false) }
}

fn outcome(due: bool) -> Expr {
    let text = |outcome: Outcome| lit(outcome.code());
    if !due {
        return text(Outcome::NotApplicable);
    }
    when(col("_applies").is_null())
        .then(text(Outcome::Unknown))
        .when(col("_applies").not().or(col("_due").not()))
        .then(text(Outcome::NotApplicable))
        .when(col("_holds").and(col("_pending")))
        .then(text(Outcome::NotApplicable))
        .when(col("_holds"))
        .then(text(Outcome::Met))
        .when(col("_due").is_null())
        .then(text(Outcome::Unknown))
        .when(col("_fails"))
        .then(text(Outcome::NotMet))
        .otherwise(text(Outcome::Unknown))
}

/// Whether the bases of the amount are known exactly.
fn bases_known(requirement: &Requirement) -> Expr {
    let known = requirement.amount.bases().into_iter().map(|base| {
        let [low, high] = base_columns(&base.column);
        col(low).eq(col(high))
    });
    known.reduce(Expr::and).unwrap_or(lit(true))
}

/// Whether nothing is known of something the amount depends on: that weighs more than any row.
fn bases_open(requirement: &Requirement) -> Expr {
    let open = requirement.amount.bases().into_iter().map(|base| {
        let [_, high] = base_columns(&base.column);
        col(high).is_infinite()
    });
    open.reduce(Expr::or).unwrap_or(lit(false))
}

fn because(requirement: &Requirement, due: bool) -> Expr {
    let text = |because: Because| lit(because.code());
    if !due {
        return text(Because::NotDue);
    }
    let not_met = match requirement.comparison {
        Comparison::AtLeast => Because::Short,
        Comparison::AtMost => Because::Over,
        Comparison::Equals => Because::Differs,
    };
    let is = |outcome: Outcome| col("outcome").eq(lit(outcome.code()));
    when(is(Outcome::Met))
        .then(lit(NULL).cast(DataType::String))
        .when(is(Outcome::NotMet))
        .then(text(not_met))
        .when(is(Outcome::NotApplicable).and(col("_applies")))
        .then(text(Because::NotDue))
        .when(is(Outcome::NotApplicable))
        .then(text(Because::OutOfScope))
        .when(col("_applies").is_null().or(col("_due").is_null().and(col("_fails"))))
        .then(text(Because::ScopeUnknown))
        .when(bases_open(requirement))
        .then(text(Because::BaseUnknown))
        .when(col(LOW).neq(col(HIGH)))
        .then(col(GAP))
        .when(bases_known(requirement).not())
        .then(text(Because::BaseUnknown))
        .otherwise(col(GAP))
}

fn because_rows(requirement: &Requirement) -> Expr {
    let gap = col(LOW).neq(col(HIGH)).or(bases_known(requirement));
    let unknown = col("outcome").eq(lit(Outcome::Unknown.code()));
    when(unknown.and(gap)).then(col(GAP_ROWS).cast(DataType::UInt32)).otherwise(lit(0u32))
}

/// A shortfall only under these outcomes: at least what is surely short, at most what may be.
fn settled(column: &str, outcomes: &[Outcome]) -> Expr {
    let is = |outcome: &Outcome| col("outcome").eq(lit(outcome.code()));
    let open = outcomes.iter().map(is).reduce(Expr::or).unwrap_or(lit(false));
    when(open).then(tidy(col(column))).otherwise(lit(0.0))
}

/// A hash of the numbers each outcome rests on: it changes when, and only when, they do.
pub fn facts(table: &DataFrame) -> PolarsResult<Column> {
    let columns = ["measured_low", "measured_high", "required_low", "required_high"];
    let numbers: Vec<&Float64Chunked> =
        columns.iter().map(|name| table.column(name)?.f64()).collect::<PolarsResult<_>>()?;
    let outcomes = table.column("outcome")?.str()?;
    let hashes: Vec<String> = (0..table.height())
        .map(|row| {
            let numbers: Vec<String> =
                numbers.iter().map(|column| format!("{:?}", column.get(row))).collect();
            let text = format!("{}|{}", numbers.join("|"), outcomes.get(row).unwrap_or(""));
            sha256(text.as_bytes())[..16].to_owned()
        })
        .collect();
    Ok(Column::new("facts".into(), hashes))
}
