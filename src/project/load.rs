//! Reading a project's files into an inventory: pinned where the project says, else guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::inventory::{Column, Gathering, Inventory, Table, table};
use crate::layer::{Grid, Layer};
use crate::mapping::{
    Guess, Heading, Input, Item, Mapped, Mapping, Reading, bases, folded, guess, guess_for,
    read_cell,
};
use crate::measure::{item_unit, rates};
use crate::origin::column_letters;
use crate::source::{ReadFile, located, points_of, read};
use crate::words::Words;

use super::placing;
use super::{InputSpec, Project};

/// Reads every input of a project.
///
/// Also gives what a reader must know of files that were read only in part.
pub fn inventory(project: &Project) -> Result<(Inventory, Vec<Words>)> {
    let mut gathering = Gathering::default();
    let mut fed: BTreeSet<(String, Option<String>, &str)> = BTreeSet::new();
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
    for spec in &project.inputs {
        let path = located(&project.folder, &spec.file);
        let file = &files[&path];
        let whole_book = spec.sheet.is_none() && file.grids.len() > 1;
        let mut understood = 0;
        for (number, grid) in grids(spec, file)? {
            notes.extend(grid.notes.iter().map(|note| of_file(file, grid, note)));
            if grid.hidden {
                notes.push(not_read(file, grid, "隐藏的工作表", "a hidden sheet"));
                continue;
            }
            let mapping = Pinning { project, spec, file, grid }.mapping();
            let unknown = guess(grid, None).is_none() && spec.columns.is_empty();
            if whole_book && unknown && mapping.is_err() {
                notes.push(not_read(file, grid, "没有可识别的表头", "no heading is known"));
                continue;
            }
            let mapping = mapping?;
            understood += 1;
            if !fed.insert((file.sha256.clone(), grid.sheet.clone(), &mapping.table.name)) {
                return Err(given_twice(file, grid, mapping.table));
            }
            let crs = placed.crs.get(&(path.clone(), number)).map(String::as_str);
            let input = Input { file: &file.name, sha256: &file.sha256, grid, crs };
            gathering.declare(&mapping.table.name, spec.complete);
            mapping.apply(input, &mut gathering);
        }
        if understood == 0 {
            return Err(nothing_in(file));
        }
    }
    let has_code = project.place.level() > 0;
    let place = if has_code { project.place.to_string() } else { String::new() };
    notes.sort();
    notes.dedup();
    Ok((gathering.finish(&place)?, notes))
}

