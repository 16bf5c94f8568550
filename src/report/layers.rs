//! The results as layers of a GIS: communities, estates, rooms, places of errors, and a table of
//! findings that ties to them.

use std::collections::{BTreeSet, HashMap};

use geo_types::Geometry;

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::Result;
use crate::quantity::{Interval, without_noise};
use crate::source::{Cells, OutField, OutLayer, Srs};
use crate::standard::Force;
use crate::words::Lang;

use super::classes::{
    FaultNames, Named, class, estate_class, estate_names, estates_short, gravest, homes,
    outcome_names, outcomes, room_class, room_names,
};
use super::sentence::{cure, finding, name};

/// A layer with the classes it is coloured by.
pub struct Classed {
    /// The layer.
    pub layer: OutLayer,
    /// Its classes, in the order of its legend; none for a table without geometry.
    pub classes: Vec<Named>,
}

/// Columns being filled, row by row.
struct Columns {
    fields: Vec<OutField>,
    lang: Lang,
}

impl Columns {
    fn new(lang: Lang) -> Columns {
        Columns { fields: Vec::new(), lang }
    }

    fn add(&mut self, name: &str, zh: &str, en: &str, cells: Cells) {
        self.fields.push(OutField {
            name: name.to_owned(),
            alias: Some(self.lang.pick(zh, en).to_owned()),
            cells,
        });
    }

    fn text(
        &mut self,
        name: &str,
        zh: &str,
        en: &str,
        cells: impl Iterator<Item = Option<String>>,
    ) {
        self.add(name, zh, en, Cells::Text(cells.collect()));
    }

    fn real(&mut self, name: &str, zh: &str, en: &str, cells: impl Iterator<Item = Option<f64>>) {
        // A number without an upper end has no cell of its own.
        let finite = cells.map(|cell| cell.filter(|number| number.is_finite()).map(without_noise));
        self.add(name, zh, en, Cells::Real(finite.collect()));
    }
}

/// All layers that have anything.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn layers(audit: &Audit, lang: Lang) -> Result<Vec<Classed>> {
    let all = [
        subjects(audit, "communities", "community", lang)?,
        subjects(audit, "estates", "estate", lang)?,
        rooms(audit, lang)?,
        errors(audit, lang)?,
        findings(audit, lang),
    ];
    Ok(all.into_iter().filter(|one| one.layer.rows().unwrap_or(0) > 0).collect())
}

/// The cell of a row of a table.
fn addresses(audit: &Audit, table: &str) -> Result<Vec<String>> {
    let frame = audit.inventory.table(table);
    let (sources, rows) = (frame.column("_source")?.u32()?, frame.column("_row")?.u32()?);
    let one = |(source, row): (Option<u32>, Option<u32>)| {
        let source = source.and_then(|at| audit.inventory.sources.get(at as usize));
        source.zip(row).map_or(String::new(), |(source, row)| source.cell("", row))
    };
    Ok(sources.iter().zip(rows.iter()).map(one).collect())
}

fn texts(audit: &Audit, table: &str, column: &str) -> Result<Vec<Option<String>>> {
    let frame = audit.inventory.table(table);
    Ok(frame.column(column)?.str()?.iter().map(|text| text.map(str::to_owned)).collect())
}

fn numbers(audit: &Audit, table: &str, column: &str) -> Result<Vec<Option<f64>>> {
    Ok(audit.inventory.table(table).column(column)?.f64()?.iter().collect())
}

