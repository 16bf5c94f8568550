//! The run folder: everything needed to say the same again, by hand or by a later command.
//!
//! ```text
//! manifest.json        tool, place, day, inputs with hashes, texts, declarations, count ledger
//! inventory/*.csv      the tables that were judged; *.wkt their geometry, by row
//! standards/*.toml     the texts that were available, as they were
//! assessments.csv      every assessment
//! audit.json           tallies, and every finding not met or unknown
//! audit.geojson        what has a place, with its verdicts, and the places of errors
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use geo_types::Geometry;
use polars::prelude::DataType;
use serde::{Deserialize, Serialize};

use crate::assessment::COLUMNS;
use crate::audit::Audit;
use crate::check::{self, Assessed, Question};
use crate::error::{Error, Result};
use crate::geometry::wkt;
use crate::inventory::{self, Account, Inventory, MapFaultKind, Parts, Table, tables};
use crate::origin::Source;
use crate::place::Place;
use crate::source::sha256;
use crate::standard::{Displaced, Library, Spoken};
use crate::words::Words;

use super::csv::{read_frame, write_frame_to};
use super::{Heading, replace, replace_with};

/// What a run was made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this file's layout.
    pub schema: String,
    /// The version of the program.
    pub tool: String,
    /// The project's name.
    pub name: String,
    /// What the place is called.
    pub place_name: Option<String>,
    /// The place's code, or `CN`.
    pub place: String,
    /// The day that was judged on.
    pub as_of: String,
    /// The texts asked for by name.
    pub named: BTreeSet<String>,
    /// Whether wider texts that give way were judged as well.
    pub wider: bool,
    /// The texts available, with their hashes.
    pub standards: Vec<(String, String)>,
    /// The sources, in the order the tables count them.
    pub sources: Vec<Source>,
    /// What became of the rows of each source.
    pub accounts: Vec<Account>,
    /// Tables declared complete.
    pub complete: BTreeSet<String>,
    /// What the project declared.
    pub declarations: Vec<Words>,
    /// The requirements that gave way to another text.
    pub displaced: Vec<GaveWay>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    borrowed: Vec<Borrowed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    map_faults: Vec<MapFault>,
}

/// A value that another list of the same thing gave.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Borrowed {
    table: String,
    id: String,
    field: String,
    source: u32,
    row: u32,
}

impl Borrowed {
    fn of(
        ((table, id, field), (source, row)): (&(String, String, String), &(u32, u32)),
    ) -> Borrowed {
        Borrowed {
            table: table.clone(),
            id: id.clone(),
            field: field.clone(),
            source: *source,
            row: *row,
        }
    }

    fn restored(self) -> ((String, String, String), (u32, u32)) {
        ((self.table, self.id, self.field), (self.source, self.row))
    }
}

/// Something wrong with the geometry of a row.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct MapFault {
    kind: MapFaultKind,
    source: u32,
    row: u32,
    table: String,
    id: String,
    area: f64,
    words: Words,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<String>,
}

impl MapFault {
    fn of(fault: &inventory::MapFault) -> MapFault {
        MapFault {
            kind: fault.kind,
            source: fault.source,
            row: fault.row,
            table: fault.table.to_owned(),
            id: fault.id.clone(),
            area: fault.area,
            words: fault.words.clone(),
            place: fault.place.as_ref().map(wkt::write),
        }
    }

    fn restored(self) -> Option<inventory::MapFault> {
        let place = match self.place {
            Some(text) => Some(wkt::read(&text).ok()?.1),
            None => None,
        };
        Some(inventory::MapFault {
            kind: self.kind,
            source: self.source,
            row: self.row,
            table: inventory::table(&self.table)?.name.as_str(),
            id: self.id,
            area: self.area,
            words: self.words,
            place,
        })
    }
}

