//! Looking at files without judging them: how they would be read, and where their layers lie.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::inventory::{Account, Gathering};
use crate::layer::Grid;
use crate::mapping::{Guess, Input, apply, guess, guess_for};
use crate::origin::Source;
use crate::source::{ReadFile, read};
use crate::words::Words;

use super::load::{grids, of_file, points_of_tables};
use super::{InputSpec, placing};

/// What a file would be read as, for showing before anything is judged.
#[derive(Debug)]
pub struct Inspection {
    /// The file.
    pub file: ReadFile,
    /// For each of its grids, how it would be read.
    pub previews: Vec<Option<Preview>>,
    /// For each of its grids that has geometry that could be placed: the coordinate system.
    pub crs: Vec<Option<String>>,
}

/// How one grid would be read.
#[derive(Debug)]
pub struct Preview {
    /// What was guessed.
    pub guess: Guess,
    /// What would become of its rows, for each mapping; references are not resolved.
    pub accounts: Vec<Account>,
    /// The sources of these, in the same order.
    pub sources: Vec<Source>,
}

/// Reads files and guesses what they hold; changes nothing. Also tells what was found of the
/// coordinate systems of their layers, each with the others as evidence.
///
/// # Errors
/// When a file cannot be read.
pub fn inspect(specs: &[InputSpec]) -> Result<(Vec<Inspection>, Vec<Words>)> {
    let mut files: BTreeMap<PathBuf, ReadFile> = BTreeMap::new();
    for spec in specs {
        files.insert(spec.file.clone(), read(&spec.file, spec.encoding.as_deref())?);
    }
    points_of_tables(&mut files);
    let placed = placing::place(&mut files, specs, Path::new(""))?;
    let mut all = Vec::new();
    for spec in specs {
        let Some(file) = files.remove(&spec.file) else { continue };
        let preview = |grid: &Grid| {
            let header = spec.header.map(|[first, last]| (first as usize - 1, last as usize - 1));
            let guess = match spec.table {
                Some(table) => guess_for(grid, table, header),
                None => guess(grid, header),
            }?;
            let mut gathering = Gathering::default();
            let input = Input { file: &file.name, path: "", sha256: &file.sha256, grid, crs: None };
            apply(&guess.mappings, input, &mut gathering);
            let of = |source| gathering.account(source as u32).clone();
            let accounts = (0..guess.mappings.len()).map(of).collect();
            Some(Preview { guess, accounts, sources: gathering.sources().to_vec() })
        };
        let previews = file.grids.iter().map(preview).collect();
        let numbers = 0..file.grids.len();
        let crs = numbers.map(|number| placed.crs.get(&(spec.file.clone(), number)).cloned());
        all.push(Inspection { crs: crs.collect(), previews, file });
    }
    Ok((all, placed.notes))
}

/// A layer, and the coordinate system it was read in, if its geometry could be placed.
pub type PlacedLayer = (Grid, Option<String>);

/// The layers of one file in degrees, and what must be told of how they were read.
///
/// # Errors
/// When the file cannot be read, holds no such layer, or its geometry cannot be placed.
pub fn placed_layers(spec: &InputSpec) -> Result<(Vec<PlacedLayer>, Vec<Words>)> {
    let mut files: BTreeMap<PathBuf, ReadFile> = BTreeMap::new();
    files.insert(spec.file.clone(), read(&spec.file, spec.encoding.as_deref())?);
    points_of_tables(&mut files);
    let placed = placing::place(&mut files, std::slice::from_ref(spec), Path::new(""))?;
    let file = &files[&spec.file];
    let mut notes = placed.notes;
    let mut layers = Vec::new();
    for (number, grid) in grids(spec, file)? {
        let crs = placed.crs.get(&(spec.file.clone(), number)).cloned();
        let drawn = grid.shapes.as_ref().is_some_and(|shapes| shapes.all.len() > 1);
        if drawn && crs.is_none() {
            let words = notes.into_iter().next().unwrap_or_default();
            return Err(Error::Refused(words));
        }
        notes.extend(grid.notes.iter().map(|note| of_file(file, grid, note)));
        layers.push((grid.clone(), crs));
    }
    Ok((layers, notes))
}