/// Communities or estates with their verdicts.
fn subjects(audit: &Audit, table: &'static str, kind: &'static str, lang: Lang) -> Result<Classed> {
    let geometry = audit.inventory.geometry(table);
    let rows: Vec<usize> = geometry.keys().copied().collect();
    let (ids, names) = (texts(audit, table, "id")?, texts(audit, table, "name")?);
    let (places, addresses) = (texts(audit, table, "place")?, addresses(audit, table)?);
    let found = outcomes(audit)?;
    let short = estates_short(audit)?;
    let of = |row: &usize| found.get(&(kind, ids[*row].as_deref().unwrap_or_default()));
    let own = |row: &usize| ids[*row].as_ref().and_then(|id| short.get(id));
    let is_estate = kind == "estate";
    let class_of = |row: &usize| match is_estate {
        true => estate_class(own(row), of(row)),
        false => class(gravest(of(row))),
    };
    let classes = if is_estate { estate_names(lang) } else { outcome_names(lang) };
    let rules = |row: &usize, outcome: Outcome| -> Option<String> {
        let all = of(row)?.iter().filter(|one| one.outcome == outcome);
        let names: BTreeSet<&str> = all
            .map(|one| audit.requirement(&one.pack, &one.requirement).1.words.in_lang(lang))
            .collect();
        let names: Vec<&str> = names.into_iter().collect();
        (!names.is_empty()).then(|| names.join(lang.pick("、", ", ")))
    };
    let words = |code: &str| {
        classes.iter().find(|(class, _)| *class == code).map(|(_, words)| words.clone())
    };
    let mut columns = Columns::new(lang);
    columns.text("id", "编号", "id", rows.iter().map(|row| ids[*row].clone()));
    columns.text("name", "名称", "name", rows.iter().map(|row| names[*row].clone()));
    columns.text("place", "区划", "place", rows.iter().map(|row| places[*row].clone()));
    columns.text(
        "class",
        "类别代码",
        "class",
        rows.iter().map(|row| Some(class_of(row).to_owned())),
    );
    columns.text(
        "class_text",
        "类别",
        "class in words",
        rows.iter().map(|row| words(class_of(row))),
    );
    columns.text(
        "outcome",
        "结论",
        "verdict",
        rows.iter().map(|row| Some(gravest(of(row)).words().in_lang(lang).to_owned())),
    );
    columns.text(
        "not_met",
        "不达标的要求",
        "not met",
        rows.iter().map(|row| rules(row, Outcome::NotMet)),
    );
    columns.text(
        "unknown",
        "无法核查的要求",
        "unknown",
        rows.iter().map(|row| rules(row, Outcome::Unknown)),
    );
    if is_estate {
        let names = [
            ("planning_m2", "规划不到位（㎡）", "not planned, m²"),
            ("construction_m2", "建设不到位（㎡）", "not built, m²"),
            ("handover_m2", "移交不到位（㎡）", "not handed over, m²"),
            ("use_m2", "使用不到位（㎡）", "not properly used, m²"),
        ];
        for (at, (name, zh, en)) in names.into_iter().enumerate() {
            columns.real(name, zh, en, rows.iter().map(|row| own(row).map(|short| short.sums[at])));
        }
        columns.real(
            "unsplit_m2",
            "不到位而类别不明（㎡）",
            "not in place, class not known, m²",
            rows.iter().map(|row| own(row).map(|short| short.unsplit)),
        );
    } else {
        let households = numbers(audit, table, "households")?;
        columns.real("households", "户数", "households", rows.iter().map(|row| households[*row]));
        for (name, zh, en, take) in [
            ("area_m2", "用房面积（㎡）", "area of rooms, m²", 0),
            ("required_m2", "应有面积（㎡）", "required, m²", 1),
            ("short_m2", "缺口（㎡）", "short, m²", 2),
        ] {
            let cell = |row: &usize| {
                let one = of(row)?.iter().find(|one| {
                    one.unit.is_some_and(|unit| unit.code == "m2")
                        && one.outcome != Outcome::NotApplicable
                })?;
                let value = [one.measured, one.required, one.shortfall][take];
                value.is_exact().then_some(value.low)
            };
            columns.real(name, zh, en, rows.iter().map(cell));
        }
    }
    columns.text(
        "address",
        "数据位置",
        "where it stands",
        rows.iter().map(|row| Some(addresses[*row].clone())),
    );
    let title = match (is_estate, lang) {
        (false, Lang::Zh) => "社区：结论",
        (false, Lang::En) => "communities: verdict",
        (true, Lang::Zh) => "小区：四类不到位",
        (true, Lang::En) => "estates: what is not in place",
    };
    let shapes: Vec<Option<Geometry<f64>>> = geometry.values().cloned().map(Some).collect();
    Ok(Classed { layer: layer(table, title, columns, Some(shapes)), classes })
}

fn layer(
    name: &str,
    title: &str,
    columns: Columns,
    shapes: Option<Vec<Option<Geometry<f64>>>>,
) -> OutLayer {
    OutLayer {
        name: name.to_owned(),
        title: title.to_owned(),
        fields: columns.fields,
        srs: shapes.is_some().then(Srs::cgcs2000),
        shapes,
        style: None,
        sld: None,
    }
}

/// The point of the `k`th room that is drawn within a community: on a spiral about the inner point that
/// never reaches the border, so that rooms of one community do not hide each other.
fn drawn_within(community: &Geometry<f64>, k: usize) -> Option<Geometry<f64>> {
    use geo::{Distance, Euclidean, InteriorPoint, LinesIter};
    const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;
    let inner = community.interior_point()?;
    if k == 0 {
        return Some(inner.into());
    }
    let lines: Vec<geo::Line> = match community {
        Geometry::Polygon(area) => area.lines_iter().collect(),
        Geometry::MultiPolygon(areas) => areas.lines_iter().collect(),
        _ => return Some(inner.into()),
    };
    let distances = lines.iter().map(|line| Euclidean.distance(line, &inner));
    let to_border = distances.fold(f64::INFINITY, f64::min);
    let (angle, reach) = (k as f64 * GOLDEN_ANGLE, (0.2 * (k as f64).sqrt()).min(0.8) * to_border);
    Some(geo::Point::new(inner.x() + reach * angle.cos(), inner.y() + reach * angle.sin()).into())
}

