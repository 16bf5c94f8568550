//! Worked cases: each pack says what its requirements must answer, and the real checks answer.

use std::collections::BTreeSet;

use crate::assessment::{Assessment, Outcome};
use crate::error::Result;
use crate::geometry::{bounds, wkt};
use crate::inventory::{Column, Gathering, Inventory, Kind, Table, subject_table, table};
use crate::layer::{Grid, Shapes};
use crate::mapping::{Input, apply, guess_for};
use crate::measure::{SUBJECT, subjects};
use crate::quantity::Interval;
use crate::standard::{
    Case, Expectation, GEOMETRY, GivenRow, Library, Pack, Requirement, base_columns,
};
use crate::words::Words;
use polars::prelude::{col, lit};

use super::{Owing, Question, assess};

/// What came of a pack's worked cases.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseReport {
    /// The pack's id.
    pub pack: String,
    /// How many expectations held.
    pub passed: usize,
    /// The expectations that did not hold.
    pub failures: Vec<CaseFailure>,
}

/// An expectation that did not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFailure {
    /// The file the case stands in.
    pub file: String,
    /// The line it starts on.
    pub line: usize,
    /// What the case shows.
    pub case: String,
    /// What was expected and what was found.
    pub words: Words,
}

/// Runs all worked cases of a pack through the checks.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn run_cases(pack: &Pack) -> Result<CaseReport> {
    let mut report = CaseReport { pack: pack.id.clone(), passed: 0, failures: Vec::new() };
    for case in &pack.cases {
        let failures = failures_of(pack, case)?;
        report.passed += case.expect.len().saturating_sub(failures.len());
        report.failures.extend(failures);
    }
    Ok(report)
}

/// The first worked case that does not hold, those about one requirement first; quicker than all
/// when one is enough.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn first_failure(pack: &Pack, about: &str) -> Result<Option<CaseFailure>> {
    let is_about = |case: &&Case| case.expect.iter().any(|one| one.requirement == about);
    let (first, rest): (Vec<&Case>, Vec<&Case>) = pack.cases.iter().partition(is_about);
    for case in first.into_iter().chain(rest) {
        if let Some(failure) = failures_of(pack, case)?.into_iter().next() {
            return Ok(Some(failure));
        }
    }
    Ok(None)
}

fn failures_of(pack: &Pack, case: &Case) -> Result<Vec<CaseFailure>> {
    let inventory = inventory_of(pack, case)?;
    let answered = answer(pack, case, &inventory)?;
    let mut failed = Vec::new();
    for expected in &case.expect {
        failed.extend(compare(pack, expected, &answered.all));
        failed.extend(wrong_advice(pack, expected, &answered.all, &inventory)?);
        failed.extend(wrong_consequences(pack, expected, &answered));
    }
    Ok(failed
        .into_iter()
        .map(|words| CaseFailure {
            file: pack.file.clone(),
            line: case.line,
            case: case.name.clone().unwrap_or_default(),
            words,
        })
        .collect())
}

/// The pack with the topics the case asks about, each as a whole: the others answer nothing in it.
fn asked(pack: &Pack, case: &Case) -> Pack {
    let expected = case.expect.iter().filter_map(|one| pack.requirement(&one.requirement));
    // A requirement may lean on another of the text, which may lean on formulas in its turn.
    let leans_on = |one: &'_ Requirement| {
        let named = one.rule.iter().chain(one.recoverable.iter().map(|owed| &owed.rule));
        named
            .filter_map(|id| pack.requirement(id))
            .flat_map(Requirement::topics)
            .collect::<Vec<_>>()
    };
    let topics: BTreeSet<String> =
        expected.flat_map(|one| one.topics().into_iter().chain(leans_on(one))).collect();
    let mut asked = pack.clone();
    asked.requirements.retain(|one| topics.contains(&one.topic));
    asked
}

/// What the checks say of a case.
struct Answered {
    all: Vec<Assessment>,
    owing: Owing,
}

