//! Reading a project's files into an inventory: pinned where the project says, else guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::inventory::{Decided, Gathering, Inventory, Table, table};
use crate::layer::Grid;
use crate::mapping::{Input, Mapping, apply, guess, guess_rows};
use crate::source::{ReadFile, located, points_of, read, shown};
use crate::words::Words;

use super::pinning::Pinning;
use super::placing;
use super::{InputSpec, Project};

/// Reads every input of a project.
///
/// Also gives what a reader must know of files that were read only in part.
pub fn inventory(project: &Project) -> Result<(Inventory, Vec<Words>)> {
    let mut gathering = Gathering::default();
    let mut files: BTreeMap<PathBuf, ReadFile> = BTreeMap::new();
    for spec in &project.inputs {
        let path = located(&project.folder, &spec.file);
        if !files.contains_key(&path) {
            files.insert(path.clone(), read(&path, spec.encoding.as_deref())?);
        }
    }
    points_of_tables(&mut files);
    let placed = placing::place(&mut files, &project.inputs, &project.folder)?;
    let mut notes = placed.notes.clone();
    let planned = plan(project, &files, &mut notes)?;
    gathering.decide(Decided::new(project.settled.clone()));
    let mut fed: BTreeSet<(String, Option<String>, String)> = BTreeSet::new();
    for one in &planned {
        let Planned { file, grid, mappings, complete, .. } = one;
        for mapping in mappings {
            let set = mapping.set.iter().map(|(column, code)| format!("{}={code}", column.name));
            let what = format!("{} {}", mapping.table.name, set.collect::<Vec<_>>().join(" "));
            if !fed.insert((file.sha256.clone(), grid.sheet.clone(), what)) {
                return Err(given_twice(file, grid, mapping.table));
            }
        }
        let crs = placed.crs.get(&(one.path.clone(), one.number)).map(String::as_str);
        let path = shown(&one.path).to_string();
        let input = Input { file: &file.name, path: &path, sha256: &file.sha256, grid, crs };
        let tables: BTreeSet<&str> = mappings.iter().map(|one| one.table.name.as_str()).collect();
        for table in tables {
            // What is read beside the rows' own table lists only what those rows name.
            gathering.declare(table, *complete && table == mappings[0].table.name);
        }
        apply(mappings, input, &mut gathering);
    }
    let has_code = project.place.level() > 0;
    let place = if has_code { project.place.to_string() } else { String::new() };
    notes.sort();
    notes.dedup();
    Ok((gathering.finish(&place)?, notes))
}

/// A grid with all that is to be read from it.
struct Planned<'f> {
    spec: usize,
    path: PathBuf,
    file: &'f ReadFile,
    number: usize,
    grid: &'f Grid,
    mappings: Vec<Mapping>,
    complete: bool,
}

/// How each grid of each input is read.
fn plan<'f>(
    project: &Project,
    files: &'f BTreeMap<PathBuf, ReadFile>,
    notes: &mut Vec<Words>,
) -> Result<Vec<Planned<'f>>> {
    let mut all: Vec<Planned<'f>> = Vec::new();
    for (index, spec) in project.inputs.iter().enumerate() {
        let path = located(&project.folder, &spec.file);
        let file = &files[&path];
        let whole_book = spec.sheet.is_none() && file.grids.len() > 1;
        let before = all.len();
        for (number, grid) in grids(spec, file)? {
            notes.extend(grid.notes.iter().map(|note| of_file(file, grid, note)));
            if grid.hidden {
                notes.push(not_read(file, grid, "隐藏的工作表", "a hidden sheet"));
                continue;
            }
            let (spec, told) = project.with_saved(spec, grid);
            let spec = &spec;
            notes.extend(told.iter().map(|note| of_file(file, grid, note)));
            let mappings = Pinning { project, spec, file, grid }.mappings();
            let unknown = guess(grid, None).is_none() && spec.columns.is_empty();
            if whole_book && unknown && mappings.is_err() {
                notes.push(not_read(file, grid, "没有可识别的表头", "no heading is known"));
                continue;
            }
            let (path, complete, mappings) = (path.clone(), spec.complete, mappings?);
            all.push(Planned { spec: index, path, file, number, grid, mappings, complete });
        }
        if all.len() == before {
            return Err(nothing_in(file));
        }
    }
    leave_to_others(project, &mut all);
    Ok(all)
}

