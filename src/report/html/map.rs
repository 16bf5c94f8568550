//! The map: communities by verdict, estates by what is not in place, rooms by tenure, places of errors.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use geo::{BoundingRect, InteriorPoint};
use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::Result;
use crate::quantity::Unit;
use crate::standard::Force;
use crate::words::Lang;

use super::view::{Layer, Legend, Map, Shape};

/// The width of a map in its own units.
const WIDTH: f64 = 1000.0;
/// It is no higher than this.
const MOST: f64 = 900.0;
/// A layer with more shapes than this is left to the layers' own file.
const SHAPES: usize = 6_000;
/// Metres in a degree of latitude (GRS 80, at 35 degrees).
const DEGREE: f64 = 110_940.0;

/// How degrees become the map's units.
struct Frame {
    west: f64,
    north: f64,
    across: f64,
    down: f64,
}

impl Frame {
    fn at(&self, point: Coord<f64>) -> (f64, f64) {
        ((point.x - self.west) * self.across, (self.north - point.y) * self.down)
    }

    fn path(&self, geometry: &Geometry<f64>) -> Option<String> {
        let mut path = String::new();
        let ring = |ring: &LineString<f64>, path: &mut String| {
            let mut last = None;
            for (at, point) in ring.coords().enumerate() {
                let (x, y) = self.at(*point);
                // A tenth of a unit is less than what a screen shows.
                let here = ((x * 10.0).round() as i64, (y * 10.0).round() as i64);
                if last == Some(here) {
                    continue;
                }
                last = Some(here);
                let step = if at == 0 { 'M' } else { 'L' };
                let _ =
                    write!(path, "{step}{:.1} {:.1}", here.0 as f64 / 10.0, here.1 as f64 / 10.0);
            }
            path.push('Z');
        };
        let polygon = |polygon: &Polygon<f64>, path: &mut String| {
            ring(polygon.exterior(), path);
            polygon.interiors().iter().for_each(|hole| ring(hole, path));
        };
        match geometry {
            Geometry::Polygon(one) => polygon(one, &mut path),
            Geometry::MultiPolygon(all) => all.iter().for_each(|one| polygon(one, &mut path)),
            _ => return None,
        }
        Some(path)
    }

    fn point(&self, geometry: &Geometry<f64>) -> Option<(f64, f64)> {
        let inside = geometry.interior_point()?;
        let (x, y) = self.at(inside.0);
        Some(((x * 10.0).round() / 10.0, (y * 10.0).round() / 10.0))
    }
}

/// The map of an audit; nothing where nothing has a place.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn map(audit: &Audit, lang: Lang) -> Result<Option<Map>> {
    let inventory = &audit.inventory;
    let all = ["communities", "estates", "premises"];
    let bounds = all
        .iter()
        .flat_map(|table| inventory.geometry(table).values())
        .filter_map(BoundingRect::bounding_rect)
        .reduce(|a, b| {
            geo_types::Rect::new(
                (a.min().x.min(b.min().x), a.min().y.min(b.min().y)),
                (a.max().x.max(b.max().x), a.max().y.max(b.max().y)),
            )
        });
    let Some(bounds) = bounds else { return Ok(None) };
    let middle = f64::midpoint(bounds.min().y, bounds.max().y).to_radians();
    let (wide, high) = (bounds.width().max(1e-6) * middle.cos(), bounds.height().max(1e-6));
    let room = WIDTH * 0.96;
    let down = (room / wide).min(MOST * 0.96 / high);
    let across = down * middle.cos();
    let (width, height) = (WIDTH, (high * down / 0.96).max(200.0));
    let frame = Frame {
        west: bounds.min().x - (width - bounds.width() * across) / 2.0 / across,
        north: bounds.max().y + (height - high * down) / 2.0 / down,
        across,
        down,
    };
    let found = outcomes(audit);
    let layers = vec![
        communities(audit, &frame, &found, lang)?,
        estates(audit, &frame, &found, lang)?,
        rooms(audit, &frame, lang)?,
        errors(audit, &frame, lang),
    ];
    Ok(Some(Map {
        width,
        height,
        layers: layers.into_iter().filter(|layer| !layer.shapes.is_empty()).collect(),
        scale: scale(down / DEGREE, lang),
    }))
}