fn answer(pack: &Pack, case: &Case, inventory: &Inventory) -> Result<Answered> {
    let mut library = Library::default();
    library.add(asked(pack, case));
    let first_day = pack.from.or(pack.issued.map(|issued| issued.last()));
    let question = Question {
        place: pack.place.clone(),
        day: case.as_of.or(first_day).unwrap_or(crate::day::Day::constant(2000, 1, 1)),
        named: [pack.id.clone()].into(),
        wider: false,
    };
    let table = assess(inventory, &library, &question)?.assessments;
    if table.width() == 0 {
        return Ok(Answered { all: Vec::new(), owing: Owing::default() });
    }
    let all = Assessment::all(&table)?;
    let further = |one: &Expectation| one.states.is_some() || !one.yuan.is_empty();
    let owing = match case.expect.iter().any(further) {
        true => Owing::of(inventory, &library, &question, &table, &all)?,
        false => Owing::default(),
    };
    Ok(Answered { all, owing })
}

/// What is wrong with who owes it, where it stands or what it comes to in money, if anything.
fn wrong_consequences(pack: &Pack, expected: &Expectation, answered: &Answered) -> Option<Words> {
    let named = |one: &&Assessment| {
        expected.subject.as_ref().is_none_or(|part| one.label.ends_with(part.as_str()))
    };
    let id = &expected.requirement;
    let one = answered.all.iter().filter(|one| one.requirement == *id).find(named)?;
    let chained = answered.owing.chain(&one.pack, id, &one.subject);
    let differ = |what: Words, want: String, got: String| {
        Words::new(
            format!("{id}：{}应为 {want}，实为 {got}", what.zh),
            format!("{id}: {} should be {want}, found {got}", what.en),
        )
    };
    if let Some(debtor) =
        expected.debtor.as_ref().filter(|debtor| one.debtor.as_ref() != Some(debtor))
    {
        let got = one.debtor.clone().unwrap_or_else(|| "-".to_owned());
        return Some(differ(Words::new("责任方", "the debtor"), debtor.clone(), got));
    }
    if let Some(states) = &expected.states {
        let found = chained.map(|chained| &chained.states).into_iter().flatten();
        let found: Vec<&str> = found.map(|state| state.code()).collect();
        if found != states.iter().map(String::as_str).collect::<Vec<_>>() {
            let (want, got) = (states.join(", "), found.join(", "));
            return Some(differ(Words::new("状态", "the states"), want, got));
        }
    }
    let rule = pack.requirement(id)?;
    let cost = chained.map_or(Interval::UNKNOWN, |chained| chained.construction_cost);
    expected.yuan.iter().find_map(|(act, (from, to))| {
        let remedy = rule.remedies.iter().find(|remedy| remedy.act.code() == act);
        let sum = remedy.and_then(|remedy| remedy.money(one.shortfall, cost));
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
        if sum.is_some_and(|sum| near(sum.low, *from) && near(sum.high, *to)) {
            return None;
        }
        let got = sum.map_or("-".to_owned(), |sum| format!("{}..{}", sum.low, sum.high));
        Some(differ(Words::same(act), format!("{from}..{to}"), got))
    })
}

