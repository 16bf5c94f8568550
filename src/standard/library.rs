//! The packs a run can choose from: those shipped with the program, and those the user gives.

use std::path::Path;

use crate::error::{Diagnostic, Error, Result};

use super::model::Pack;
use super::parse::parse;

include!(concat!(env!("OUT_DIR"), "/shipped_packs.rs"));

/// All packs of a run, each id once.
#[derive(Debug, Clone, Default)]
pub struct Library {
    packs: Vec<Pack>,
}

impl Library {
    /// The packs shipped with the program, in the order of their ids.
    ///
    /// # Panics
    /// When a shipped pack is broken, which the tests exclude.
    pub fn shipped() -> Library {
        let mut library = Library::default();
        for (file, text) in SHIPPED {
            let pack = parse(file, text).expect("shipped packs are part of the program and tested");
            library.add(pack);
        }
        library
    }

    /// Adds a pack; one with the same id is replaced, so that a user can correct a shipped text.
    pub fn add(&mut self, pack: Pack) {
        self.packs.retain(|other| other.id != pack.id);
        self.packs.push(pack);
        self.packs.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// Reads packs from files and adds them; gives their ids.
    ///
    /// # Errors
    /// [`Error::Read`] when a file cannot be read; [`Error::Diagnostics`] with the mistakes of all.
    pub fn add_files(&mut self, paths: &[impl AsRef<Path>]) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        let mut mistakes: Vec<Diagnostic> = Vec::new();
        for path in paths {
            let path = path.as_ref();
            let text = std::fs::read_to_string(path).map_err(Error::read(path))?;
            match parse(&path.display().to_string(), &text) {
                Ok(pack) if ids.contains(&pack.id) => {
                    let (id, file) = (&pack.id, path.display());
                    return Err(Error::refused(
                        format!("{file}：标准编号“{id}”与另一个给出的文件相同；请改其一"),
                        format!("{file}: the id `{id}` is that of another file given; change one"),
                    ));
                }
                Ok(pack) => {
                    ids.push(pack.id.clone());
                    self.add(pack);
                }
                Err(Error::Diagnostics(found)) => mistakes.extend(found),
                Err(other) => return Err(other),
            }
        }
        if mistakes.is_empty() { Ok(ids) } else { Err(Error::Diagnostics(mistakes)) }
    }

    /// All packs.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// The pack with this id.
    pub fn get(&self, id: &str) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.id == id)
    }
}
