//! A project file says which files are audited, how they are read, where and when.
//!
//! ```toml
//! name  = "幸福里"
//! place = "411602"                  # GB/T 2260; leave out when it is not known
//! as_of = 2023-12-31                # the day to judge on; today when absent
//! packs = ["chuanhui-2007-91"]      # texts to use although they lack a start day, or files
//!
//! [[input]]
//! file    = "台账.xlsx"
//! sheet   = "城东"                   # all sheets when absent
//! header  = 2                       # the row of the headings; found when absent
//! table   = "premises"              # what a row is; found when absent
//! columns = { area = "建筑面积" }     # field = heading; what is not pinned is found
//! values  = { tenure = { "单位提供" = "borrowed" } }
//! blank   = { area = "none" }       # what a blank cell means
//! complete = true                   # a community without a row here has none
//!
//! [[input]]
//! file     = "小区面.shp"
//! table    = "estates"
//! crs      = "EPSG:4527"            # where the file does not say, or says it wrongly
//! ```
//!
//! Published tables, whose columns are figures, name their items: see [`InputSpec::items`].

mod corrections;
mod load;
mod look;
mod parse;
mod pinning;
mod placing;
mod saved;
mod settled;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use corrections::{Correction, corrections};
pub use look::{Inspection, PlacedLayer, Preview, inspect, placed_layers};
pub use saved::{Saved, saved};
pub use settled::{reviewed, settled};

use jiff::tz::{Offset, TimeZone};

use crate::audit::Audit;
use crate::check::Question;
use crate::day::Day;
use crate::error::{Error, Result};
use crate::geometry::crs::Crs;
use crate::inventory::{Blank, Column, Inventory, Settled, Table, tables};
use crate::mapping::{ABOUT, table_called};
use crate::place::Place;
use crate::plan::Asked;
use crate::quantity::Unit;
use crate::source::shown;
use crate::standard::Library;
use crate::words::Words;

/// What is to be audited: inputs, place, day and texts.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its name, also of the run folder.
    pub name: String,
    /// Where it lies; the country when not known.
    pub place: Place,
    /// What the place is called.
    pub place_name: Option<String>,
    /// The day to judge on.
    pub day: Day,
    /// Texts asked for: ids, or files relative to [`Project::folder`].
    pub packs: Vec<String>,
    /// Whether wider texts that give way to nearer ones are judged as well.
    pub wider: bool,
    /// The files to read.
    pub inputs: Vec<InputSpec>,
    /// How far `约` reaches, as a share of the number.
    pub about: f64,
    /// Where the run folder goes, when the project says.
    pub output: Option<PathBuf>,
    /// The folder its paths are relative to.
    pub folder: PathBuf,
    /// Things a reader must know of the data, printed with the results.
    pub notes: Vec<Words>,
    /// What cells mean instead of what they say, as the user has confirmed.
    pub corrections: Vec<Correction>,
    /// Which names are one thing, as the user has decided.
    pub settled: Vec<Settled>,
    /// The score sheet to rank by, relative to [`Project::folder`].
    pub score: Option<PathBuf>,
    /// The template of the ledger's columns, relative to [`Project::folder`].
    pub ledger: Option<PathBuf>,
    /// What it says for the comparison of rented and owned premises.
    pub tenure: Asked,
    /// How tables are read, as saved from earlier runs.
    pub saved: Vec<Saved>,
}

/// One file, and what the project says about reading it.
#[derive(Debug, Clone, Default)]
pub struct InputSpec {
    /// The file, relative to the project's folder.
    pub file: PathBuf,
    /// The only sheet, or layer, to read.
    pub sheet: Option<String>,
    /// The coordinate system of its geometry, when not the one it states: `EPSG:4527`, `GCJ-02`.
    pub crs: Option<String>,
    /// The encoding of its text, when it cannot be told: `Big5`.
    pub encoding: Option<String>,
    /// The spreadsheet rows of the headings, the first and the last, from 1.
    pub header: Option<[u32; 2]>,
    /// The table its rows belong to.
    pub table: Option<&'static Table>,
    /// Whether more than that table may be read from its rows, as where no table is named.
    pub beside: bool,
    /// Field → heading.
    pub columns: BTreeMap<String, String>,
    /// Field → cell text → text to read instead.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Field → what a blank cell means.
    pub blank: BTreeMap<String, Blank>,
    /// Field → the value of every row.
    pub set: BTreeMap<String, String>,
    /// The only fields to read, when not all; none means all.
    pub only: Vec<&'static str>,
    /// Whether it lists everything there is.
    pub complete: bool,
    /// For published tables: the columns that are figures.
    pub items: Vec<ItemSpec>,
    /// For published tables: the period label of the row of grand totals.
    pub total: Option<String>,
}