/// A small inventory of what the case gives: the subject, and rows of other tables tied to it.
fn inventory_of(pack: &Pack, case: &Case) -> Result<Inventory> {
    const NAME: &str = "例";
    let mut gathering = Gathering::default();
    let subject = case
        .expect
        .iter()
        .find_map(|expected| pack.requirement(&expected.requirement))
        .map(|requirement| requirement.subject);
    let own_table = subject.and_then(subject_table);
    // Inputs and figures are judged as they are; rooms and people need someone they belong to.
    let rows_of_own = |table: &Table| case.rows.iter().any(|(name, _)| *name == table.name);
    let host = match subject {
        Some("input") => table("communities").filter(|communities| !rows_of_own(communities)),
        _ => own_table.filter(|own| own.name != "aggregates"),
    };
    let mut name = NAME.to_owned();
    if let Some(host) = host {
        let mut cells = case.subject.clone();
        if let Some((_, given)) = cells.iter().find(|(column, _)| *column == host.label) {
            name.clone_from(given);
        }
        if !cells.iter().any(|(column, _)| *column == host.label) {
            cells.push((host.label.clone(), NAME.to_owned()));
        }
        // A facility is owed by an estate, and a phase is one of it; both go by one name unless the
        // case says otherwise.
        if ["facilities", "phases"].contains(&host.name.as_str()) {
            for column in ["id", "estate"] {
                if !cells.iter().any(|(given, _)| given == column) {
                    cells.push((column.to_owned(), NAME.to_owned()));
                }
            }
            if !rows_of_own(table("estates").expect("estates are declared")) {
                let estates = table("estates").expect("estates are declared");
                add(&mut gathering, estates, &[vec![("name".to_owned(), NAME.to_owned())]]);
            }
        }
        add(&mut gathering, host, &[cells]);
    }
    for (of, rows) in &case.rows {
        let table = table(of).expect("the case was vetted");
        let owner = table.columns.iter().find(|column| {
            column.kind == Kind::Ref && column.to.as_deref() == host.map(|host| host.name.as_str())
        });
        let rows: Vec<GivenRow> = rows
            .iter()
            .map(|row| {
                let mut row = row.clone();
                if let Some(owner) = owner
                    && !row.iter().any(|(column, _)| *column == owner.name)
                {
                    row.push((owner.name.clone(), name.clone()));
                }
                // An event that names no other subject is the subject's own.
                let of_facility = matches!(subject, Some("facility" | "phase"));
                let has =
                    |row: &GivenRow, wanted: &str| row.iter().any(|(column, _)| column == wanted);
                if table.name == "events" && !has(&row, "subject") {
                    let kind = row.iter().find(|(column, _)| column == "subject_kind");
                    let own = subject.filter(|_| of_facility).unwrap_or("estate");
                    let kind = kind.map_or(own.to_owned(), |(_, kind)| kind.clone());
                    let called = if kind == "facility" { NAME.to_owned() } else { name.clone() };
                    row.push((
                        "subject".to_owned(),
                        if of_facility { NAME.to_owned() } else { called },
                    ));
                    if !has(&row, "subject_kind") {
                        row.push(("subject_kind".to_owned(), kind));
                    }
                }
                let of_estate = ["events", "phases", "buildings", "facilities"];
                let of_estate = of_estate.contains(&table.name.as_str());
                if of_facility && of_estate && !has(&row, "estate") {
                    row.push(("estate".to_owned(), NAME.to_owned()));
                }
                row
            })
            .collect();
        add(&mut gathering, table, &rows);
    }
    for complete in &case.complete {
        gathering.declare(complete, true);
    }
    gathering.finish("")
}

/// Reads the given cells as a file with these rows would be read.
fn add(gathering: &mut Gathering, table: &'static Table, rows: &[GivenRow]) {
    let used = |column: &&Column| rows.iter().flatten().any(|(name, _)| *name == column.name);
    let columns: Vec<&Column> = table.columns.iter().filter(used).collect();
    let mut grid = Grid::default();
    grid.push_row(columns.iter().map(|column| column.name.as_str()));
    for cells in rows {
        let cell = |column: &&Column| {
            let given = cells.iter().find(|(name, _)| *name == column.name);
            given.map_or("", |(_, text)| text.as_str())
        };
        grid.push_row(columns.iter().map(cell));
    }
    let drawn = draw(&mut grid, rows);
    let crs = drawn.then_some("EPSG:4490");
    let input = Input { file: "case", path: "", sha256: "", grid: &grid, crs };
    if let Some(guess) = guess_for(&grid, table, Some((0, 0))) {
        apply(&guess.mappings, input, gathering);
    }
}

/// Puts the geometry of a case's rows beside them; whether there is any.
fn draw(grid: &mut Grid, rows: &[GivenRow]) -> bool {
    let given = |row: &GivenRow| {
        let text = row.iter().find(|(name, _)| name == GEOMETRY);
        text.and_then(|(_, text)| wkt::read(text).ok()).map(|(_, geometry)| geometry)
    };
    let mut shapes = Shapes { all: vec![None], ..Shapes::default() };
    let mut any = false;
    for (number, row) in rows.iter().enumerate() {
        let given = given(row);
        any |= given.is_some();
        shapes.all.push(match given.map(bounds::kept) {
            Some(Ok(geometry)) => Some(geometry),
            Some(Err(words)) => {
                shapes.faults.push((number + 1, words));
                None
            }
            None => None,
        });
    }
    if any {
        grid.shapes = Some(shapes);
    }
    any
}

