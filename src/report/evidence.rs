//! The cells an assessment rests on: where each stands and what it says.

mod taken;

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::assessment::Assessment;
use crate::audit::Audit;
use crate::check::counting;
use crate::error::Result;
use crate::inventory::{Column, Inventory, Table, high, low, table};
use crate::mapping::{category_name, names_categories};
use crate::measure::dates::begun;
use crate::measure::doubts_of;
use crate::measure::map::kind_of;
use crate::measure::{FACET, SUBJECT, ordered};
use crate::quantity::{Interval, Unit};
use crate::standard::{Condition, Requirement, all};
use crate::words::{Lang, Words};

use taken::{BEGUN, COUNTS, Taken};

/// One cell: its address, what it is, and what it was read as.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its address: `台账.xlsx!城东!F17`; without a column letter when the source has no such column.
    pub address: String,
    /// Whether the source has such a column at all.
    pub present: bool,
    /// What it is: `用房面积`.
    pub name: Words,
    /// What it was read as.
    pub value: Words,
    /// The number it was read as, for cells that are parts of the measured value.
    pub part: Option<Interval>,
}

/// The cells behind all assessments of one requirement, by subject and facet.
#[derive(Debug)]
pub struct Evidence {
    cells: BTreeMap<(String, Option<String>), Vec<Cell>>,
    bases: BTreeMap<(String, String), Interval>,
}

/// Whether cells are the subject's own, or parts of what is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Own,
    Part,
}

impl Evidence {
    /// Gathers the cells of every subject, or of some.
    ///
    /// # Errors
    /// When the engine fails, which would be a defect.
    pub fn of(audit: &Audit, requirement: &Requirement, only: Option<&[&str]>) -> Result<Evidence> {
        let (inventory, day) = (&audit.inventory, audit.question.day);
        let mut evidence = Evidence { cells: BTreeMap::new(), bases: BTreeMap::new() };
        if requirement.subject == "input" {
            evidence.add_accounts(inventory, requirement);
            return Ok(evidence);
        }
        let wanted = match only {
            Some(subjects) => Some(df!(SUBJECT => subjects)?.lazy()),
            None => None,
        };
        let one = |frame: LazyFrame| match &wanted {
            Some(wanted) => {
                let semi = ordered(JoinType::Semi);
                frame.join(wanted.clone(), [col(SUBJECT)], [col(SUBJECT)], semi)
            }
            None => frame,
        };
        // A place is all its communities: their own findings show their cells.
        let Some(own) = requirement.table else {
            return Ok(evidence);
        };
        let conditions = requirement.applies.iter().map(|condition| condition.column.name.as_str());
        let bases = requirement.amount.bases();
        let bases = bases.iter().map(|base| base.column.as_str());
        let judged_on = || requirement.judged_on.iter().map(String::as_str);
        let dates = requirement.dates().map(|date| -> &str { date });
        let stages: Vec<&str> =
            dates.chain(judged_on()).filter(|date| own.column(date).is_none()).collect();
        let own_column = |name: &&str| own.column(name).is_some();
        let mut fields: Vec<&str> =
            bases.chain(conditions).chain(judged_on()).filter(own_column).collect();
        if requirement.subject == "aggregate" {
            fields.push("value");
        }
        if requirement.measure.table.is_none_or(|table| table == "events") {
            let own_fields = requirement.measure.fields.iter().copied();
            fields.extend(own_fields.filter(own_column));
        }
        evidence.add_overlaps(inventory, requirement);
        let subjects = one(crate::measure::subjects(inventory, requirement.subject)?);
        let subjects =
            subjects.with_column(lit(NULL).cast(DataType::String).alias(FACET)).collect()?;
        // A pool's cells are those of its estates, which their own findings show.
        if requirement.subject == "pool" {
            evidence.add_bases(own, &fields, &subjects)?;
        } else {
            evidence.add(inventory, own, &fields, &subjects, Role::Own)?;
        }
        if !stages.is_empty() {
            let of_stage = stages.iter().map(|stage| col("stage").eq(lit(*stage)));
            let of_stage = of_stage.reduce(Expr::or).unwrap_or(lit(false));
            let of_estate = col("subject_kind").eq(lit("estate"));
            let events = inventory.table("events").clone().lazy().filter(of_estate.and(of_stage));
            let rows = one(events.with_columns([
                col("estate_id").alias(SUBJECT),
                lit(NULL).cast(DataType::String).alias(FACET),
            ]));
            let events = table("events").expect("declared");
            evidence.add(inventory, events, &["date"], &rows.collect()?, Role::Own)?;
        }
        let Some(counted) = requirement.measure.table.and_then(table) else {
            return Ok(evidence);
        };
        // Rows that are chosen among may be of another table than the cells that are shown.
        let chooses = requirement.measure.counts == Some(counted.name.as_str());
        let chosen = if chooses { requirement.counts.as_slice() } else { &[] };
        let counts = if chooses { counting(requirement, day) } else { lit(true) };
        let conditions = chosen.iter().map(|condition| condition.column.name.as_str());
        let fields: Vec<&str> = requirement
            .measure
            .fields
            .iter()
            .copied()
            .filter(|name| counted.column(name).is_some())
            .chain(conditions)
            .collect();
        let mut rows = one((requirement.measure.rows)(inventory)?);
        if let Some(timing) = &requirement.timing {
            let own = col("subject_kind").eq(lit("facility"));
            let among = |stages: &[String]| {
                let each = stages.iter().map(|stage| col("stage").eq(lit(stage.as_str())));
                each.reduce(Expr::or).unwrap_or(lit(false))
            };
            let of_own = own.clone().and(among(&timing.stages));
            rows = rows.filter(of_own.or(own.not().and(among(&timing.behind))));
        } else if counted.name == "events" {
            rows = rows.filter(lit(false)); // no day counts
        }
        // Facilities of another class have nothing to do with it; a row that does not count adds nothing.
        let of_class = |condition: &&Condition| names_categories(condition.column);
        let classes: Vec<Condition> = chosen.iter().filter(of_class).cloned().collect();
        rows = rows.filter(all(&classes).fill_null(lit(true))).with_column(counts.alias(COUNTS));
        if chooses && counted.name == "premises" {
            rows = rows.with_column(begun("lease_from", day).alias(BEGUN));
        }
        let rows = rows.collect()?;
        evidence.add(inventory, counted, &fields, &rows, Role::Part)?;
        evidence.add_reasons(inventory, counted, &rows)?;
        Ok(evidence)
    }

