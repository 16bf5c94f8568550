//! Putting layers on the map: the coordinate system of each, and degrees for all.
//!
//! A system is what the user names, else what the file says. Where neither does, or the numbers
//! contradict it, the evidence decides only when it leaves no choice, and is printed with what was
//! not chosen; else the geometry is left out, and the message says what to name. The cells of a
//! layer are read in any case.

mod strays;

use std::collections::BTreeMap;
use std::path::PathBuf;

use geo_types::{Geometry, Rect};

use crate::error::{Error, Result};
use crate::geometry::crs::{Candidate, Crs, Transformer, candidates, suspect};
use crate::geometry::distance::{between, representative};
use crate::geometry::extent::extent;
use crate::geometry::join::PolygonIndex;
use crate::layer::{Grid, Shapes};
use crate::source::{ReadFile, located};
use crate::words::Words;

use super::InputSpec;

/// A candidate that overlaps the other layers at least so much may be taken without asking, if no
/// other one does.
const CLEAR: f64 = 0.8;

/// Another candidate that overlaps more than this leaves a choice.
const RIVAL: f64 = 0.2;

/// The layers of some files in degrees, the system each was read in, and what must be told of them.
#[derive(Debug, Default)]
pub struct Placed {
    /// By file and grid: what the system is called.
    pub crs: BTreeMap<(PathBuf, usize), String>,
    /// What a reader must know.
    pub notes: Vec<Words>,
}

/// Brings the geometry of all layers into degrees of CGCS2000, or leaves it out and says why.
///
/// # Errors
/// When a system the user names is unknown, or contradicts the numbers.
pub fn place(
    files: &mut BTreeMap<PathBuf, ReadFile>,
    specs: &[InputSpec],
    folder: &std::path::Path,
) -> Result<Placed> {
    let mut placed = Placed::default();
    let mut known: Vec<Rect> = Vec::new();
    let mut open: Vec<(PathBuf, usize, Words)> = Vec::new();
    let declared: BTreeMap<PathBuf, &String> = specs
        .iter()
        .filter_map(|spec| Some((located(folder, &spec.file), spec.crs.as_ref()?)))
        .collect();
    for (path, file) in files.iter_mut() {
        for (number, grid) in file.grids.iter_mut().enumerate() {
            let what = named(&file.name, grid);
            let Some(shapes) = &mut grid.shapes else { continue };
            strays::set_aside(shapes);
            let Some(bounds) = extent(shapes.all.iter().flatten()) else { continue };
            let stated = match declared.get(path) {
                Some(name) => Some(Crs::of_text(name)),
                None => Crs::of_claim(&shapes.claim).transpose(),
            };
            match stated {
                Some(Ok(crs)) => match crs.problems(bounds) {
                    None => {
                        placed.crs.insert((path.clone(), number), short(&crs));
                        convert(shapes, &crs, false);
                        known.extend(extent(shapes.all.iter().flatten()));
                    }
                    Some(problem) if declared.contains_key(path) => {
                        let turned = Rect::new(
                            (bounds.min().y, bounds.min().x),
                            (bounds.max().y, bounds.max().x),
                        );
                        if crs.problems(turned).is_some() {
                            return Err(contradicted(&what, &crs, &problem));
                        }
                        placed.crs.insert((path.clone(), number), short(&crs));
                        placed.notes.push(exchanged(&what, &crs));
                        convert(shapes, &crs, true);
                        known.extend(extent(shapes.all.iter().flatten()));
                    }
                    Some(problem) => open.push((path.clone(), number, wrong(&crs, &problem))),
                },
                Some(Err(words)) if declared.contains_key(path) => {
                    return Err(Error::refused(
                        format!("{what}：{}", words.zh),
                        format!("{what}: {}", words.en),
                    ));
                }
                Some(Err(words)) => open.push((path.clone(), number, words)),
                None => open.push((
                    path.clone(),
                    number,
                    Words::new("没有写明坐标系", "no coordinate system is stated"),
                )),
            }
        }
    }
    for (path, number, why) in open {
        let file = files.get_mut(&path).expect("it was read");
        let grid = &mut file.grids[number];
        let what = named(&file.name, grid);
        let shapes = grid.shapes.as_mut().expect("it is a layer");
        let Some(bounds) = extent(shapes.all.iter().flatten()) else { continue };
        let all = candidates(bounds, &known);
        let chosen = clear(&all, known.is_empty());
        placed.notes.push(told(&what, &why, chosen, &all));
        match chosen {
            Some(one) => {
                placed.crs.insert((path, number), short(&one.crs));
                convert(shapes, &one.crs, one.swapped);
            }
            None => shapes.all.iter_mut().for_each(|geometry| *geometry = None),
        }
    }
    let apart = far_apart(files);
    placed.notes.extend(apart);
    let suspicions = suspicions(files, &placed);
    placed.notes.extend(suspicions);
    Ok(placed)
}