/// Rooms with a place of their own; one without is drawn within its community, and says so.
fn rooms(audit: &Audit, lang: Lang) -> Result<Classed> {
    let table = "premises";
    let own = audit.inventory.geometry(table);
    let areas = audit.inventory.geometry("communities");
    let communities = texts(audit, "communities", "id")?;
    let at: HashMap<&str, usize> = communities
        .iter()
        .enumerate()
        .filter_map(|(row, id)| Some((id.as_deref()?, row)))
        .collect();
    let home = homes(audit)?;
    let (ids, names) = (texts(audit, table, "id")?, texts(audit, table, "name")?);
    let (tenures, addresses) = (texts(audit, table, "tenure")?, addresses(audit, table)?);
    let (area, rent) = (numbers(audit, table, "area")?, numbers(audit, table, "annual_rent")?);
    let mut rows: Vec<(usize, Geometry<f64>, bool)> = Vec::new();
    let mut drawn: HashMap<usize, usize> = HashMap::new();
    for row in 0..ids.len() {
        if tenures[row].as_deref() == Some("none") {
            continue;
        }
        let mut within = || {
            let community = *at.get(home.get(ids[row].as_deref()?)?)?;
            let k: &mut usize = drawn.entry(community).or_default();
            *k += 1;
            drawn_within(areas.get(&community)?, *k - 1)
        };
        match own.get(&row) {
            Some(place) => rows.push((row, place.clone(), true)),
            None => rows.extend(within().map(|place| (row, place, false))),
        }
    }
    let community =
        |row: usize| ids[row].as_deref().and_then(|id| home.get(id)).map(|id| (*id).to_owned());
    let names_of = room_names(lang);
    let words = |code: &str| {
        names_of.iter().find(|(class, _)| *class == code).map(|(_, words)| words.clone())
    };
    let class_at = |row: usize| room_class(tenures[row].as_deref());
    let each = || rows.iter().map(|(row, ..)| *row);
    let mut columns = Columns::new(lang);
    columns.text("id", "编号", "id", each().map(|row| ids[row].clone()));
    columns.text("name", "名称", "name", each().map(|row| names[row].clone()));
    columns.text("community", "社区编号", "community id", each().map(community));
    columns.text("class", "类别代码", "class", each().map(|row| Some(class_at(row).to_owned())));
    columns.text("class_text", "权属", "tenure", each().map(|row| words(class_at(row))));
    columns.real("area_m2", "面积（㎡）", "area, m²", each().map(|row| area[row]));
    columns.real("rent_yuan", "年租金（元）", "rent a year, yuan", each().map(|row| rent[row]));
    let exact = Cells::Flag(rows.iter().map(|(.., exact)| Some(*exact)).collect());
    columns.add("own_place", "有自己的位置", "has a place of its own", exact);
    columns.text(
        "address",
        "数据位置",
        "where it stands",
        each().map(|row| Some(addresses[row].clone())),
    );
    let shapes = rows.iter().map(|(_, place, _)| Some(place.clone())).collect();
    let title = lang.pick("用房：权属", "rooms: tenure");
    Ok(Classed { layer: layer("rooms", title, columns, Some(shapes)), classes: names_of })
}

fn errors(audit: &Audit, lang: Lang) -> Result<Classed> {
    let placed: Vec<_> =
        audit.inventory.map_faults.iter().filter(|fault| fault.place.is_some()).collect();
    let address = |fault: &&crate::inventory::MapFault| {
        let source = audit.inventory.sources.get(fault.source as usize);
        source.map(|source| source.cell("", fault.row))
    };
    let named = FaultNames::of(audit)?;
    let mut columns = Columns::new(lang);
    columns.text("class", "类别代码", "class", placed.iter().map(|_| Some("error".to_owned())));
    columns.text(
        "kind",
        "错误种类",
        "kind",
        placed.iter().map(|fault| Some(fault.kind.code().to_owned())),
    );
    columns.text("name", "对象", "subject", placed.iter().map(|fault| Some(named.name(fault))));
    columns.text(
        "words",
        "说明",
        "what is wrong",
        placed.iter().map(|fault| Some(fault.words.in_lang(lang).to_owned())),
    );
    columns.real("area_m2", "面积（㎡）", "area, m²", placed.iter().map(|fault| Some(fault.area)));
    columns.text("address", "数据位置", "where it stands", placed.iter().map(address));
    let shapes = placed.iter().map(|fault| fault.place.clone()).collect();
    let title = lang.pick("图形错误处", "places of errors");
    let classes = vec![("error", lang.pick("图形错误", "error of the map").to_owned())];
    Ok(Classed { layer: layer("errors", title, columns, Some(shapes)), classes })
}

