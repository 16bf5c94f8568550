//! The map: communities by verdict, estates by what is not in place, rooms by tenure, places of errors.

use std::collections::HashMap;
use std::fmt::Write as _;

use geo::{BoundingRect, InteriorPoint};
use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::audit::Audit;
use crate::error::Result;
use crate::quantity::Unit;
use crate::words::Lang;

use super::super::classes::{
    FaultNames, Found, class, estate_class, estate_names, estates_short, gravest, homes,
    outcome_names, outcomes, room_class, room_names, tip,
};
use super::view::{Layer, Legend, Map, Shape, shown};

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
    let found = outcomes(audit)?;
    let layers = vec![
        communities(audit, &frame, &found, lang)?,
        estates(audit, &frame, &found, lang)?,
        rooms(audit, &frame, lang)?,
        errors(audit, &frame, lang)?,
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
    let names = outcome_names(lang);
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
    Shape { about, label: shown(&label), tip, class, path, at }
}

/// Estates by the class of what is not in place that weighs most.
fn estates(audit: &Audit, frame: &Frame, found: &Found<'_>, lang: Lang) -> Result<Layer> {
    let (ids, labels) = names(audit, "estates")?;
    let short = estates_short(audit)?;
    let area = Unit::of("m2").expect("areas have a unit");
    let names = estate_names(lang);
    let geometry = audit.inventory.geometry("estates");
    let shapes = geometry.iter().take(SHAPES).map(|(row, geometry)| {
        let id = ids[*row].as_str();
        let of = short.get(id);
        let of_it = found.get(&("estate", id));
        let class = estate_class(of, of_it);
        let owed = of.filter(|short| short.total() > 0.0).map_or(String::new(), |short| {
            let owed = area.print(crate::quantity::Interval::exactly(short.total()), lang);
            match lang {
                Lang::Zh => format!("确定缺 {owed}\n"),
                Lang::En => format!("surely short {owed}\n"),
            }
        });
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
    let home = homes(audit)?;
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
        let community = home.get(ids[row].as_str()).copied();
        let mut exact = true;
        let at = match own.get(&row) {
            Some(geometry) => frame.point(geometry),
            None => {
                exact = false;
                let area = community.and_then(|id| rows.get(id)).and_then(|row| areas.get(row));
                area.and_then(|area| frame.point(area))
            }
        };
        let (Some((x, y)), Some(community)) = (at, community) else { continue };
        // Rooms drawn within one community stand side by side.
        let place = within.entry(community).or_default();
        let shift = if exact { 0.0 } else { *place as f64 * 11.0 };
        *place += usize::from(!exact);
        let class = room_class(tenure);
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
            label: shown(&labels[row]),
            tip: format!("{held}{drawn}"),
            class,
            path: None,
            at: Some((x + shift, y)),
        });
    }
    let names = room_names(lang);
    Ok(Layer {
        id: "rooms",
        name: lang.pick("用房：权属", "rooms: tenure").to_owned(),
        on: true,
        legend: legend(&shapes, &names),
        shapes,
    })
}

fn errors(audit: &Audit, frame: &Frame, lang: Lang) -> Result<Layer> {
    let named = FaultNames::of(audit)?;
    let shapes: Vec<Shape> = audit
        .inventory
        .map_faults
        .iter()
        .take(SHAPES)
        .filter_map(|fault| {
            let at = frame.point(fault.place.as_ref()?);
            Some(Shape {
                about: String::new(),
                label: shown(&named.name(fault)),
                tip: fault.words.in_lang(lang).to_owned(),
                class: "error",
                path: None,
                at: Some(at?),
            })
        })
        .collect();
    let names = [("error", lang.pick("图形错误", "error of the map").to_owned())];
    Ok(Layer {
        id: "errors",
        name: lang.pick("图形错误处", "places of errors").to_owned(),
        on: false,
        legend: legend(&shapes, &names),
        shapes,
    })
}
