//! Stands in for the errors of the main crate, one of which holds an error of the table engine.

use std::io;
use std::path::{Path, PathBuf};

use crate::words::Words;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug)]
pub enum Error {
    Read(PathBuf, io::Error),
    Refused(Words),
}

impl Error {
    pub fn refused(zh: impl Into<String>, en: impl Into<String>) -> Error {
        Error::Refused(Words::new(zh, en))
    }

    pub fn read(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_owned();
        move |cause| Error::Read(path, cause)
    }
}