/// A scale bar of a round length, about a fifth of the map.
fn scale(units_per_metre: f64, lang: Lang) -> Option<(f64, String)> {
    let wanted = WIDTH / 5.0 / units_per_metre;
    let power = 10f64.powf(wanted.log10().floor());
    let round =
        [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|step| *step <= wanted)?;
    let text = match (round >= 1000.0, lang) {
        (true, Lang::Zh) => format!("{} 千米", round / 1000.0),
        (true, Lang::En) => format!("{} km", round / 1000.0),
        (false, Lang::Zh) => format!("{round} 米"),
        (false, Lang::En) => format!("{round} m"),
    };
    Some((round * units_per_metre, text))
}

type Found<'a> = HashMap<(&'a str, &'a str), Vec<&'a Assessment>>;

/// What was demanded of each subject.
fn outcomes(audit: &Audit) -> Found<'_> {
    let mut all: Found<'_> = HashMap::new();
    for one in &audit.assessments {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        if requirement.force != Force::Indicator {
            all.entry((&one.subject_kind, &one.subject)).or_default().push(one);
        }
    }
    all
}

/// The gravest outcome of a subject.
fn gravest(found: Option<&Vec<&Assessment>>) -> Outcome {
    let all = found.map_or(&[][..], Vec::as_slice);
    let order = [Outcome::NotMet, Outcome::Unknown, Outcome::Met];
    let worst = order.into_iter().find(|outcome| all.iter().any(|one| one.outcome == *outcome));
    worst.unwrap_or(Outcome::NotApplicable)
}

fn tip(audit: &Audit, found: Option<&Vec<&Assessment>>, lang: Lang) -> String {
    let all = found.map_or(&[][..], Vec::as_slice);
    let said = all.iter().filter(|one| one.outcome != Outcome::NotApplicable).take(6).map(|one| {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        let (name, outcome) = (requirement.words.in_lang(lang), one.outcome.words());
        format!("{name}{}{}", lang.pick("：", ": "), outcome.in_lang(lang))
    });
    said.collect::<Vec<_>>().join("\n")
}

/// The class of an outcome, for colours.
pub fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::NotMet => "not-met",
        Outcome::Unknown => "unknown",
        Outcome::NotApplicable => "na",
    }
}