/// Tables that hold longitudes and latitudes are layers of points as well.
pub(super) fn points_of_tables(files: &mut BTreeMap<PathBuf, ReadFile>) {
    for file in files.values_mut() {
        for grid in file.grids.iter_mut().filter(|grid| grid.shapes.is_none()) {
            let header = guess(grid, None).map(|guess| guess.mapping.header);
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

fn place_of(file: &ReadFile, grid: &Grid) -> String {
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

/// What the project pins of one grid, over what is guessed.
struct Pinning<'a> {
    project: &'a Project,
    spec: &'a InputSpec,
    file: &'a ReadFile,
    grid: &'a Grid,
}

impl Pinning<'_> {
    fn mapping(&self) -> Result<Mapping> {
        let spec = self.spec;
        let header = spec.header.map(|row| row as usize - 1).or_else(|| self.pinned_header());
        let guessed = match spec.table {
            Some(table) => guess_for(self.grid, table, header),
            None => guess(self.grid, header),
        };
        let Guess { mut mapping, ambiguous, .. } = guessed.ok_or_else(|| self.not_understood())?;
        self.refuse_ambiguity(&ambiguous, mapping.header)?;
        let layer = headings(self.grid, mapping.header);
        for (field, heading) in &spec.columns {
            let column = field_of(mapping.table, field)?;
            let index =
                find(&layer, heading).ok_or_else(|| self.no_heading(mapping.header, heading))?;
            let factor = Heading::of(heading).factor(column.kind);
            let factor = factor.ok_or_else(|| self.wrong_unit(heading, column))?;
            if mapping.columns.iter().any(|mapped| mapped.pinned && mapped.index == index) {
                return Err(self.heading_twice(heading));
            }
            mapping.columns.retain(|mapped| mapped.column.name != *field && mapped.index != index);
            mapping.columns.push(Mapped {
                column,
                index,
                reading: Reading { blank: column.blank, factor, about: self.project.about },
                values: BTreeMap::new(),
                pinned: true,
            });
        }
        if !spec.only.is_empty() {
            mapping.columns.retain(|mapped| spec.only.contains(&mapped.column.name.as_str()));
        }
        mapping.about = self.project.about;
        for mapped in &mut mapping.columns {
            let field = &mapped.column.name;
            mapped.reading.about = self.project.about;
            if let Some(blank) = spec.blank.get(field) {
                mapped.reading.blank = *blank;
            }
            if let Some(values) = spec.values.get(field) {
                mapped.values =
                    values.iter().map(|(from, to)| (folded(from), to.clone())).collect();
            }
        }
        // What was guessed of bases holds for the headings guessed; the pinned ones say it anew.
        mapping.set = bases(self.grid, &mapping);
        mapping.set.retain(|(column, _)| !spec.set.contains_key(&column.name));
        for (field, text) in &spec.set {
            let column = field_of(mapping.table, field)?;
            mapping.columns.retain(|mapped| mapped.column.name != *field);
            mapping.set.push((column, text.clone()));
        }
        self.refuse_unreadable(&mapping)?;
        mapping.total.clone_from(&spec.total);
        mapping.items = self.items(&layer, mapping.header)?;
        if mapping.columns.is_empty() && mapping.items.is_empty() {
            return Err(self.no_column_known(&mapping));
        }
        // A column of figures is read as a figure only.
        let figures: Vec<usize> = mapping.items.iter().map(|item| item.index).collect();
        mapping.columns.retain(|mapped| !figures.contains(&mapped.index));
        Ok(mapping)
    }

    /// What the project says a cell means must itself be a value of its column.
    fn refuse_unreadable(&self, mapping: &Mapping) -> Result<()> {
        let replaced = mapping
            .columns
            .iter()
            .flat_map(|mapped| mapped.values.values().map(move |text| (mapped.column, text)));
        let set = mapping.set.iter().map(|(column, text)| (*column, text));
        for (column, text) in replaced.chain(set) {
            let reading = Reading { blank: column.blank, factor: 1.0, about: self.project.about };
            if let Err(accepted) = read_cell(text, column, &reading) {
                let field = &column.name;
                return Err(Error::refused(
                    format!("项目文件：{field} 的值“{text}”无法识别；可用：{}", accepted.zh),
                    format!(
                        "project file: the value `{text}` of {field} cannot be read; accepted: {}",
                        accepted.en
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Two headings that could both be an area, say: taking either alone would lose the other.
    fn refuse_ambiguity(&self, all: &[(&'static Column, [usize; 2])], header: usize) -> Result<()> {
        let spec = self.spec;
        let settled = |column: &Column| {
            let not_read = !spec.only.is_empty() && !spec.only.contains(&column.name.as_str());
            not_read
                || spec.columns.contains_key(&column.name)
                || spec.set.contains_key(&column.name)
        };
        let figures: Vec<usize> = spec
            .items
            .iter()
            .filter_map(|item| find(&headings(self.grid, header), &item.column))
            .collect();
        let open = all.iter().find(|(column, indices)| {
            !settled(column) && !indices.iter().any(|index| figures.contains(index))
        });
        let Some((column, indices)) = open else {
            return Ok(());
        };
        let (place, field) = (self.place(), &column.name);
        let shown = indices.map(|index| {
            format!("{} {}", column_letters(index as u32), self.grid.cell(header, index))
        });
        Err(Error::refused(
            format!(
                "{place}：“{}”与“{}”都可能是{}；请在项目文件中写明，如 columns = {{ {field} = \"…\" }}",
                shown[0], shown[1], column.zh
            ),
            format!(
                "{place}: `{}` and `{}` could both be the {}; say which in a project file: columns = {{ {field} = \"…\" }}",
                shown[0], shown[1], column.en
            ),
        ))
    }

    /// The first row that holds every pinned heading.
    fn pinned_header(&self) -> Option<usize> {
        let items = self.spec.items.iter().map(|item| &item.column);
        let pinned: Vec<&String> = self.spec.columns.values().chain(items).collect();
        if pinned.is_empty() {
            return None;
        }
        (0..self.grid.rows().min(20)).find(|&row| {
            let layer = headings(self.grid, row);
            pinned.iter().all(|heading| find(&layer, heading).is_some())
        })
    }

    fn items(&self, layer: &Layer, header: usize) -> Result<Vec<Item>> {
        let specs = &self.spec.items;
        let total_of = |item: &str| {
            let total = specs.iter().find(|total| total.sum_of.iter().any(|part| part == item));
            total.map(|total| total.item.clone())
        };
        let read = |one: &super::ItemSpec| {
            let index =
                find(layer, &one.column).ok_or_else(|| self.no_heading(header, &one.column))?;
            let printed = Heading::of(&one.column).figure_unit();
            // A rate's unit says more than the unit of its heading: ㎡ per what?
            let is_rate = rates().iter().any(|rate| rate.item == one.item);
            let unit = match (one.unit, printed) {
                (Some(unit), _) => Some(unit),
                (None, _) if is_rate => item_unit(&one.item),
                (None, Ok(printed)) => printed.or_else(|| item_unit(&one.item)),
                (None, Err(_)) => None,
            };
            Ok(Item {
                item: one.item.clone(),
                index,
                unit: unit.ok_or_else(|| self.no_unit(&one.item))?,
                row_total: total_of(&one.item),
                is_total: !one.sum_of.is_empty(),
            })
        };
        specs.iter().map(read).collect()
    }

    fn place(&self) -> String {
        place_of(self.file, self.grid)
    }

    fn not_understood(&self) -> Error {
        let place = self.place();
        Error::refused(
            format!(
                "{place}：没有可识别的表头；请在项目文件中用 table、header、columns 指明，或用 inspect 查看"
            ),
            format!(
                "{place}: no heading is known; pin table, header and columns in a project file, or look with inspect"
            ),
        )
    }

    /// The table is known, but none of the headings: rows of nothing would all be set aside.
    fn no_column_known(&self, mapping: &Mapping) -> Error {
        let place = self.place();
        let headings = (0..self.grid.columns()).map(|index| self.grid.cell(mapping.header, index));
        let found: Vec<&str> = headings.filter(|text| !text.is_empty()).collect();
        let label = &mapping.table.label;
        Error::refused(
            format!(
                "{place}：没有可识别的字段（现有：{}）；请在项目文件中指明，如 columns = {{ {label} = \"{}\" }}",
                found.join("、"),
                found.first().unwrap_or(&"…")
            ),
            format!(
                "{place}: none of its fields is known (there are: {}); pin them in a project file: columns = {{ {label} = \"{}\" }}",
                found.join(", "),
                found.first().unwrap_or(&"…")
            ),
        )
    }

    fn no_heading(&self, header: usize, heading: &str) -> Error {
        let (place, row) = (self.place(), self.grid.row_number(header));
        let cells = (0..self.grid.columns()).map(|column| self.grid.cell(header, column));
        let found: Vec<&str> = cells.filter(|text| !text.is_empty()).collect();
        Error::refused(
            format!("{place}：第 {row} 行没有表头“{heading}”；该行有：{}", found.join("、")),
            format!("{place}: row {row} has no heading `{heading}`; it has: {}", found.join(", ")),
        )
    }

    fn wrong_unit(&self, heading: &str, column: &Column) -> Error {
        let place = self.place();
        Error::refused(
            format!("{place}：表头“{heading}”的单位不能用于{}", column.zh),
            format!("{place}: the unit of the heading `{heading}` is not one of {}", column.en),
        )
    }

    fn heading_twice(&self, heading: &str) -> Error {
        let place = self.place();
        Error::refused(
            format!("{place}：表头“{heading}”被两个字段同时指定"),
            format!("{place}: two fields are pinned to the heading `{heading}`"),
        )
    }

    fn no_unit(&self, item: &str) -> Error {
        let name = &self.file.name;
        Error::refused(
            format!("{name}：指标“{item}”的单位没有写明或不认识；请写 unit"),
            format!("{name}: the unit of the item `{item}` is missing or not known; give one"),
        )
    }
}

fn headings(grid: &Grid, row: usize) -> Layer {
    Layer { grid: grid.clone_headings(row), header: 0 }
}

/// A heading as the file writes it, compared without white space and width.
fn find(layer: &Layer, heading: &str) -> Option<usize> {
    let wanted = folded(heading);
    layer.headings().iter().position(|text| folded(text) == wanted)
}

fn field_of(table: &'static Table, field: &str) -> Result<&'static Column> {
    table.column(field).ok_or_else(|| {
        let known: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        Error::refused(
            format!("表 {} 没有字段“{field}”；可用：{}", table.name, known.join("、")),
            format!("table {} has no field `{field}`; accepted: {}", table.name, known.join(", ")),
        )
    })
}

impl Project {
    /// When files of rooms are given but none of communities, the communities are those named there.
    pub(super) fn add_communities_rooms_name(&mut self) -> Result<()> {
        let communities = table("communities").expect("communities are declared");
        let mut also = Vec::new();
        for spec in &self.inputs {
            let tables: Vec<&Table> = match spec.table {
                Some(table) => vec![table],
                None => {
                    let path = located(&self.folder, &spec.file);
                    let file = read(&path, spec.encoding.as_deref())?;
                    let guesses = file.grids.iter().filter_map(|grid| guess(grid, None));
                    guesses.map(|guess| guess.mapping.table).collect()
                }
            };
            if tables.iter().any(|table| table.name == "communities") {
                return Ok(());
            }
            if !tables.is_empty() && tables.iter().all(|table| table.name == "premises") {
                also.push(InputSpec {
                    file: spec.file.clone(),
                    table: Some(communities),
                    only: vec!["name", "place"],
                    ..InputSpec::default()
                });
            }
        }
        self.inputs.extend(also);
        Ok(())
    }
}