/// What is read beside a table gives way where an input is there for just that: the same cells, or a
/// list of the estates that a ledger only names.
fn leave_to_others(project: &Project, all: &mut [Planned<'_>]) {
    let explicit = |one: &Planned<'_>| project.inputs[one.spec].table.is_some();
    let asked: BTreeSet<(PathBuf, usize, String)> = all
        .iter()
        .filter(|one| explicit(one))
        .map(|one| (one.path.clone(), one.number, one.mappings[0].table.name.clone()))
        .collect();
    let lists = |table: &str| all.iter().any(|one| one.mappings[0].table.name == table);
    let (lists_estates, lists_communities) = (lists("estates"), lists("communities"));
    for one in all.iter_mut() {
        let (path, number) = (one.path.clone(), one.number);
        let mut index = 0;
        let gives_way = |mapping: &Mapping| {
            let key = (path.clone(), number, mapping.table.name.clone());
            let only_names = mapping.table.name == "estates"
                && mapping.columns.iter().all(|column| {
                    ["name", "place", "street", "note"].contains(&column.column.name.as_str())
                });
            let listed = lists_communities && mapping.table.name == "communities";
            asked.contains(&key) || (only_names && lists_estates) || listed
        };
        // Events count in the mappings by their order, so nothing is taken out before them.
        let keep: Vec<bool> = one
            .mappings
            .iter()
            .map(|mapping| {
                index += 1;
                index == 1 || !gives_way(mapping)
            })
            .collect();
        let place = |of: usize| keep[of].then(|| keep[..of].iter().filter(|kept| **kept).count());
        for mapping in &mut one.mappings {
            for stage in &mut mapping.stages {
                stage.of = stage.of.and_then(place);
            }
        }
        let mut kept = keep.iter();
        one.mappings.retain(|_| *kept.next().expect("one for each mapping"));
    }
}

/// Tables that hold longitudes and latitudes are layers of points as well.
pub(super) fn points_of_tables(files: &mut BTreeMap<PathBuf, ReadFile>) {
    for file in files.values_mut() {
        for grid in file.grids.iter_mut().filter(|grid| grid.shapes.is_none()) {
            let header = guess(grid, None).map(|guess| guess.header().last);
            if let Some(header) = header {
                grid.shapes = points_of(grid, header);
            }
        }
    }
}

pub(super) fn of_file(file: &ReadFile, grid: &Grid, note: &Words) -> Words {
    let place = place_of(file, grid);
    Words::new(format!("{place}：{}", note.zh), format!("{place}: {}", note.en))
}

fn not_read(file: &ReadFile, grid: &Grid, zh: &str, en: &str) -> Words {
    let place = place_of(file, grid);
    Words::new(format!("{place}：未读（{zh}）"), format!("{place}: not read ({en})"))
}

fn given_twice(file: &ReadFile, grid: &Grid, table: &Table) -> Error {
    let (place, table) = (place_of(file, grid), &table.name);
    Error::refused(
        format!("{place}：同一内容作为 {table} 给了两次，会重复计算；请去掉一个"),
        format!(
            "{place}: the same content is given twice as {table} and would count twice; remove one"
        ),
    )
}

fn nothing_in(file: &ReadFile) -> Error {
    let name = &file.name;
    Error::refused(
        format!("{name}：没有可读的数据（文件为空，或没有可识别的表头）"),
        format!("{name}: holds no data that can be read (it is empty, or no heading is known)"),
    )
}

pub(super) fn place_of(file: &ReadFile, grid: &Grid) -> String {
    match &grid.sheet {
        Some(sheet) => format!("{}!{sheet}", file.name),
        None => file.name.clone(),
    }
}

/// The sheets to read: the named one, else all that hold anything.
pub(super) fn grids<'f>(spec: &InputSpec, file: &'f ReadFile) -> Result<Vec<(usize, &'f Grid)>> {
    let all = file.grids.iter().enumerate();
    let Some(wanted) = &spec.sheet else {
        return Ok(all.filter(|(_, grid)| grid.hidden || grid.rows() > 0).collect());
    };
    let found: Vec<(usize, &Grid)> =
        all.filter(|(_, grid)| grid.sheet.as_ref() == Some(wanted)).collect();
    if found.is_empty() {
        let sheets: Vec<&str> =
            file.grids.iter().filter_map(|grid| grid.sheet.as_deref()).collect();
        let (name, sheets) = (&file.name, sheets.join("、"));
        return Err(Error::refused(
            format!("{name}：没有工作表“{wanted}”；现有：{sheets}"),
            format!("{name}: no sheet `{wanted}`; there are: {sheets}"),
        ));
    }
    Ok(found)
}

impl Project {
    /// When rooms are listed but no communities, the communities are those named there, with what
    /// the rows of rooms tell of them.
    pub(super) fn add_communities_rooms_name(&mut self) -> Result<()> {
        let communities = table("communities").expect("communities are declared");
        let premises = table("premises").expect("rooms are declared");
        let is =
            |table: Option<&Table>, other: &Table| table.is_some_and(|one| one.name == other.name);
        if self.inputs.iter().any(|spec| is(spec.table, communities)) {
            return Ok(());
        }
        let (mut also, mut beside) = (Vec::new(), Vec::new());
        for (index, spec) in self.inputs.iter().enumerate() {
            if spec.table.is_some() && !is(spec.table, premises) {
                continue;
            }
            let file = read(&located(&self.folder, &spec.file), spec.encoding.as_deref())?;
            let visible = grids(spec, &file)?.into_iter().filter(|(_, grid)| !grid.hidden);
            for (_, grid) in visible {
                let header =
                    spec.header.map(|[first, last]| (first as usize - 1, last as usize - 1));
                let found = match spec.table {
                    Some(rooms) => guess_rows(grid, rooms, header),
                    None => guess(grid, None),
                };
                let Some(found) = found else { continue };
                let has =
                    |table: &Table| found.mappings.iter().any(|one| one.table.name == table.name);
                match found.mapping().table {
                    first if first.name == communities.name => return Ok(()),
                    first if first.name != premises.name => {}
                    _ if has(communities) => beside.push(index),
                    _ => also.push(InputSpec {
                        file: spec.file.clone(),
                        sheet: grid.sheet.clone(),
                        encoding: spec.encoding.clone(),
                        header: spec.header,
                        table: Some(communities),
                        only: vec!["name", "place"],
                        ..InputSpec::default()
                    }),
                }
            }
        }
        beside.into_iter().for_each(|index| self.inputs[index].beside = true);
        self.inputs.extend(also);
        Ok(())
    }
}