fn legend(shapes: &[Shape], names: &[(&'static str, String)]) -> Vec<Legend> {
    let count = |class: &str| shapes.iter().filter(|shape| shape.class == class).count();
    let one = |(class, label): &(&'static str, String)| Legend {
        class,
        label: label.clone(),
        count: count(class),
    };
    names.iter().map(one).filter(|one| one.count > 0).collect()
}

fn names(audit: &Audit, table: &str) -> Result<(Vec<String>, Vec<String>)> {
    let frame = audit.inventory.table(table);
    let declared = crate::inventory::table(table).expect("declared");
    let text = |name: &str| -> Result<Vec<String>> {
        let column = frame.column(name)?.str()?;
        Ok(column.iter().map(|text| text.unwrap_or_default().to_owned()).collect())
    };
    Ok((text("id")?, text(&declared.label)?))
}

fn communities(audit: &Audit, frame: &Frame, found: &Found<'_>, lang: Lang) -> Result<Layer> {
    let (ids, labels) = names(audit, "communities")?;
    let geometry = audit.inventory.geometry("communities");
    let shapes = geometry.iter().take(SHAPES).map(|(row, geometry)| {
        let of_it = found.get(&("community", ids[*row].as_str()));
        shape(
            frame,
            geometry,
            format!("community:{}", ids[*row]),
            labels[*row].clone(),
            tip(audit, of_it, lang),
            class(gravest(of_it)),
        )
    });
    let shapes: Vec<Shape> = shapes.collect();
    let names: Vec<(&'static str, String)> = Outcome::ALL
        .iter()
        .map(|one| (class(*one), one.words().in_lang(lang).to_owned()))
        .collect();
    Ok(Layer {
        id: "communities",
        name: lang.pick("社区：结论", "communities: verdict").to_owned(),
        on: true,
        legend: legend(&shapes, &names),
        shapes,
    })
}

fn shape(
    frame: &Frame,
    geometry: &Geometry<f64>,
    about: String,
    label: String,
    tip: String,
    class: &'static str,
) -> Shape {
    let path = frame.path(geometry);
    let at = if path.is_none() { frame.point(geometry) } else { None };
    Shape { about, label, tip, class, path, at }
}

/// Estates by the class of what is not in place that weighs most.
fn estates(audit: &Audit, frame: &Frame, found: &Found<'_>, lang: Lang) -> Result<Layer> {
    let (ids, labels) = names(audit, "estates")?;
    let facilities = audit.inventory.table("facilities");
    let (own, of) = (facilities.column("id")?.str()?, facilities.column("estate_id")?.str()?);
    let mut estate_of: HashMap<&str, &str> = HashMap::new();
    for (facility, estate) in own.iter().zip(of.iter()) {
        if let (Some(facility), Some(estate)) = (facility, estate) {
            estate_of.insert(facility, estate);
        }
    }
    const CLASSES: [&str; 4] = ["planning", "construction", "handover", "use"];
    let mut short: BTreeMap<&str, ([f64; 4], bool)> = BTreeMap::new();
    for one in audit.assessments.iter().filter(|one| one.subject_kind == "facility") {
        let Some(chained) = audit.owing.chain(&one.pack, &one.requirement, &one.subject) else {
            continue;
        };
        let Some(estate) = estate_of.get(one.subject.as_str()) else { continue };
        let sum = short.entry(estate).or_default();
        for (at, class) in chained.chain.classes.iter().enumerate() {
            sum.0[at] += class.low;
        }
        sum.1 |= one.outcome == Outcome::Unknown;
    }
    let area = Unit::of("m2").expect("areas have a unit");
    let names: [(&'static str, String); 7] = [
        ("planning", lang.pick("规划不到位", "not planned").to_owned()),
        ("construction", lang.pick("建设不到位", "not built").to_owned()),
        ("handover", lang.pick("移交不到位", "not handed over").to_owned()),
        ("use", lang.pick("使用不到位", "not properly used").to_owned()),
        ("unknown", Outcome::Unknown.words().in_lang(lang).to_owned()),
        ("met", lang.pick("到位", "in place").to_owned()),
        ("na", lang.pick("没有设施", "no facilities").to_owned()),
    ];
    let geometry = audit.inventory.geometry("estates");
    let shapes = geometry.iter().take(SHAPES).map(|(row, geometry)| {
        let id = ids[*row].as_str();
        let (class, owed) = match short.get(id) {
            None => ("na", String::new()),
            Some((sums, open)) => {
                let (at, most) = sums.iter().enumerate().fold((0, 0.0), |best, (at, sum)| {
                    if *sum > best.1 { (at, *sum) } else { best }
                });
                let total: f64 = sums.iter().sum();
                let owed = area.print(crate::quantity::Interval::exactly(total), lang);
                let owed = match lang {
                    Lang::Zh => format!("确定缺 {owed}\n"),
                    Lang::En => format!("surely short {owed}\n"),
                };
                match (most > 0.0, *open) {
                    (true, _) => (CLASSES[at], owed),
                    (false, true) => ("unknown", String::new()),
                    (false, false) => ("met", String::new()),
                }
            }
        };
        let of_it = found.get(&("estate", id));
        shape(
            frame,
            geometry,
            format!("estate:{id}"),
            labels[*row].clone(),
            owed + &tip(audit, of_it, lang),
            class,
        )
    });
    let shapes: Vec<Shape> = shapes.collect();
    Ok(Layer {
        id: "estates",
        name: lang.pick("小区：四类不到位", "estates: what is not in place").to_owned(),
        on: true,
        legend: legend(&shapes, &names),
        shapes,
    })
}

/// Rooms by tenure; one without a place of its own is drawn within its community.
fn rooms(audit: &Audit, frame: &Frame, lang: Lang) -> Result<Layer> {
    let (ids, labels) = names(audit, "premises")?;
    let table = audit.inventory.table("premises");
    let tenures = table.column("tenure")?.str()?;
    let own = audit.inventory.geometry("premises");
    let (communities, _) = names(audit, "communities")?;
    let rows: HashMap<&str, usize> =
        communities.iter().enumerate().map(|(row, id)| (id.as_str(), row)).collect();
    let uses = audit.inventory.uses();
    let mut home: HashMap<String, String> = HashMap::new();
    let (premises, of) = (uses.column("premises_id")?.str()?, uses.column("community_id")?.str()?);
    for (premises, community) in premises.iter().zip(of.iter()) {
        if let (Some(premises), Some(community)) = (premises, community) {
            home.entry(premises.to_owned()).or_insert_with(|| community.to_owned());
        }
    }
    let declared = crate::inventory::table("premises").expect("declared");
    let column = declared.column("tenure").expect("rooms have a tenure");
    let areas = audit.inventory.geometry("communities");
    let mut within: HashMap<&str, usize> = HashMap::new();
    let mut shapes = Vec::new();
    for row in 0..table.height().min(SHAPES) {
        let tenure = tenures.get(row);
        if tenure == Some("none") {
            continue;
        }
        let community = home.get(&ids[row]);
        let mut exact = true;
        let at = match own.get(&row) {
            Some(geometry) => frame.point(geometry),
            None => {
                exact = false;
                let area =
                    community.and_then(|id| rows.get(id.as_str())).and_then(|row| areas.get(row));
                area.and_then(|area| frame.point(area))
            }
        };
        let (Some((x, y)), Some(community)) = (at, community) else { continue };
        // Rooms drawn within one community stand side by side.
        let place = within.entry(community.as_str()).or_default();
        let shift = if exact { 0.0 } else { *place as f64 * 11.0 };
        *place += usize::from(!exact);
        let class = match tenure {
            None => "unknown",
            Some("rented") => "rented",
            Some("borrowed") => "borrowed",
            Some("shared") => "shared",
            Some(_) => "own",
        };
        let held = tenure.map_or(lang.pick("权属不明", "tenure not known"), |code| {
            column.code_name(code, lang)
        });
        let drawn = if exact {
            ""
        } else {
            lang.pick(
                "\n没有自己的位置，画在所属社区内",
                "\nhas no place of its own: drawn within its community",
            )
        };
        shapes.push(Shape {
            about: format!("community:{community}"),
            label: labels[row].clone(),
            tip: format!("{held}{drawn}"),
            class,
            path: None,
            at: Some((x + shift, y)),
        });
    }
    let names = [
        ("own", lang.pick("自有或有使用权", "owned, or right of use").to_owned()),
        ("rented", lang.pick("租赁", "rented").to_owned()),
        ("borrowed", lang.pick("借用", "borrowed").to_owned()),
        ("shared", lang.pick("共用", "shared").to_owned()),
        ("unknown", lang.pick("权属不明", "tenure not known").to_owned()),
    ];
    Ok(Layer {
        id: "rooms",
        name: lang.pick("用房：权属", "rooms: tenure").to_owned(),
        on: true,
        legend: legend(&shapes, &names),
        shapes,
    })
}

fn errors(audit: &Audit, frame: &Frame, lang: Lang) -> Layer {
    let shapes: Vec<Shape> = audit
        .inventory
        .map_faults
        .iter()
        .take(SHAPES)
        .filter_map(|fault| {
            let at = frame.point(fault.place.as_ref()?);
            Some(Shape {
                about: String::new(),
                label: fault.id.clone(),
                tip: fault.words.in_lang(lang).to_owned(),
                class: "error",
                path: None,
                at: Some(at?),
            })
        })
        .collect();
    let names = [("error", lang.pick("图形错误", "error of the map").to_owned())];
    Layer {
        id: "errors",
        name: lang.pick("图形错误处", "places of errors").to_owned(),
        on: false,
        legend: legend(&shapes, &names),
        shapes,
    }
}