/// Every finding that is not met or unknown, tied to its subject by kind and id.
fn findings(audit: &Audit, lang: Lang) -> Classed {
    let open: Vec<(&Assessment, &crate::standard::Pack, &crate::standard::Requirement)> = audit
        .assessments
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::NotMet | Outcome::Unknown))
        .filter_map(|one| {
            let (pack, requirement) = audit.requirement(&one.pack, &one.requirement);
            (requirement.force != Force::Indicator).then_some((one, pack, requirement))
        })
        .collect();
    let exact = |value: Interval| value.is_exact().then_some(value.low);
    let mut columns = Columns::new(lang);
    columns.text("key", "结论编号", "key", open.iter().map(|(one, ..)| Some(one.key.clone())));
    columns.text(
        "subject_kind",
        "对象类型",
        "kind",
        open.iter().map(|(one, ..)| Some(one.subject_kind.clone())),
    );
    columns.text(
        "subject",
        "对象编号",
        "subject",
        open.iter().map(|(one, ..)| Some(one.subject.clone())),
    );
    columns.text("name", "名称", "name", open.iter().map(|(one, ..)| Some(name(one, lang))));
    columns.text(
        "requirement",
        "要求",
        "requirement",
        open.iter().map(|(.., rule)| Some(rule.words.in_lang(lang).to_owned())),
    );
    columns.text(
        "outcome",
        "结论",
        "verdict",
        open.iter().map(|(one, ..)| Some(one.outcome.words().in_lang(lang).to_owned())),
    );
    columns.real("measured", "测得", "measured", open.iter().map(|(one, ..)| exact(one.measured)));
    columns.real("required", "应有", "required", open.iter().map(|(one, ..)| exact(one.required)));
    columns.real("shortfall", "缺口", "short", open.iter().map(|(one, ..)| exact(one.shortfall)));
    columns.text(
        "unit",
        "单位",
        "unit",
        open.iter().map(|(one, ..)| one.unit.map(|unit| lang.pick(unit.zh, unit.en).to_owned())),
    );
    columns.text(
        "sentence",
        "说明",
        "what was found",
        open.iter().map(|(one, _, rule)| Some(finding(one, rule).in_lang(lang).to_owned())),
    );
    columns.text(
        "cure",
        "出路",
        "cure",
        open.iter()
            .map(|(one, _, rule)| cure(one, rule).map(|words| words.in_lang(lang).to_owned())),
    );
    columns.text(
        "citation",
        "依据",
        "by",
        open.iter().map(|(_, pack, requirement)| Some(pack.cited(requirement, lang))),
    );
    let title = lang.pick("结论", "findings");
    Classed { layer: layer("findings", title, columns, None), classes: Vec::new() }
}

/// All that has a place as one layer, for formats that hold one: what differs between layers is left
/// out, and `layer` says which each row is of.
pub fn together(all: &[Classed], lang: Lang) -> OutLayer {
    let placed: Vec<&OutLayer> =
        all.iter().map(|one| &one.layer).filter(|layer| layer.shapes.is_some()).collect();
    let mut columns = Columns::new(lang);
    let of = placed
        .iter()
        .flat_map(|layer| std::iter::repeat_n(Some(layer.name.clone()), layer.rows().unwrap_or(0)));
    columns.text("layer", "图层", "layer", of);
    for (name, zh, en) in [
        ("id", "编号", "id"),
        ("name", "名称", "name"),
        ("class", "类别代码", "class"),
        ("class_text", "类别", "class in words"),
        ("outcome", "结论", "verdict"),
        ("not_met", "不达标的要求", "not met"),
        ("unknown", "无法核查的要求", "unknown"),
        ("address", "数据位置", "where it stands"),
    ] {
        let cells = placed.iter().flat_map(|layer| {
            let field = layer.fields.iter().find(|field| field.name == name);
            (0..layer.rows().unwrap_or(0)).map(move |row| {
                let text = field.map(|field| field.cells.text(row)).unwrap_or_default();
                (!text.is_empty()).then_some(text)
            })
        });
        columns.text(name, zh, en, cells);
    }
    let shapes = placed.iter().flat_map(|layer| layer.shapes.iter().flatten().cloned());
    let shapes: Vec<Option<Geometry<f64>>> = shapes.collect();
    layer("audit", lang.pick("核查结果", "audit"), columns, Some(shapes))
}