/// How a layer is named in messages.
fn named(file: &str, grid: &Grid) -> String {
    match &grid.sheet {
        Some(sheet) => format!("{file}!{sheet}"),
        None => file.to_owned(),
    }
}

/// What a system is called in the run: its code, or its words.
fn short(crs: &Crs) -> String {
    crs.authority().map_or_else(|| crs.words().en, |code| format!("EPSG:{code}"))
}

/// The one candidate that leaves no choice. Degrees in China can be nothing else; of metres the
/// overlap with another layer tells, or a zone prefix that only one system has.
fn clear(all: &[Candidate], alone: bool) -> Option<&Candidate> {
    let first = all.first()?;
    if first.crs.is_geographic() && !first.swapped {
        return Some(first);
    }
    if alone {
        return (all.len() == 1 && !first.swapped).then_some(first);
    }
    let overlap = |candidate: &Candidate| candidate.overlap.unwrap_or(0.0);
    let rival = all.iter().skip(1).any(|other| overlap(other) > RIVAL);
    (overlap(first) >= CLEAR && !rival).then_some(first)
}

fn convert(shapes: &mut Shapes, crs: &Crs, swapped: bool) {
    let transformer = Transformer::new(crs);
    for (row, geometry) in shapes.all.iter_mut().enumerate() {
        let Some(from) = geometry.take() else { continue };
        let from = if swapped { turned(from) } else { from };
        *geometry = transformer.geometry_to_lonlat(&from);
        if geometry.is_none() {
            let words = Words::new(
                "坐标超出坐标系的范围",
                "its coordinates are beyond what the coordinate system can hold",
            );
            shapes.faults.push((row, words));
        }
    }
}

/// X and Y exchanged: surveyors' X points north.
fn turned(geometry: Geometry<f64>) -> Geometry<f64> {
    use geo::MapCoords;
    geometry.map_coords(|coord| geo_types::Coord { x: coord.y, y: coord.x })
}

fn wrong(crs: &Crs, problem: &Words) -> Words {
    let crs = crs.words();
    Words::new(
        format!("文件写明是{}，但{}", crs.zh, problem.zh),
        format!("the file says {}, but {}", crs.en, problem.en),
    )
}

fn exchanged(what: &str, crs: &Crs) -> Words {
    let crs = crs.words();
    Words::new(
        format!("{what}：X、Y 颠倒（X 是北坐标），对调后按{}采用", crs.zh),
        format!(
            "{what}: X and Y stand for each other (X points north); exchanged, and taken as {}",
            crs.en
        ),
    )
}

fn contradicted(what: &str, crs: &Crs, problem: &Words) -> Error {
    let crs = crs.words();
    Error::refused(
        format!("{what}：指定的坐标系是{}，但{}；请另指定", crs.zh, problem.zh),
        format!("{what}: {} was named, but {}; name another", crs.en, problem.en),
    )
}