/// One column of figures of a published table.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemSpec {
    /// What is counted: a known item, or a name of its own.
    pub item: String,
    /// The heading of its column.
    pub column: String,
    /// The unit it is printed in.
    pub unit: Option<Unit>,
    /// The items it totals, when it is a total.
    pub sum_of: Vec<String>,
}

impl InputSpec {
    /// A file of which everything is guessed from its headings.
    pub fn of_file(file: &Path) -> InputSpec {
        InputSpec { file: file.to_owned(), ..InputSpec::default() }
    }

    /// A layer as the command line names it: `小区=小区面.shp@EPSG:4527`. What stands before `=`
    /// says what its features are; what stands after `@` is its coordinate system.
    ///
    /// # Errors
    /// When the name is of no table.
    pub fn layer(text: &str) -> Result<InputSpec> {
        let (name, rest) = match text.split_once('=') {
            Some((name, rest)) if !name.contains("://") => (Some(name.trim()), rest),
            _ => (None, text),
        };
        let table = match name {
            Some(name) => Some(table_called(name).ok_or_else(|| no_such_layer(name))?),
            None => None,
        };
        // A path may hold an `@` of its own: only what names a coordinate system is one.
        let declared = rest.rsplit_once('@').filter(|(_, crs)| Crs::of_text(crs.trim()).is_ok());
        let (file, crs) = match declared {
            Some((file, crs)) => (file, Some(crs.trim().to_owned())),
            None => (rest, None),
        };
        Ok(InputSpec { file: file.trim().into(), table, crs, ..InputSpec::default() })
    }
}

/// The rows of headings as users write them: `3`, or `3-4`; at most three.
pub fn header_rows(text: &str) -> Option<[u32; 2]> {
    let (first, last) = text.split_once(['-', '–', '~']).unwrap_or((text, text));
    let row =
        |text: &str| text.trim().parse::<u32>().ok().filter(|row| (1..=1_048_576).contains(row));
    let (first, last) = (row(first)?, row(last)?);
    (first <= last && last - first < 3).then_some([first, last])
}

fn no_such_layer(name: &str) -> Error {
    Error::refused(
        format!(
            "“{name}”不是已知的图层；可用：社区、小区、用房、设施、分期、楼栋、街道、道路，或表名"
        ),
        format!(
            "`{name}` is no known layer; accepted: communities, estates, premises, facilities, phases, buildings, divisions, roads, or 社区, 小区 …"
        ),
    )
}

