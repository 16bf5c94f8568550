//! The values a score sheet asks for, of every subject, each with the cells it was read from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::{Error, Result};
use crate::inventory::{Column, Kind, Table, high, low, subject_table, table};
use crate::measure::dates::begun;
use crate::measure::{Measure, SUBJECT, Selection};
use crate::quantity::{Interval, Unit};
use crate::standard::{Condition, all};

use super::sheet::{Draw, ScoreSheet, Take};

/// A value that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// All values it could have.
    pub value: Interval,
    /// The number to go by; nothing when it is missing.
    pub stated: Option<f64>,
    /// Its unit.
    pub unit: Option<Unit>,
    /// Per what, for one value divided by another of another unit.
    pub per: Option<Unit>,
    /// The cells it was read from, or what it was worked out from.
    pub cells: Vec<String>,
}

impl Drawn {
    /// Nothing is known.
    pub fn missing() -> Drawn {
        Drawn { value: Interval::UNKNOWN, stated: None, unit: None, per: None, cells: Vec::new() }
    }

    fn of(value: Interval, unit: Option<Unit>, cells: Vec<String>) -> Drawn {
        Drawn { value, stated: value.is_exact().then_some(value.low), unit, per: None, cells }
    }

    /// Whether it is known, but not exactly.
    pub fn is_about(&self) -> bool {
        self.stated.is_some() && !self.value.is_exact()
    }
}

/// One subject that may be ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Its id; its name in the sheet of scores when no row of its own is known.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Whether it has a row of its own.
    pub known: bool,
}

/// What the sheet of scores says of one subject and one item.
#[derive(Debug, Clone)]
struct Said {
    period: Option<String>,
    value: Interval,
    stated: Option<f64>,
    unit: Option<Unit>,
    weight: Option<f64>,
    cell: String,
}

/// Everything a score sheet can draw from.
pub struct Sources<'a> {
    audit: &'a Audit,
    kind: &'static str,
    table: &'static Table,
    said: BTreeMap<(String, String), Vec<Said>>,
    rows: HashMap<String, usize>,
    subjects: Vec<Subject>,
    strangers: Vec<String>,
}