/// What is said of a layer whose system had to be found.
fn told(what: &str, why: &Words, chosen: Option<&Candidate>, all: &[Candidate]) -> Words {
    let shown = |candidate: &Candidate, zh: bool| {
        let name = short(&candidate.crs);
        let turned = match (candidate.swapped, zh) {
            (true, true) => "，X、Y 互换",
            (true, false) => ", X and Y exchanged",
            _ => "",
        };
        let overlap = candidate.overlap.map_or(String::new(), |share| {
            let share = share * 100.0;
            match zh {
                true => format!("，与其他图层重叠 {share:.1}%"),
                false => format!(", overlaps the other layers by {share:.1}%"),
            }
        });
        match zh {
            true => format!("{name}（{}{turned}{overlap}）", candidate.why.zh),
            false => format!("{name} ({}{turned}{overlap})", candidate.why.en),
        }
    };
    let list = |zh: bool| {
        let others =
            all.iter().filter(|one| chosen.is_none_or(|chosen| !std::ptr::eq(*one, chosen)));
        let shown: Vec<String> = others.take(5).map(|one| shown(one, zh)).collect();
        shown.join(if zh { "；" } else { "; " })
    };
    match chosen {
        Some(one) => {
            let (zh, en) = (list(true), list(false));
            let rest = |list: String, label: &str| {
                if list.is_empty() { String::new() } else { format!("{label}{list}") }
            };
            Words::new(
                format!(
                    "{what}：{}；按证据采用 {}{}；如不对，请用 @ 或 crs 指定",
                    why.zh,
                    shown(one, true),
                    rest(zh, "；未采用：")
                ),
                format!(
                    "{what}: {}; on the evidence {} was taken{}; name another with @ or crs if that is wrong",
                    why.en,
                    shown(one, false),
                    rest(en, "; not taken: ")
                ),
            )
        }
        None if all.is_empty() => Words::new(
            format!("{what}：{}；坐标不像任何已知的坐标系，图形未采用，属性照常读取", why.zh),
            format!(
                "{what}: {}; its numbers fit no known system, so its geometry is left out; its cells are read",
                why.en
            ),
        ),
        None => Words::new(
            format!(
                "{what}：{}；图形未采用，属性照常读取；请用 @ 或 crs 指定，可能是：{}",
                why.zh,
                list(true)
            ),
            format!(
                "{what}: {}; its geometry is left out, its cells are read; name the system with @ or crs; it may be: {}",
                why.en,
                list(false)
            ),
        ),
    }
}

/// Layers that lie on none of the others: one of the systems is probably wrong.
fn far_apart(files: &BTreeMap<PathBuf, ReadFile>) -> Vec<Words> {
    let bounds = |(path, _, grid): (&PathBuf, usize, &Grid)| {
        let bounds = extent(grid.shapes.as_ref()?.all.iter().flatten())?;
        Some((named(&files[path].name, grid), bounds))
    };
    let layers: Vec<(String, Rect)> = grids(files).filter_map(bounds).collect();
    let mut notes = Vec::new();
    for (number, (name, own)) in layers.iter().enumerate() {
        let others = layers.iter().enumerate().filter(|(other, _)| *other != number);
        let others: Vec<&Rect> = others.map(|(_, (_, bounds))| bounds).collect();
        let touches = |other: &&Rect| {
            own.min().x <= other.max().x
                && other.min().x <= own.max().x
                && own.min().y <= other.max().y
                && other.min().y <= own.max().y
        };
        if others.is_empty() || others.iter().any(touches) {
            continue;
        }
        let metres = |other: &&Rect| between(own.center().into(), other.center().into());
        let nearest = others.iter().filter_map(metres).fold(f64::INFINITY, f64::min);
        let kilometres = nearest / 1000.0;
        notes.push(Words::new(
            format!("{name}：不与任何其他图层重叠，中心相距至少 {kilometres:.0} 公里；请核对坐标系"),
            format!("{name}: lies on none of the other layers, {kilometres:.0} km or more from their centres; check its coordinate system"),
        ));
    }
    notes
}

/// No more points than this are tried.
const TRIED: usize = 500;