/// What is wrong with the amount it is advised not to exceed, if anything.
fn wrong_advice(
    pack: &Pack,
    expected: &Expectation,
    all: &[Assessment],
    inventory: &Inventory,
) -> Result<Option<Words>> {
    let Some(advised) = expected.advised else { return Ok(None) };
    let name = &expected.requirement;
    let requirement = pack.requirement(name).expect("the case was vetted");
    let named = |one: &&Assessment| {
        expected.subject.as_ref().is_none_or(|part| one.label.ends_with(part.as_str()))
    };
    let one = all.iter().filter(|one| one.requirement == *name).find(named);
    let amount = requirement.amount.advised();
    let rows = subjects(inventory, requirement.subject)?;
    let rows = match one {
        Some(one) => rows.filter(col(SUBJECT).eq(lit(one.subject.as_str()))).collect()?,
        None => return Ok(None),
    };
    let end = |column: String| rows.column(&column).ok()?.f64().ok()?.get(0);
    let base = |column: &str| {
        let [low, high] = base_columns(column);
        Interval::between(end(low).unwrap_or(0.0), end(high).unwrap_or(f64::INFINITY))
    };
    let found = amount.map(|amount| amount.at(&base));
    if found.is_some_and(|found| found.is_exact() && (found.low - advised).abs() < 1e-6) {
        return Ok(None);
    }
    let got = found.map_or("-".to_owned(), |found| format!("{}..{}", found.low, found.high));
    Ok(Some(Words::new(
        format!("{name}：建议的上限应为 {advised}，实为 {got}"),
        format!("{name}: advised {advised} was expected, found {got}"),
    )))
}

/// What is wrong with the answer, if anything.
fn compare(pack: &Pack, expected: &Expectation, all: &[Assessment]) -> Option<Words> {
    let fits = |one: &&Assessment| {
        let named = expected.subject.as_ref().is_none_or(|part| one.label.ends_with(part.as_str()));
        one.pack == pack.id && one.requirement == expected.requirement && named
    };
    let found: Vec<&Assessment> = all.iter().filter(fits).collect();
    let [one] = found.as_slice() else {
        let count = found.len();
        let name = &expected.requirement;
        return Some(Words::new(
            format!("{name}：应恰有一条结论，实有 {count} 条"),
            format!("{name}: exactly one assessment was expected, there are {count}"),
        ));
    };
    let show = |required: Option<Interval>, shortfall: Option<Interval>, outcome: &str| {
        let numbers = [("required", required), ("shortfall", shortfall)];
        let numbers: Vec<String> = numbers
            .iter()
            .filter_map(|(name, value)| {
                value.map(|value| format!("{name} {}..{}", value.low, value.high))
            })
            .collect();
        format!("{outcome} {}", numbers.join(", "))
    };
    let close = |value: Interval, expected: Option<f64>| {
        let near = |end: f64, expected: f64| (end - expected).abs() < 1e-6;
        expected.is_none_or(|expected| near(value.low, expected) && near(value.high, expected))
    };
    let outcome = Outcome::of(&expected.outcome) == Some(one.outcome);
    if outcome && close(one.required, expected.required) && close(one.shortfall, expected.shortfall)
    {
        return None;
    }
    let want = show(
        expected.required.map(Interval::exactly),
        expected.shortfall.map(Interval::exactly),
        &expected.outcome,
    );
    let got = show(
        expected.required.map(|_| one.required),
        expected.shortfall.map(|_| one.shortfall),
        one.outcome.code(),
    );
    let name = &expected.requirement;
    Some(Words::new(
        format!("{name}：应为 {want}，实为 {got}"),
        format!("{name}: expected {want}, found {got}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_worked_case_of_every_shipped_text_holds() {
        for pack in Library::shipped().packs() {
            let report = run_cases(pack).expect("the cases run");
            assert!(report.failures.is_empty(), "{:#?}", report.failures);
            assert!(report.passed > 0, "{} has no worked case", pack.id);
        }
    }
}