/// A requirement that another text displaced.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GaveWay {
    /// The pack's id.
    pub pack: String,
    /// The requirement's id in it.
    pub requirement: String,
    /// The id of the pack that spoke instead.
    pub to: String,
    /// Whether both are of the same level.
    pub same_level: bool,
    /// For how many subjects the text that spoke asks for less.
    pub looser_for: usize,
}

const SCHEMA: &str = "facility-audit/run.v1";

/// Writes a run folder; an older run in it is replaced, anything else is left alone.
///
/// # Errors
/// [`Error::Refused`] when the folder holds something that is no run; [`Error::Write`] when the
/// disk fails.
pub fn save(audit: &Audit, heading: &Heading, folder: &Path) -> Result<()> {
    refuse_other_content(folder)?;
    // The manifest is written last: without it a half-written folder is no run.
    let manifest = folder.join("manifest.json");
    if manifest.exists() {
        std::fs::remove_file(&manifest).map_err(Error::write(&manifest))?;
    }
    for part in ["inventory", "standards"] {
        let part = folder.join(part);
        if part.exists() {
            std::fs::remove_dir_all(&part).map_err(Error::write(&part))?;
        }
    }
    for (name, frame) in frames(&audit.inventory) {
        let path = folder.join("inventory").join(format!("{name}.csv"));
        replace_with(&path, |file| write_frame_to(frame, file))?;
    }
    for table in tables() {
        let geometry = audit.inventory.geometry(&table.name);
        if !geometry.is_empty() {
            let lines = geometry.iter().map(|(row, one)| format!("{row}\t{}\n", wkt::write(one)));
            let path = folder.join("inventory").join(format!("{}.wkt", table.name));
            replace(&path, lines.collect::<String>().as_bytes())?;
        }
    }
    for pack in audit.library.packs() {
        replace(&folder.join("standards").join(pack_file(&pack.id)), pack.text.as_bytes())?;
    }
    replace_with(&folder.join("assessments.csv"), |file| {
        write_frame_to(&audit.assessed.assessments, file)
    })?;
    replace(&folder.join("audit.json"), &super::json::audit_json(audit, heading)?)?;
    // A map is written when there is something to draw; an older one must not stay.
    let map = folder.join("audit.geojson");
    let drawn = tables().iter().any(|table| !audit.inventory.geometry(&table.name).is_empty());
    if drawn {
        replace_with(&map, |file| super::geojson::write_to(audit, file))?;
    } else if map.exists() {
        std::fs::remove_file(&map).map_err(Error::write(&map))?;
    }
    let text = serde_json::to_string_pretty(&describe(audit, heading)).expect("plain data is JSON");
    replace(&manifest, text.as_bytes())
}

fn frames(inventory: &Inventory) -> Vec<(&'static str, &polars::prelude::DataFrame)> {
    let tables = tables().iter().map(|table| (table.name.as_str(), inventory.table(&table.name)));
    tables.chain([("uses", inventory.uses())]).collect()
}

/// Ids may hold anything; file names may not.
fn pack_file(id: &str) -> String {
    let plain = id.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    if plain { format!("{id}.toml") } else { format!("{}.toml", &sha256(id.as_bytes())[..16]) }
}

fn describe(audit: &Audit, heading: &Heading) -> Manifest {
    let packs = audit.library.packs();
    Manifest {
        schema: SCHEMA.to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        name: heading.name.clone(),
        place_name: heading.place_name.clone(),
        place: audit.question.place.to_string(),
        as_of: audit.question.day.to_string(),
        named: audit.question.named.clone(),
        wider: audit.question.wider,
        standards: packs.iter().map(|pack| (pack.id.clone(), pack.sha256.clone())).collect(),
        sources: audit.inventory.sources.clone(),
        accounts: audit.inventory.accounts.clone(),
        complete: audit.inventory.complete.clone(),
        borrowed: audit.inventory.borrowed().iter().map(Borrowed::of).collect(),
        map_faults: audit.inventory.map_faults.iter().map(MapFault::of).collect(),
        declarations: audit.declarations.clone(),
        displaced: audit
            .assessed
            .displaced
            .iter()
            .map(|one| {
                let what = one.displaced.what;
                GaveWay {
                    pack: packs[what.pack].id.clone(),
                    requirement: packs[what.pack].requirements[what.requirement].id.clone(),
                    to: packs[one.displaced.by].id.clone(),
                    same_level: one.displaced.same_level,
                    looser_for: one.looser_for,
                }
            })
            .collect(),
    }
}