impl Project {
    /// Reads a project file.
    ///
    /// # Errors
    /// [`Error::Read`] when the file cannot be read; [`Error::Diagnostics`] with every mistake in it.
    pub fn open(path: impl AsRef<Path>) -> Result<Project> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(Error::read(path))?;
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        parse::parse(&path.display().to_string(), &text, folder)
    }

    /// A project of loose files: everything is guessed from their headings.
    ///
    /// When rooms are given but no communities, the communities are those the rooms name.
    ///
    /// # Errors
    /// When a file cannot be read, or its headings are not known.
    pub fn of_files(files: &[PathBuf]) -> Result<Project> {
        Project::of_inputs(files.iter().map(|file| InputSpec::of_file(file)).collect())
    }

    /// The same of inputs that may say more of themselves, such as layers ([`InputSpec::layer`]).
    ///
    /// # Errors
    /// As [`Project::of_files`].
    pub fn of_inputs(inputs: Vec<InputSpec>) -> Result<Project> {
        let name = inputs.first().and_then(|input| input.file.file_stem());
        let mut project = Project {
            name: name
                .map_or_else(|| "audit".to_owned(), |name| name.to_string_lossy().into_owned()),
            place: Place::nation(),
            place_name: None,
            day: today(),
            packs: Vec::new(),
            wider: false,
            inputs,
            about: ABOUT,
            output: None,
            folder: PathBuf::new(),
            notes: Vec::new(),
            corrections: Vec::new(),
            settled: Vec::new(),
            score: None,
            ledger: None,
            tenure: Asked::default(),
            saved: Vec::new(),
        };
        project.add_communities_rooms_name()?;
        Ok(project)
    }

    /// The texts of this project: those shipped, and the files it names.
    ///
    /// # Errors
    /// When a named text does not exist, or a named file cannot be read as a pack.
    pub fn library(&self) -> Result<(Library, Vec<String>)> {
        let mut library = Library::shipped();
        let (files, ids): (Vec<&String>, Vec<&String>) =
            self.packs.iter().partition(|pack| pack.ends_with(".toml"));
        let files: Vec<PathBuf> = files.into_iter().map(|file| self.folder.join(file)).collect();
        let mut named = library.add_files(&files)?;
        for id in ids {
            if library.get(id).is_none() {
                let known: Vec<&str> =
                    library.packs().iter().map(|pack| pack.id.as_str()).collect();
                let near = crate::document::nearest(id, &known);
                let hint = |text: &str| near.map_or(String::new(), |near| format!("{text}{near}"));
                return Err(Error::refused(
                    format!("没有标准“{id}”{}；可用：{}", hint("，最接近："), known.join("、")),
                    format!(
                        "no standard `{id}`{}; available: {}",
                        hint(", nearest: "),
                        known.join(", ")
                    ),
                ));
            }
            named.push(id.clone());
        }
        Ok((library, named))
    }

    /// Reads all inputs.
    ///
    /// # Errors
    /// When a file cannot be read, a pinned heading is not there, or headings cannot be understood.
    pub fn inventory(&self) -> Result<Inventory> {
        Ok(load::inventory(self)?.0)
    }

    fn asks(&self, named: Vec<String>) -> Question {
        Question {
            place: self.place.clone(),
            day: self.day,
            named: named.into_iter().collect(),
            wider: self.wider,
        }
    }

    /// What it asks: place, day and named texts.
    ///
    /// # Errors
    /// As [`Project::library`].
    pub fn question(&self) -> Result<Question> {
        Ok(self.asks(self.library()?.1))
    }

    /// Reads all inputs and judges them.
    ///
    /// # Errors
    /// As [`Project::inventory`] and [`Project::library`].
    pub fn audit(&self) -> Result<Audit> {
        let (library, named) = self.library()?;
        let question = self.asks(named);
        let (inventory, notes) = load::inventory(self)?;
        let mut declarations = self.declarations();
        declarations.extend(notes);
        for table in &inventory.not_complete {
            declarations.push(Words::new(
                format!("{table} 虽声明完整，但另有来源未声明，或有行未能关联、未能使用，故未列出的仍视为不明"),
                format!("{table} is declared complete, but another source of it is not, or rows of it are unlinked or set aside: what is not listed stays unknown"),
            ));
        }
        Audit::run(inventory, library, question, declarations)
    }

    /// What the project declares about its data, for printing with the results.
    pub fn declarations(&self) -> Vec<Words> {
        let mut all = vec![Words::new(
            format!("“约”按 ±{}% 理解", self.about * 100.0),
            format!("`约` is read as ±{}%", self.about * 100.0),
        )];
        for input in &self.inputs {
            let file = shown(&input.file);
            let called = |field: &str| called(input.table, field);
            for (field, blank) in &input.blank {
                let (field, words) = (called(field), blank.words());
                all.push(Words::new(
                    format!("{file}：{}：{}", field.zh, words.zh),
                    format!("{file}: {}: {}", field.en, words.en),
                ));
            }
            for (field, values) in &input.values {
                let field = called(field);
                for (from, to) in values {
                    all.push(Words::new(
                        format!("{file}：{}：“{from}”按“{to}”理解", field.zh),
                        format!("{file}: {}: `{from}` is read as `{to}`", field.en),
                    ));
                }
            }
            if input.complete {
                all.push(Words::new(
                    format!("{file}：已声明完整，未列出的视为没有"),
                    format!("{file}: declared complete; what is not listed does not exist"),
                ));
            }
        }
        all.extend(self.corrected());
        all.extend(self.settled.iter().map(settled::words));
        all.extend(self.notes.iter().cloned());
        all
    }
}

/// What a field is called, in its table or else in the first that has it, with the code a project writes.
fn called(of: Option<&Table>, field: &str) -> Words {
    let column = of.into_iter().chain(tables()).find_map(|table| table.column(field));
    let Some(words) = column.map(Column::words) else { return Words::same(field) };
    let en = if words.en == field { field.to_owned() } else { format!("{} ({field})", words.en) };
    Words::new(format!("{}（{field}）", words.zh), en)
}

/// Today in China.
pub fn today() -> Day {
    let china = TimeZone::fixed(Offset::constant(8));
    jiff::Timestamp::now().to_zoned(china).date()
}
