//! What a project pins of one grid, over what is guessed from its headings.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::inventory::{Column, Table};
use crate::layer::Grid;
use crate::mapping::{
    Guess, Header, Heading, Item, Mapped, Mapping, Reading, Title, bases, candidates, factor,
    folded, guess, guess_for, guess_rows, one_room, read_cell,
};
use crate::measure::{item_unit, rates};
use crate::origin::column_letters;
use crate::source::ReadFile;

use super::load::place_of;
use super::{Correction, InputSpec, ItemSpec, Project};

/// What the project pins of one grid, over what is guessed.
pub(super) struct Pinning<'a> {
    pub project: &'a Project,
    pub spec: &'a InputSpec,
    pub file: &'a ReadFile,
    pub grid: &'a Grid,
}

impl Pinning<'_> {
    /// The mapping of the grid, and those of what is read beside it.
    pub fn mappings(&self) -> Result<Vec<Mapping>> {
        let spec = self.spec;
        let row = |row: u32| row as usize - 1;
        let pinned = spec.header.map(|[first, last]| (row(first), row(last)));
        let header = pinned.or_else(|| self.pinned_header());
        let guessed = match spec.table {
            Some(table) if spec.beside => guess_rows(self.grid, table, header),
            Some(table) => guess_for(self.grid, table, header),
            None => guess(self.grid, header),
        };
        let Guess { mut mappings, ambiguous, title, .. } =
            guessed.ok_or_else(|| self.not_understood())?;
        self.refuse_ambiguity(&ambiguous, &mappings[0].header)?;
        let area = mappings[0].index_of("area");
        self.pin(&mut mappings, &title)?;
        if mappings[0].index_of("area") != area || mappings[0].index_of("tenure").is_some() {
            // What is pinned is the one room of a row.
            one_room(&mut mappings);
        }
        let corrections = self.project.corrections_of(&self.file.name, self.grid.sheet.as_deref());
        for (index, mapping) in mappings.iter_mut().enumerate() {
            if !spec.only.is_empty() {
                mapping.columns.retain(|one| spec.only.contains(&one.column.name.as_str()));
            }
            self.declare(mapping)?;
            mapping.corrections.clone_from(&corrections);
            self.refuse_outdated_corrections(mapping)?;
            self.refuse_unreadable(mapping)?;
            if index == 0 {
                mapping.total.clone_from(&spec.total);
                if !spec.items.is_empty() {
                    mapping.items = self.items(&mapping.header)?;
                }
            }
        }
        let first = &mut mappings[0];
        if first.columns.is_empty() && first.items.is_empty() && first.stages.is_empty() {
            return Err(self.no_column_known(first));
        }
        // A column of figures is read as a figure only.
        let figures: Vec<usize> = first.items.iter().map(|item| item.index).collect();
        first.columns.retain(|mapped| !figures.contains(&mapped.index));
        Ok(mappings)
    }

    /// Puts the headings that the project names in the place of those guessed: in the rows' own table,
    /// else in one that is read beside it.
    fn pin(&self, mappings: &mut [Mapping], title: &Title) -> Result<()> {
        for (field, heading) in &self.spec.columns {
            let of = mappings.iter().position(|one| one.table.column(field).is_some());
            let mapping = &mut mappings[of.unwrap_or(0)];
            let column = field_of(mapping.table, field)?;
            let header = &mapping.header;
            let index = header.find(heading).ok_or_else(|| self.no_heading(header, heading))?;
            let own = Heading::of(heading);
            let read = header.readings(index).into_iter().find(|one| one.unit.is_some());
            let factor = factor(read.as_ref().unwrap_or(&own), column, title);
            let factor = factor.ok_or_else(|| self.wrong_unit(heading, column))?;
            if mapping.columns.iter().any(|mapped| mapped.pinned && mapped.index == index) {
                return Err(self.heading_twice(heading));
            }
            let text = header.text(index);
            mapping.columns.retain(|mapped| mapped.column.name != *field && mapped.index != index);
            mapping.columns.push(Mapped {
                column,
                index,
                heading: text,
                words: own.words,
                reading: Reading { factor, ..Reading::of(column, self.grid) },
                values: BTreeMap::new(),
                pinned: true,
            });
        }
        Ok(())
    }

    /// What the project declares of the cells of a mapping's columns.
    fn declare(&self, mapping: &mut Mapping) -> Result<()> {
        let spec = self.spec;
        mapping.about = self.project.about;
        mapping.blanks.clone_from(&spec.blank);
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
        let guessed: Vec<(&'static Column, String)> = bases(mapping);
        mapping.set.retain(|(column, _)| !column.name.ends_with("_basis"));
        mapping.set.extend(guessed);
        mapping.set.retain(|(column, _)| !spec.set.contains_key(&column.name));
        for (field, text) in &spec.set {
            let Some(column) = mapping.table.column(field) else { continue };
            mapping.columns.retain(|mapped| mapped.column.name != *field);
            mapping.set.push((column, text.clone()));
        }
        Ok(())
    }

    /// A correction holds only while its cell says what it said, and must be a value of its column.
    fn refuse_outdated_corrections(&self, mapping: &Mapping) -> Result<()> {
        let (file, sheet) = (&self.file.name, self.grid.sheet.as_deref());
        let here = |one: &&Correction| one.file == *file && one.sheet.as_deref() == sheet;
        for one in self.project.corrections.iter().filter(here) {
            let mapped = mapping.columns.iter().find(|mapped| mapped.column.name == one.field);
            let Some(mapped) = mapped else { continue };
            let found = self.grid.cell((one.row as usize).saturating_sub(1), mapped.index);
            let at = format!("{}!{}{}", self.place(), column_letters(mapped.index as u32), one.row);
            if folded(found) != folded(&one.from) {
                return Err(Error::refused(
                    format!(
                        "更正清单：{at} 现为“{found}”，与清单所记“{}”不同；请重新核对",
                        one.from
                    ),
                    format!(
                        "corrections: {at} says `{found}` now and not `{}`; look again",
                        one.from
                    ),
                ));
            }
            if let Err(accepted) = read_cell(&one.to, mapped.column, &mapped.reading) {
                return Err(Error::refused(
                    format!("更正清单：{at} 改为“{}”无法识别；可用：{}", one.to, accepted.zh),
                    format!(
                        "corrections: {at}: `{}` cannot be read; accepted: {}",
                        one.to, accepted.en
                    ),
                ));
            }
        }
        Ok(())
    }

    /// What the project says a cell means must itself be a value of its column.
    fn refuse_unreadable(&self, mapping: &Mapping) -> Result<()> {
        let replaced = mapping
            .columns
            .iter()
            .flat_map(|mapped| mapped.values.values().map(move |text| (mapped.column, text)));
        let set = mapping.set.iter().map(|(column, text)| (*column, text));
        for (column, text) in replaced.chain(set) {
            let reading = Reading { about: self.project.about, ..Reading::plain(column) };
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
    fn refuse_ambiguity(
        &self,
        all: &[(&'static Column, [usize; 2])],
        header: &Header,
    ) -> Result<()> {
        let spec = self.spec;
        let settled = |column: &Column| {
            let not_read = !spec.only.is_empty() && !spec.only.contains(&column.name.as_str());
            not_read
                || spec.columns.contains_key(&column.name)
                || spec.set.contains_key(&column.name)
        };
        let figures: Vec<usize> =
            spec.items.iter().filter_map(|item| header.find(&item.column)).collect();
        let open = all.iter().find(|(column, indices)| {
            !settled(column) && !indices.iter().any(|index| figures.contains(index))
        });
        let Some((column, indices)) = open else {
            return Ok(());
        };
        let (place, field) = (self.place(), &column.name);
        let shown =
            indices.map(|index| format!("{} {}", column_letters(index as u32), header.text(index)));
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

    /// The first rows that hold every pinned heading.
    fn pinned_header(&self) -> Option<(usize, usize)> {
        let items = self.spec.items.iter().map(|item| &item.column);
        let pinned: Vec<&String> = self.spec.columns.values().chain(items).collect();
        if pinned.is_empty() || self.grid.is_layer() {
            return None;
        }
        let holds = |(first, last): &(usize, usize)| {
            let header = Header::of(self.grid, *first, *last);
            pinned.iter().all(|heading| header.find(heading).is_some())
        };
        let mut blocks = candidates(self.grid, 0..self.grid.rows().min(20));
        // Where one row holds them all, headings above it are groups or titles: the guess decides.
        blocks.sort_by_key(|(first, last)| (*last, last - first));
        let found = blocks.iter().find(|rows| holds(rows)).copied()?;
        let guessed =
            guess(self.grid, None).map(|guess| (guess.header().first, guess.header().last));
        Some(guessed.filter(|rows| rows.1 == found.1 && holds(rows)).unwrap_or(found))
    }

    fn items(&self, header: &Header) -> Result<Vec<Item>> {
        let specs = &self.spec.items;
        let total_of = |item: &str| {
            let total = specs.iter().find(|total| total.sum_of.iter().any(|part| part == item));
            total.map(|total| total.item.clone())
        };
        let read = |one: &ItemSpec| {
            let index =
                header.find(&one.column).ok_or_else(|| self.no_heading(header, &one.column))?;
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
                factor: 1.0,
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
        let headings = (0..self.grid.columns()).map(|index| mapping.header.text(index));
        let found: Vec<String> = headings.filter(|text| !text.is_empty()).collect();
        let label = &mapping.table.label;
        Error::refused(
            format!(
                "{place}：没有可识别的字段（现有：{}）；请在项目文件中指明，如 columns = {{ {label} = \"{}\" }}",
                found.join("、"),
                found.first().map_or("…", String::as_str)
            ),
            format!(
                "{place}: none of its fields is known (there are: {}); pin them in a project file: columns = {{ {label} = \"{}\" }}",
                found.join(", "),
                found.first().map_or("…", String::as_str)
            ),
        )
    }

    fn no_heading(&self, header: &Header, heading: &str) -> Error {
        let (place, row) = (self.place(), self.grid.row_number(header.last));
        let cells = (0..self.grid.columns()).map(|column| header.text(column));
        let found: Vec<String> = cells.filter(|text| !text.is_empty()).collect();
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

fn field_of(table: &'static Table, field: &str) -> Result<&'static Column> {
    table.column(field).ok_or_else(|| {
        let known: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        Error::refused(
            format!("表 {} 没有字段“{field}”；可用：{}", table.name, known.join("、")),
            format!("table {} has no field `{field}`; accepted: {}", table.name, known.join(", ")),
        )
    })
}
