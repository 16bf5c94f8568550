//! Worked cases: what is given, and what is expected of each requirement.

use crate::document::{Fields, Value};
use crate::geometry::wkt;
use crate::inventory::{Table, subject_table, table, tables};
use crate::standard::debtor::Debtor;
use crate::standard::remedy::Act;
use crate::standard::worked::{Case, Expectation, GivenRow};

/// The key under which a row of a case gives its geometry, as WKT in degrees.
pub const GEOMETRY: &str = "geometry";

fn geometry(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    match wkt::read(&text) {
        Ok(_) => Some(text),
        Err(words) => {
            value.report(words, None);
            None
        }
    }
}

/// One worked case. `known` lists the pack's requirements by id, each with its kind of subject as
/// far as that could be read: a requirement with a mistake of its own is not held against a case.
pub fn case(
    fields: &Fields<'_>,
    known: &[(String, Option<&'static str>)],
    text: &str,
) -> Option<Case> {
    let name = fields.text("name");
    let complete = match fields.get("complete") {
        Some(value) => named_tables(&value),
        None => Some(Vec::new()),
    };
    let as_of = match fields.get("as_of") {
        Some(value) => value.date().map(|day| Some(day.last())),
        None => Some(None),
    };
    let given = fields.need("given").and_then(|value| value.fields());
    let expect = fields.need("expect").and_then(|value| value.fields());
    fields.finish();
    let expect: Vec<Option<Expectation>> =
        expect?.entries().iter().map(|value| expectation(value, known)).collect();
    let expect: Vec<Expectation> = expect.into_iter().collect::<Option<_>>()?;
    let kind = expect.iter().find_map(|expected| {
        let (_, kind) = known.iter().find(|(id, _)| *id == expected.requirement)?;
        *kind
    });
    let subject = kind.and_then(subject_table);
    let mut own = Vec::new();
    let mut rows = Vec::new();
    for value in given?.entries() {
        if value.is_list() {
            rows.push(given_rows(&value)?);
        } else {
            own.push(given_cell(&value, subject)?);
        }
    }
    Some(Case {
        name,
        subject: own,
        rows,
        complete: complete?,
        as_of: as_of?,
        expect,
        line: text[..fields.start()].matches('\n').count() + 1,
    })
}

/// Names of tables.
fn named_tables(value: &Value<'_>) -> Option<Vec<String>> {
    let names = value.texts()?;
    let known: Vec<&str> = tables().iter().map(|table| table.name.as_str()).collect();
    let unknown = names.iter().find(|name| !known.contains(&name.as_str()));
    if let Some(name) = unknown {
        value.unknown_word(name, &known);
        return None;
    }
    Some(names)
}

fn given_rows(value: &Value<'_>) -> Option<(String, Vec<GivenRow>)> {
    let Some(table) = table(value.name()) else {
        let known: Vec<&str> = tables().iter().map(|table| table.name.as_str()).collect();
        value.unknown_word(value.name(), &known);
        return None;
    };
    let rows = value.tables();
    let rows: Option<Vec<GivenRow>> = rows
        .iter()
        .map(|row| row.entries().iter().map(|cell| given_cell(cell, Some(table))).collect())
        .collect();
    Some((table.name.clone(), rows?))
}

fn given_cell(value: &Value<'_>, table: Option<&'static Table>) -> Option<(String, String)> {
    let columns = table.map_or(&[][..], |table| &table.columns);
    if value.name() == GEOMETRY && table.is_some_and(|table| table.geometry.is_some()) {
        return Some((GEOMETRY.to_owned(), geometry(value)?));
    }
    if !columns.iter().any(|column| column.name == value.name()) {
        let known: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        value.unknown_word(value.name(), &known);
        return None;
    }
    Some((value.name().to_owned(), value.cell()?))
}

/// `{ fine = [800000, 2000000], pay = 256000 }`: what each act comes to.
fn sums(value: &Value<'_>) -> Option<Vec<(String, (f64, f64))>> {
    let sum = |entry: &Value<'_>| {
        let act = Act::CODES.iter().find(|(code, _)| *code == entry.name());
        let Some((act, _)) = act else {
            let known: Vec<&str> = Act::CODES.iter().map(|(code, _)| *code).collect();
            entry.unknown_word(entry.name(), &known);
            return None;
        };
        let ends = match entry.is_list() {
            true => super::owed::range(entry)?,
            false => entry.number().map(|one| (one, one))?,
        };
        Some(((*act).to_owned(), ends))
    };
    value.fields()?.entries().iter().map(sum).collect()
}

fn expectation(value: &Value<'_>, known: &[(String, Option<&'static str>)]) -> Option<Expectation> {
    if !known.iter().any(|(id, _)| id == value.name()) {
        let ids: Vec<&str> = known.iter().map(|(id, _)| id.as_str()).collect();
        value.unknown_word(value.name(), &ids);
        return None;
    }
    let fields = value.fields()?;
    let number = |key| match fields.get(key) {
        Some(value) => value.number().map(Some),
        None => Some(None),
    };
    let subject = fields.text("subject");
    let (required, shortfall) = (number("required"), number("shortfall"));
    let advised = number("advised");
    let outcome = fields.need("outcome").and_then(|value| {
        let codes = ["met", "not_met", "not_applicable", "unknown"].map(|code| (code, code));
        value.code(&codes)
    });
    let debtor = match fields.get("debtor") {
        Some(value) => value.code(Debtor::CODES).map(|debtor| Some(debtor.code().to_owned())),
        None => Some(None),
    };
    let states = match fields.get("states") {
        Some(value) => value.texts().map(Some),
        None => Some(None),
    };
    let yuan = match fields.get("yuan") {
        Some(value) => sums(&value),
        None => Some(Vec::new()),
    };
    fields.finish();
    Some(Expectation {
        debtor: debtor?,
        states: states?,
        yuan: yuan?,
        requirement: value.name().to_owned(),
        subject,
        required: required?,
        advised: advised?,
        shortfall: shortfall?,
        outcome: outcome?.to_owned(),
    })
}