fn refuse_other_content(folder: &Path) -> Result<()> {
    let Ok(mut entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    if folder.join("manifest.json").exists() || entries.next().is_none() {
        return Ok(());
    }
    let folder = folder.display();
    Err(Error::refused(
        format!("{folder}：文件夹里有别的内容，不覆盖；请换一个 --out，或先清空"),
        format!("{folder}: holds something that is no run; choose another --out, or empty it"),
    ))
}

/// Reads a run folder back.
///
/// # Errors
/// [`Error::Refused`] when it is no run, or of another version, or damaged; [`Error::Read`] when the
/// disk fails.
pub fn load(folder: &Path) -> Result<(Audit, Heading)> {
    let manifest: Manifest = manifest(folder)?;
    let mut library = Library::default();
    let files: Vec<PathBuf> = manifest
        .standards
        .iter()
        .map(|(id, _)| folder.join("standards").join(pack_file(id)))
        .collect();
    library.add_files(&files)?;
    for (id, hash) in &manifest.standards {
        if library.get(id).is_none_or(|pack| pack.sha256 != *hash) {
            return Err(Error::refused(
                format!("运行文件夹中的标准 {id} 已被改动；请重新运行 audit"),
                format!("the standard {id} in the run folder was changed; run audit again"),
            ));
        }
    }
    let mut frames = Vec::new();
    for table in tables() {
        frames.push((table.name.as_str(), read_table(folder, &table.name, &physical(table))?));
    }
    let uses = read_table(folder, "uses", &uses_columns())?;
    let assessments = std::fs::read_to_string(folder.join("assessments.csv"))
        .map_err(Error::read(&folder.join("assessments.csv")))?;
    let assessments = if assessments.trim().is_empty() {
        polars::prelude::DataFrame::empty()
    } else {
        read_frame("assessments.csv", &assessments, &assessment_columns())?
    };
    let damaged =
        || Error::refused("manifest.json：快照已损坏", "manifest.json: the snapshot is damaged");
    let question = Question {
        place: Place::parse(&manifest.place).ok_or_else(damaged)?,
        day: manifest.as_of.parse().map_err(|_| damaged())?,
        named: manifest.named,
        wider: manifest.wider,
    };
    let mut geometry = BTreeMap::new();
    for table in tables() {
        geometry.insert(table.name.as_str(), read_geometry(folder, table)?);
    }
    let map_faults = manifest.map_faults.into_iter().map(MapFault::restored);
    let inventory = Inventory::restore(Parts {
        tables: frames,
        uses,
        geometry,
        borrowed: manifest.borrowed.into_iter().map(Borrowed::restored).collect(),
        map_faults: map_faults.collect::<Option<_>>().ok_or_else(damaged)?,
        sources: manifest.sources,
        accounts: manifest.accounts,
        complete: manifest.complete,
    });
    let displaced = displaced(&library, &manifest.displaced).ok_or_else(damaged)?;
    let assessed = Assessed { assessments, displaced };
    let heading = Heading { name: manifest.name, place_name: manifest.place_name };
    Ok((Audit::assemble(inventory, library, question, manifest.declarations, assessed)?, heading))
}

/// The displaced requirements as indices into the packs.
fn displaced(library: &Library, all: &[GaveWay]) -> Option<Vec<check::GaveWay>> {
    let packs = library.packs();
    let pack_at = |id: &str| packs.iter().position(|pack| pack.id == id);
    all.iter()
        .map(|one| {
            let pack = pack_at(&one.pack)?;
            let requirements = packs[pack].requirements.iter();
            let requirement =
                requirements.map(|rule| &rule.id).position(|id| *id == one.requirement)?;
            let what = Spoken { pack, requirement };
            let displaced = Displaced { what, by: pack_at(&one.to)?, same_level: one.same_level };
            Some(check::GaveWay { displaced, looser_for: one.looser_for })
        })
        .collect()
}

fn manifest(folder: &Path) -> Result<Manifest> {
    let path = folder.join("manifest.json");
    let text = std::fs::read_to_string(&path).map_err(|cause| {
        if cause.kind() != std::io::ErrorKind::NotFound {
            return Error::read(&path)(cause);
        }
        let folder = folder.display();
        Error::refused(
            format!("{folder}：不是运行文件夹（没有 manifest.json）；请给出 audit 写出的文件夹"),
            format!("{folder}: no run folder (it has no manifest.json); give the folder that audit wrote"),
        )
    })?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| {
        let path = path.display();
        Error::refused(
            format!("{path}：快照已损坏：{error}"),
            format!("{path}: the snapshot is damaged: {error}"),
        )
    })?;
    if manifest.schema != SCHEMA {
        let found = &manifest.schema;
        return Err(Error::refused(
            format!("运行文件夹的版本是 {found}，本程序读取 {SCHEMA}；请重新运行 audit"),
            format!(
                "the run folder is of version {found}, this program reads {SCHEMA}; run audit again"
            ),
        ));
    }
    Ok(manifest)
}