    /// The cells of one assessment, the subject's own first; one that several rows lean on stands once.
    pub fn cells(&self, assessment: &Assessment) -> Vec<&Cell> {
        let subject = assessment.subject.clone();
        let own = self.cells.get(&(subject.clone(), None)).into_iter().flatten();
        let facet = assessment.facet.clone().map(|facet| (subject, Some(facet)));
        let parts = facet.and_then(|key| self.cells.get(&key)).into_iter().flatten();
        let mut seen = BTreeSet::new();
        own.chain(parts)
            .filter(|cell| cell.part.is_some() || seen.insert((&cell.address, &cell.name.zh)))
            .collect()
    }

    /// A quantity of the subject an amount depends on.
    pub fn base(&self, subject: &str, column: &str) -> Option<Interval> {
        self.bases.get(&(subject.to_owned(), column.to_owned())).copied()
    }

    /// The bases of subjects that have no cells of their own.
    fn add_bases(&mut self, of: &Table, fields: &[&str], rows: &DataFrame) -> Result<()> {
        let subjects = rows.column(SUBJECT)?.str()?;
        for field in fields {
            let column = of.column(field).expect("amounts name declared columns");
            for row in 0..rows.height() {
                if let Some(number) = bounds(rows, column, row)? {
                    let subject = subjects.get(row).unwrap_or_default().to_owned();
                    self.bases.insert((subject, (*field).to_owned()), number);
                }
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        inventory: &Inventory,
        of: &Table,
        fields: &[&str],
        rows: &DataFrame,
        role: Role,
    ) -> Result<()> {
        let text = |name: &str| -> PolarsResult<&StringChunked> { rows.column(name)?.str() };
        let (subjects, facets, melted) = (text(SUBJECT)?, text(FACET)?, text("_field")?);
        let sources = rows.column("_source")?.u32()?;
        let numbers = rows.column("_row")?.u32()?;
        let taken = match role {
            Role::Part => Some(Taken::of(rows)?),
            Role::Own => None,
        };
        let id = if of.column("id").is_some() { "id" } else { "code" };
        let ids = rows.column(id).ok().and_then(|ids| ids.str().ok());
        for field in fields {
            let column = of.column(field).expect("measures and conditions name declared columns");
            for row in 0..rows.height() {
                let id = ids.as_ref().and_then(|ids| ids.get(row)).unwrap_or_default();
                let borrowed = (of.name.clone(), id.to_owned(), (*field).to_owned());
                let own =
                    (sources.get(row).unwrap_or_default(), numbers.get(row).unwrap_or_default());
                let (from, number_of) = *inventory.borrowed().get(&borrowed).unwrap_or(&own);
                let source = &inventory.sources[from as usize];
                let placed = melted.get(row).unwrap_or(field);
                let mut value = shown(rows, column, row)?;
                // The basis of an area is shown where it is known; where it is not, the area says so.
                if field.ends_with("_basis") && value == unknown() {
                    continue;
                }
                let of_stage =
                    (of.name == "events" && *field == "date").then(|| day_of(rows, row)).flatten();
                let name = match melted.get(row) {
                    _ if of_stage.is_some() => of_stage.unwrap_or_default(),
                    Some(item) => crate::measure::item_words(item),
                    None => column.words(),
                };
                let subject = subjects.get(row).unwrap_or_default().to_owned();
                let number = bounds(rows, column, row)?;
                if let (Role::Own, Some(number)) = (role, number) {
                    self.bases.insert((subject.clone(), (*field).to_owned()), number);
                }
                let mut part = None;
                if let (Some(taken), Some(whole)) = (&taken, number) {
                    part = taken.of_row(row, whole);
                    let why = match part {
                        None => Some(taken.left_out(row)),
                        Some(part) if part == whole => None,
                        Some(part) => Some(taken.words(row, part, unit_of(rows, column, row))),
                    };
                    if let Some(why) = why {
                        value = Words::join([&value, &why]);
                    }
                }
                let key = (subject, facets.get(row).map(str::to_owned));
                self.cells.entry(key).or_default().push(Cell {
                    address: source.cell(placed, number_of),
                    present: source.columns.contains_key(placed),
                    name,
                    value,
                    part,
                });
            }
        }
        Ok(())
    }

    /// Where it is written that a room is shared, and how, and that its lease begins later.
    fn add_reasons(&mut self, inventory: &Inventory, of: &Table, rows: &DataFrame) -> Result<()> {
        let taken = Taken::of(rows)?;
        let subjects = rows.column(SUBJECT)?.str()?;
        let (sources, numbers) = (rows.column("_source")?.u32()?, rows.column("_row")?.u32()?);
        let is_shared = |row: usize| taken.share(row) != Interval::exactly(1.0);
        let begins_later = |row: usize| !taken.has_begun(row);
        let reasons: [(&str, &dyn Fn(usize) -> bool); 4] = [
            ("serves", &is_shared),
            ("shares", &is_shared),
            ("lease_from", &begins_later),
            ("lease_term", &begins_later),
        ];
        for (field, is_reason) in reasons {
            let Some(column) = of.column(field) else { continue };
            let Ok(texts) = rows.column(field) else { continue };
            for (row, text) in texts.str()?.iter().enumerate() {
                let source = &inventory.sources[sources.get(row).unwrap_or_default() as usize];
                let is_written = source.columns.contains_key(field);
                let Some(text) = text.filter(|_| is_written && is_reason(row)) else { continue };
                let subject = subjects.get(row).unwrap_or_default().to_owned();
                self.cells.entry((subject, None)).or_default().push(Cell {
                    address: source.cell(field, numbers.get(row).unwrap_or_default()),
                    present: true,
                    name: column.words(),
                    value: Words::same(text),
                    part: None,
                });
            }
        }
        Ok(())
    }

    /// For overlaps, the evidence is where they are.
    fn add_overlaps(&mut self, inventory: &Inventory, requirement: &Requirement) {
        let kind = kind_of(requirement.measure.name);
        for fault in inventory.map_faults.iter().filter(|fault| Some(fault.kind) == kind) {
            let source = &inventory.sources[fault.source as usize];
            self.cells.entry((fault.id.clone(), None)).or_default().push(Cell {
                address: source.cell("", fault.row),
                present: true,
                part: None,
                name: Words::new("图形", "geometry"),
                value: fault.words.clone(),
            });
        }
    }

    /// For inputs, the evidence is what their account lists.
    fn add_accounts(&mut self, inventory: &Inventory, requirement: &Requirement) {
        let labels = inventory.source_labels().into_iter();
        let all = inventory.sources.iter().zip(&inventory.accounts).zip(labels);
        for ((source, account), label) in all {
            let mut cells = Vec::new();
            match requirement.measure.name {
                "unreadable_cells" => cells.extend(account.unreadable.iter().map(|bad| Cell {
                    address: source.cell(&bad.field, bad.row),
                    present: true,
                    part: None,
                    name: Words::same(&bad.field),
                    value: Words::new(
                        format!("“{}”；可接受：{}", bad.found, bad.accepted.zh),
                        format!("`{}`; accepted: {}", bad.found, bad.accepted.en),
                    ),
                })),
                "unlinked_rows" => cells.extend(account.unlinked.iter().map(|row| Cell {
                    address: source.cell("", *row),
                    present: true,
                    part: None,
                    name: Words::new("行", "row"),
                    value: Words::new("未关联到任何已知对象", "belongs to nothing known"),
                })),
                name if kind_of(name).is_some() => {}
                name if doubts_of(name).is_some() => {
                    let kind = doubts_of(name).expect("just asked");
                    cells.extend(account.doubts_of(kind).map(|doubt| Cell {
                        address: source.cell(&doubt.field, doubt.row),
                        present: true,
                        part: None,
                        name: super::reading::field_name(source, &doubt.field),
                        value: doubt.words.clone(),
                    }));
                }
                _ => cells.extend(
                    account
                        .set_aside
                        .iter()
                        .filter(|one| one.reason == crate::inventory::Reason::Conflict)
                        .map(|one| Cell {
                            address: source.cell("", one.row),
                            present: true,
                            part: None,
                            name: Words::new("行", "row"),
                            value: one.words.clone(),
                        }),
                ),
            }
            self.cells.insert((label, None), cells);
        }
        let Some(kind) = kind_of(requirement.measure.name) else { return };
        let labels = inventory.source_labels();
        for fault in inventory.map_faults.iter().filter(|fault| fault.kind == kind) {
            let source = fault.source as usize;
            self.cells.entry((labels[source].clone(), None)).or_default().push(Cell {
                address: inventory.sources[source].cell("", fault.row),
                present: true,
                part: None,
                name: Words::new("图形", "geometry"),
                value: fault.words.clone(),
            });
        }
    }
}

/// The unit a row gives its number, or the column's.
fn unit_of(rows: &DataFrame, column: &Column, row: usize) -> Option<Unit> {
    let own = rows.column("unit").ok().and_then(|units| units.str().ok()?.get(row));
    own.and_then(Unit::of).or(column.unit())
}

/// What the day of an event is called: what it happened to, and its stage.
fn day_of(rows: &DataFrame, row: usize) -> Option<Words> {
    let text = |name: &str| rows.column(name).ok()?.str().ok()?.get(row).map(str::to_owned);
    let stage = super::reading::stage_name(&text("stage")?);
    let kind = text("subject_kind")?;
    let column = table("events").and_then(|events| events.column("subject_kind"));
    let kind = column.and_then(|column| column.values.iter().find(|one| one.code == kind));
    Some(match kind {
        Some(kind) => Words::new(
            format!("{}的{}", kind.zh, stage.zh),
            format!("{} of the {}", stage.en, kind.en),
        ),
        None => stage,
    })
}

/// The number a cell was read as, if its column holds quantities.
fn bounds(rows: &DataFrame, column: &Column, row: usize) -> PolarsResult<Option<Interval>> {
    if !column.kind.is_quantity() {
        return Ok(None);
    }
    let number =
        |name: &str| -> PolarsResult<Option<f64>> { Ok(rows.column(name)?.f64()?.get(row)) };
    Ok(Some(Interval::between(
        number(&low(&column.name))?.unwrap_or(0.0),
        number(&high(&column.name))?.unwrap_or(f64::INFINITY),
    )))
}

fn unknown() -> Words {
    Words::new("不明", "unknown")
}

/// What a cell was read as, in both languages.
fn shown(rows: &DataFrame, column: &Column, row: usize) -> PolarsResult<Words> {
    if let Some(bounds) = bounds(rows, column, row)? {
        return Ok(match unit_of(rows, column, row) {
            Some(unit) => unit.words(bounds),
            None => Words::new(bounds.text(2, Lang::Zh), bounds.text(2, Lang::En)),
        });
    }
    if let Ok(flags) = rows.column(&column.name)?.bool() {
        return Ok(match flags.get(row) {
            Some(true) => Words::new("是", "yes"),
            Some(false) => Words::new("否", "no"),
            None => unknown(),
        });
    }
    Ok(match rows.column(&column.name)?.str()?.get(row) {
        Some(code) if names_categories(column) => category_name(code),
        Some(code) => {
            Words::new(column.code_name(code, Lang::Zh), column.code_name(code, Lang::En))
        }
        None if never(rows, column, row) => Words::new("无", "none"),
        None => unknown(),
    })
}

/// Whether a cell says of a date that it never happened.
fn never(rows: &DataFrame, column: &Column, row: usize) -> bool {
    let precision = rows.column(&format!("{}_precision", column.name)).ok();
    let precision = precision.and_then(|column| column.str().ok()?.get(row));
    precision == Some("never")
}