impl<'a> Sources<'a> {
    /// Gathers the subjects of a sheet and what the sheet of scores says of them.
    ///
    /// # Errors
    /// When the engine fails, which would be a defect.
    pub fn of(audit: &'a Audit, sheet: &ScoreSheet) -> Result<Sources<'a>> {
        let own = subject_table(sheet.subject).expect("what can be ranked has a table");
        let frame = audit.inventory.table(&own.name);
        let (ids, labels) = (frame.column("id")?.str()?, frame.column(&own.label)?.str()?);
        let member = frame.clone().lazy().select([all(&sheet.applies).alias("member")]);
        let member = member.collect()?;
        let member = member.column("member")?.bool()?;
        let mut rows = HashMap::new();
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for row in 0..frame.height() {
            let Some(id) = ids.get(row) else { continue };
            rows.insert(id.to_owned(), row);
            if let Some(name) = labels.get(row) {
                names.entry(plain(name)).or_default().push(row);
            }
        }
        let meant = |text: &str| -> Option<usize> {
            if let Some(row) = rows.get(text) {
                return Some(*row);
            }
            match names.get(&plain(text)).map(Vec::as_slice) {
                Some([row]) => Some(*row),
                _ => None,
            }
        };
        let (said, strangers) = said(audit, sheet.subject, &|text| {
            meant(text).and_then(|row| ids.get(row)).map(str::to_owned)
        })?;
        let scored: BTreeSet<&String> = said.keys().map(|(subject, _)| subject).collect();
        let mut subjects = Vec::new();
        for row in 0..frame.height() {
            let Some(id) = ids.get(row) else { continue };
            // Without a condition, those the sheet of scores names, or all where there is none.
            let stands = match sheet.applies.is_empty() {
                true => scored.is_empty() || scored.contains(&id.to_owned()),
                false => member.get(row) != Some(false),
            };
            if stands {
                let label = labels.get(row).unwrap_or(id).to_owned();
                subjects.push(Subject { id: id.to_owned(), label, known: true });
            }
        }
        // Where the sheet says who stands, nobody can tell it of a name that is in no list.
        let mut left_out = Vec::new();
        if sheet.applies.is_empty() {
            subjects.extend(strangers.into_iter().map(|name| Subject {
                id: name.clone(),
                label: name,
                known: false,
            }));
        } else {
            left_out = strangers;
        }
        let (kind, strangers) = (sheet.subject, left_out);
        Ok(Sources { audit, kind, table: own, said, rows, subjects, strangers })
    }

    /// Names that only the sheet of scores has and that are left out.
    pub fn strangers(&self) -> &[String] {
        &self.strangers
    }

    /// The subjects, in the order of their table; those only the sheet of scores names come last.
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// The weight that the sheet of scores gives an item.
    pub fn weight_of(&self, item: &str) -> Option<f64> {
        let all = self.said.iter().filter(|((_, name), _)| name == item);
        let mut weights = all.flat_map(|(_, said)| said).filter_map(|said| said.weight);
        weights.next()
    }

    /// The items the sheet of scores has.
    pub fn items(&self) -> Vec<&str> {
        let all: BTreeSet<&str> = self.said.keys().map(|(_, item)| item.as_str()).collect();
        all.into_iter().collect()
    }

    /// The values of all subjects, in their order.
    ///
    /// # Errors
    /// [`Error::Refused`] for an item or a requirement that does not exist.
    pub fn draw(&self, draw: &Draw) -> Result<Vec<Drawn>> {
        match draw {
            Draw::Item(item) => self.item(item),
            Draw::Column(column) => self.column(column),
            Draw::Measure(measure, counts) => self.measure(measure, counts),
            Draw::Found(name, take) => self.found(name, *take),
            Draw::Per(above, below) => {
                let (above, below) = (self.draw(above)?, self.draw(below)?);
                Ok(above.into_iter().zip(below).map(|(above, below)| over(above, below)).collect())
            }
        }
    }

    fn item(&self, item: &str) -> Result<Vec<Drawn>> {
        let known = self.items();
        if !known.contains(&item) {
            let near = crate::document::nearest(item, &known);
            let hint = |text: &str| near.map_or(String::new(), |near| format!("{text}{near}"));
            return Err(Error::refused(
                format!(
                    "评分细则：没有一项指标叫“{item}”{}；现有：{}",
                    hint("，最接近："),
                    known.join("、")
                ),
                format!(
                    "score sheet: no indicator is called `{item}`{}; there are: {}",
                    hint(", nearest: "),
                    known.join(", ")
                ),
            ));
        }
        let one = |subject: &Subject| {
            let said = self.said.get(&(subject.id.clone(), item.to_owned()));
            said.map_or_else(Drawn::missing, |said| latest(said))
        };
        Ok(self.subjects.iter().map(one).collect())
    }

    fn column(&self, column: &Column) -> Result<Vec<Drawn>> {
        let inventory = &self.audit.inventory;
        let frame = inventory.table(&self.table.name);
        let (sources, numbers) = (frame.column("_source")?.u32()?, frame.column("_row")?.u32()?);
        let cell = |row: usize| -> Vec<String> {
            let source = sources.get(row).and_then(|at| inventory.sources.get(at as usize));
            let number = numbers.get(row);
            source
                .zip(number)
                .map(|(source, row)| source.cell(&column.name, row))
                .into_iter()
                .collect()
        };
        let mut all = Vec::with_capacity(self.subjects.len());
        for subject in &self.subjects {
            let Some(&row) = self.rows.get(&subject.id) else {
                all.push(Drawn::missing());
                continue;
            };
            let (value, stated) = read(frame, column, row)?;
            all.push(Drawn { value, stated, unit: column.unit(), per: None, cells: cell(row) });
        }
        Ok(all)
    }

    fn measure(&self, measure: &Measure, counts: &[Condition]) -> Result<Vec<Drawn>> {
        let day = self.audit.question.day;
        let member = match measure.counts {
            // A lease that has not begun gives nobody a room yet.
            Some("premises") => all(counts).and(begun("lease_from", day)),
            _ => all(counts),
        };
        let selection = Selection::of(member, Some(day));
        let found = measure.values(&self.audit.inventory, &selection)?;
        let unit = measure.unit.and_then(Unit::of);
        let cells = self.cells(measure, counts)?;
        let one = |subject: &Subject| match found.get(subject.id.as_str()) {
            Some(value) => {
                Drawn::of(*value, unit, cells.get(&subject.id).cloned().unwrap_or_default())
            }
            None => Drawn::missing(),
        };
        Ok(self.subjects.iter().map(one).collect())
    }

    /// The cells of the rows a measure counts, or may count, by subject.
    fn cells(
        &self,
        measure: &Measure,
        counts: &[Condition],
    ) -> Result<HashMap<String, Vec<String>>> {
        let Some(field) = measure.fields.first() else { return Ok(HashMap::new()) };
        let rows = (measure.rows)(&self.audit.inventory)?;
        let rows = rows.filter(all(counts).fill_null(lit(true)));
        let rows = rows.select([col(SUBJECT), col("_source"), col("_row")]).collect()?;
        let subjects = rows.column(SUBJECT)?.str()?;
        let (sources, numbers) = (rows.column("_source")?.u32()?, rows.column("_row")?.u32()?);
        let mut cells: HashMap<String, Vec<String>> = HashMap::new();
        for row in 0..rows.height() {
            let source =
                sources.get(row).and_then(|at| self.audit.inventory.sources.get(at as usize));
            if let (Some(subject), Some(source), Some(number)) =
                (subjects.get(row), source, numbers.get(row))
            {
                cells.entry(subject.to_owned()).or_default().push(source.cell(field, number));
            }
        }
        Ok(cells)
    }

    fn found(&self, name: &str, take: Take) -> Result<Vec<Drawn>> {
        let of_it = |one: &&Assessment| {
            format!("{}/{}", one.pack, one.requirement) == name && one.subject_kind == self.kind
        };
        let mut by_subject: HashMap<&str, &Assessment> = HashMap::new();
        for one in self.audit.assessments.iter().filter(of_it) {
            by_subject.insert(&one.subject, one);
        }
        if by_subject.is_empty() {
            let kind = self.kind;
            let known: Vec<String> = self
                .audit
                .assessments
                .iter()
                .filter(|one| one.subject_kind == kind)
                .map(|one| format!("{}/{}", one.pack, one.requirement))
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect();
            return Err(Error::refused(
                format!("评分细则：没有要求“{name}”的结论；现有：{}", known.join("、")),
                format!(
                    "score sheet: nothing was found under `{name}`; there are: {}",
                    known.join(", ")
                ),
            ));
        }
        let one = |subject: &Subject| match by_subject.get(subject.id.as_str()) {
            Some(one) => taken(one, take),
            None => Drawn::missing(),
        };
        Ok(self.subjects.iter().map(one).collect())
    }
}

/// What an assessment gives.
fn taken(one: &Assessment, take: Take) -> Drawn {
    let cells = vec![one.key.clone()];
    let applies = one.outcome != Outcome::NotApplicable;
    let short = if applies { one.shortfall } else { Interval::exactly(0.0) };
    match take {
        Take::Measured => Drawn::of(one.measured, one.unit, cells),
        Take::Required => Drawn::of(one.required, one.unit, cells),
        Take::Shortfall => Drawn::of(short, one.unit, cells),
        Take::Share => {
            let required = Drawn::of(one.required, one.unit, Vec::new());
            match applies {
                true => over(Drawn::of(short, one.unit, cells), required),
                false => Drawn::of(short, Unit::of("ratio"), cells),
            }
        }
        Take::NotMet => {
            let value = match one.outcome {
                Outcome::NotMet => Interval::exactly(1.0),
                Outcome::Unknown => Interval::between(0.0, 1.0),
                Outcome::Met | Outcome::NotApplicable => Interval::exactly(0.0),
            };
            Drawn::of(value, None, cells)
        }
    }
}

/// One value divided by another; missing where it may be divided by nothing.
fn over(above: Drawn, below: Drawn) -> Drawn {
    let cells: Vec<String> = above.cells.into_iter().chain(below.cells).collect();
    if below.value.low <= 0.0 && below.stated.is_none_or(|below| below <= 0.0) {
        return Drawn { cells, ..Drawn::missing() };
    }
    let least = if below.value.high.is_finite() { above.value.low / below.value.high } else { 0.0 };
    let most =
        if below.value.low > 0.0 { above.value.high / below.value.low } else { f64::INFINITY };
    let stated = above.stated.zip(below.stated).map(|(above, below)| above / below);
    let (unit, per) = match above.unit == below.unit {
        true => (Unit::of("ratio"), None),
        false => (above.unit, below.unit),
    };
    Drawn { value: Interval::between(least, most), stated, unit, per, cells }
}

/// What a column says of one row: numbers, yes and no as 1 and 0, a day as its year.
fn read(frame: &DataFrame, column: &Column, row: usize) -> Result<(Interval, Option<f64>)> {
    let name = column.name.as_str();
    let exactly = |value: Option<f64>| (value.map_or(Interval::UNKNOWN, Interval::exactly), value);
    Ok(match column.kind {
        Kind::Flag => {
            exactly(frame.column(name)?.bool()?.get(row).map(|is| f64::from(u8::from(is))))
        }
        Kind::Year => exactly(frame.column(name)?.i32()?.get(row).map(f64::from)),
        Kind::Date => {
            let text = frame.column(name)?.str()?.get(row);
            exactly(text.and_then(|text| text.get(..4)?.parse().ok()))
        }
        _ => {
            let end =
                |name: &str| -> Result<Option<f64>> { Ok(frame.column(name)?.f64()?.get(row)) };
            let bounds = end(&low(name))?.zip(end(&high(name))?);
            let value =
                bounds.map_or(Interval::UNKNOWN, |(low, high)| Interval::between(low, high));
            let stated = end(name)?.or_else(|| value.is_exact().then_some(value.low));
            (value, stated)
        }
    })
}

/// What several rows of one subject and item say together: the latest period; of several scores in
/// it their mean.
fn latest(said: &[Said]) -> Drawn {
    let when = |one: &Said| one.period.as_deref().map(|text| (moment(text), text.to_owned()));
    let last = said.iter().map(when).max();
    let of_last: Vec<&Said> = said.iter().filter(|one| Some(when(one)) == last).collect();
    let count = of_last.len() as f64;
    let ends = |end: fn(&Said) -> f64| of_last.iter().map(|one| end(one)).sum::<f64>() / count;
    let stated: Option<Vec<f64>> = of_last.iter().map(|one| one.stated).collect();
    Drawn {
        value: Interval::between(ends(|one| one.value.low), ends(|one| one.value.high)),
        stated: stated.map(|all| all.iter().sum::<f64>() / count),
        unit: of_last.first().and_then(|one| one.unit),
        per: None,
        cells: of_last.iter().map(|one| one.cell.clone()).collect(),
    }
}

/// The numbers of a period, the year first: `2023年9月` comes before `202310`, and both after `2022`.
fn moment(period: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    for digits in period.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()) {
        // Of 202310 and 20231001 the year is the first four digits.
        let (year, rest) = match numbers.is_empty() && matches!(digits.len(), 6 | 8) {
            true => digits.split_at(4),
            false => (digits, ""),
        };
        let rest = [rest.get(..2), rest.get(2..).filter(|day| !day.is_empty())];
        let parts = std::iter::once(year).chain(rest.into_iter().flatten());
        numbers.extend(parts.filter_map(|part| part.parse::<u32>().ok()));
    }
    numbers
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The rows of the sheet of scores by subject and item, and the names that fit no subject.
#[expect(clippy::type_complexity, reason = "two plain collections")]
fn said(
    audit: &Audit,
    kind: &str,
    meant: &dyn Fn(&str) -> Option<String>,
) -> Result<(BTreeMap<(String, String), Vec<Said>>, Vec<String>)> {
    let inventory = &audit.inventory;
    let frame = inventory.table("indicators");
    let text = |name: &str| frame.column(name)?.str();
    let number = |name: &str| frame.column(name)?.f64();
    let (kinds, subjects, items) = (text("subject_kind")?, text("subject")?, text("item")?);
    let (periods, units) = (text("period")?, text("unit")?);
    let (stated, scores, weights) = (number("value")?, number("score")?, number("weight")?);
    let (lows, highs) = (number(&low("value"))?, number(&high("value"))?);
    let (sources, rows) = (frame.column("_source")?.u32()?, frame.column("_row")?.u32()?);
    let fields = text("_field")?;
    let mut all: BTreeMap<(String, String), Vec<Said>> = BTreeMap::new();
    let mut strangers: Vec<String> = Vec::new();
    let declared = table("indicators").expect("declared");
    let known_unit = declared.column("value").and_then(Column::unit);
    for at in 0..frame.height() {
        let of_kind = kinds.get(at).is_none_or(|one| one == kind);
        let (Some(subject), Some(item), true) = (subjects.get(at), items.get(at), of_kind) else {
            continue;
        };
        let id = meant(subject).unwrap_or_else(|| {
            if !strangers.contains(&subject.to_owned()) {
                strangers.push(subject.to_owned());
            }
            subject.to_owned()
        });
        let source = sources.get(at).and_then(|source| inventory.sources.get(source as usize));
        let field = fields.get(at).unwrap_or("value");
        let cell = source.zip(rows.get(at)).map(|(source, row)| source.cell(field, row));
        let bounds = lows.get(at).zip(highs.get(at));
        let value = bounds.map_or(Interval::UNKNOWN, |(low, high)| Interval::between(low, high));
        let stated = stated.get(at).or_else(|| value.is_exact().then_some(value.low));
        // A list may give scores instead of values.
        let (value, stated) = match (stated, scores.get(at)) {
            (None, Some(score)) if value == Interval::UNKNOWN => {
                (Interval::exactly(score), Some(score))
            }
            (stated, _) => (value, stated),
        };
        all.entry((id, item.to_owned())).or_default().push(Said {
            period: periods.get(at).map(str::to_owned),
            value,
            stated,
            unit: units.get(at).and_then(Unit::named).or(known_unit),
            weight: weights.get(at),
            cell: cell.unwrap_or_default(),
        });
    }
    Ok((all, strangers))
}