fn read_table(
    folder: &Path,
    name: &str,
    columns: &[(String, DataType)],
) -> Result<polars::prelude::DataFrame> {
    let path = folder.join("inventory").join(format!("{name}.csv"));
    let text = std::fs::read_to_string(&path).map_err(Error::read(&path))?;
    read_frame(&path.display().to_string(), &text, columns)
}

/// The geometry beside a table's rows; none where no file holds any.
fn read_geometry(folder: &Path, table: &Table) -> Result<BTreeMap<usize, Geometry<f64>>> {
    let path = folder.join("inventory").join(format!("{}.wkt", table.name));
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let text = std::fs::read_to_string(&path).map_err(Error::read(&path))?;
    let read = |line: &str| {
        let (row, text) = line.split_once('\t')?;
        Some((row.parse().ok()?, wkt::read(text).ok()?.1))
    };
    text.lines().map(read).collect::<Option<_>>().ok_or_else(|| {
        let path = path.display();
        Error::refused(
            format!("{path}：快照已损坏；请重新运行 audit"),
            format!("{path}: the snapshot is damaged; run audit again"),
        )
    })
}

fn physical(table: &Table) -> Vec<(String, DataType)> {
    let own = table.columns.iter().flat_map(|column| column.physical());
    let origin =
        [("_source", DataType::UInt32), ("_row", DataType::UInt32), ("_field", DataType::String)];
    own.chain(origin.map(|(name, kind)| (name.to_owned(), kind))).collect()
}

fn uses_columns() -> Vec<(String, DataType)> {
    let columns = [
        ("premises_id", DataType::String),
        ("community_id", DataType::String),
        ("share_low", DataType::Float64),
        ("share_high", DataType::Float64),
        ("sure", DataType::Boolean),
    ];
    columns.map(|(name, kind)| (name.to_owned(), kind)).into()
}

fn assessment_columns() -> Vec<(String, DataType)> {
    let kind = |name: &str| match name {
        "because_rows" | "_source" | "_row" => DataType::UInt32,
        name if name.ends_with("_low") || name.ends_with("_high") => DataType::Float64,
        _ => DataType::String,
    };
    COLUMNS.iter().map(|name| ((*name).to_owned(), kind(name))).collect()
}