/// Names of fewer characters are in too many others.
const SHORTEST_NAME: usize = 2;

/// A polygon and the names its row bears.
struct Area<'g> {
    names: Vec<&'g str>,
    geometry: &'g Geometry<f64>,
}

/// Layers of points in degrees nobody declared that would fit the polygons better after undoing the
/// shift of a map service: each point the polygon it is named after, where there are such.
fn suspicions(files: &BTreeMap<PathBuf, ReadFile>, placed: &Placed) -> Vec<Words> {
    let areas: Vec<Area<'_>> = grids(files).flat_map(|(_, _, grid)| areas(grid)).collect();
    let polygons: Vec<Option<Geometry>> =
        areas.iter().map(|area| Some(area.geometry.clone())).collect();
    if polygons.is_empty() {
        return Vec::new();
    }
    let index = PolygonIndex::new(&polygons);
    let mut notes = Vec::new();
    for (path, number, grid) in grids(files) {
        let system = placed.crs.get(&(path.clone(), number));
        let degrees = system.is_some_and(|name| name == "EPSG:4490" || name == "EPSG:4326");
        let Some(shapes) = grid.shapes.as_ref().filter(|_| degrees) else { continue };
        let is_point = |one: &(usize, &Geometry)| matches!(one.1, Geometry::Point(_));
        let all = shapes.all.iter().enumerate();
        let points = all.filter_map(|(row, one)| Some((row, one.as_ref()?))).filter(is_point);
        let points: Vec<(usize, (f64, f64))> = points
            .filter_map(|(row, one)| representative(one).map(|at| (row, (at.x(), at.y()))))
            .take(TRIED)
            .collect();
        let own: Vec<Option<usize>> =
            points.iter().map(|(row, _)| named_after(grid, *row, &areas)).collect();
        let by_name = own.iter().flatten().count() * 2 > own.len();
        let fits = |number: usize, lon: f64, lat: f64| {
            let held = index.locate((lon, lat).into());
            match own[number] {
                Some(area) if by_name => held.contains(&area),
                _ if by_name => false,
                _ => !held.is_empty(),
            }
        };
        let places: Vec<(f64, f64)> = points.iter().map(|(_, place)| *place).collect();
        if let Some(found) = suspect(&places, &fits) {
            let what = named(&files[path].name, grid);
            let words = found.words();
            notes
                .push(Words::new(format!("{what}：{}", words.zh), format!("{what}: {}", words.en)));
        }
    }
    notes
}

/// The polygons of a grid, each with its names.
fn areas(grid: &Grid) -> Vec<Area<'_>> {
    let shapes = grid.shapes.iter().flat_map(|shapes| shapes.all.iter().enumerate());
    let polygons = shapes.filter_map(|(row, one)| match one {
        Some(one @ (Geometry::Polygon(_) | Geometry::MultiPolygon(_))) => Some((row, one)),
        _ => None,
    });
    let is_name =
        |text: &&str| text.chars().count() >= SHORTEST_NAME && text.chars().all(|c| !c.is_ascii());
    let names = |row: usize| (0..grid.columns()).map(move |column| grid.cell(row, column));
    polygons
        .map(|(row, geometry)| Area { names: names(row).filter(is_name).collect(), geometry })
        .collect()
}

/// The one polygon whose name stands in a row's cells.
fn named_after(grid: &Grid, row: usize, areas: &[Area<'_>]) -> Option<usize> {
    let cells: Vec<&str> = (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
    let mut found = areas.iter().enumerate().filter(|(_, area)| {
        area.names.iter().any(|name| cells.iter().any(|cell| cell.contains(name)))
    });
    found.next().filter(|_| found.next().is_none()).map(|(number, _)| number)
}

fn grids(files: &BTreeMap<PathBuf, ReadFile>) -> impl Iterator<Item = (&PathBuf, usize, &Grid)> {
    files.iter().flat_map(|(path, file)| {
        file.grids.iter().enumerate().map(move |(number, grid)| (path, number, grid))
    })
}
