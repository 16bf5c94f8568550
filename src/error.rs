//! What can stop a run, and what is wrong with a text the user wrote.
//!
//! Three things are kept apart. Bad *data* never stops a run: it becomes a set-aside row or an
//! assessment. A bad *pack or project file* is a list of [`Diagnostic`]s, all collected, each with
//! its place. A bad *disk, file format or engine* is an [`Error`].

use std::fmt;
use std::path::{Path, PathBuf};

use crate::words::Words;

/// The result of anything that can stop a run.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A reason why a run could not be made.
///
/// [`fmt::Display`] prints English; [`Error::words`] gives both languages.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read.
    #[error("{}: cannot be read: {cause}", .path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A file or folder could not be written.
    #[error("{}: cannot be written: {cause}", .path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A pack or project file says something that cannot be understood.
    #[error("{}", list(.0))]
    Diagnostics(Vec<Diagnostic>),
    /// An input or a request cannot be used; the words name the place and what would be accepted.
    #[error("{0}")]
    Refused(Words),
    /// The table engine failed: a defect of this program, not of the data.
    #[error("internal: {0}")]
    Engine(#[from] polars::error::PolarsError),
}

impl Error {
    /// An input that cannot be used, with the message in both languages.
    pub fn refused(zh: impl Into<String>, en: impl Into<String>) -> Error {
        Error::Refused(Words::new(zh, en))
    }

    /// Wraps a failure to read `path`.
    pub fn read(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |cause| Error::Read { path, cause }
    }

    /// Wraps a failure to write `path`.
    pub fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |cause| Error::Write { path, cause }
    }

    /// The message in both languages.
    pub fn words(&self) -> Words {
        match self {
            Error::Read { path, cause } => Words::new(
                format!("{}：无法读取：{}", path.display(), system(cause)),
                self.to_string(),
            ),
            Error::Write { path, cause } => Words::new(
                format!("{}：无法写入：{}", path.display(), system(cause)),
                self.to_string(),
            ),
            Error::Diagnostics(all) => {
                let lines: Vec<String> = all.iter().map(|one| one.line(&one.words.zh)).collect();
                Words::new(lines.join("\n"), self.to_string())
            }
            Error::Refused(words) => words.clone(),
            Error::Engine(cause) => Words::new(format!("程序内部错误：{cause}"), self.to_string()),
        }
    }
}

/// What the system says, in Chinese where it is one of the usual things.
fn system(cause: &std::io::Error) -> String {
    use std::io::ErrorKind;
    let known = match cause.kind() {
        ErrorKind::NotFound => "文件不存在",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::IsADirectory => "这是文件夹，不是文件",
        ErrorKind::NotADirectory => "路径中有一段不是文件夹",
        ErrorKind::InvalidData => "内容不是 UTF-8 文本",
        ErrorKind::StorageFull => "磁盘已满",
        ErrorKind::InvalidFilename => "文件名太长或含有不允许的字符",
        _ => return cause.to_string(),
    };
    known.to_owned()
}

/// One thing wrong in a text file the user can correct: where, what was found, what is accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The file as the user named it.
    pub file: String,
    /// Its text, for showing the line.
    pub text: std::sync::Arc<str>,
    /// The byte range the message is about.
    pub span: std::ops::Range<usize>,
    /// What was found, in both languages.
    pub words: Words,
    /// What would be accepted, in both languages.
    pub help: Option<Words>,
}

impl Diagnostic {
    /// Line and column of the start, both from 1; columns count characters, not bytes.
    pub fn position(&self) -> (usize, usize) {
        let before = &self.text[..floor_boundary(&self.text, self.span.start)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    fn line(&self, message: &str) -> String {
        let (line, column) = self.position();
        format!("{}:{line}:{column}: {message}", self.file)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(&self.words.en))?;
        match &self.help {
            Some(help) => write!(f, " ({})", help.en),
            None => Ok(()),
        }
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&index| text.is_char_boundary(index)).unwrap_or(0)
}

fn list(all: &[Diagnostic]) -> String {
    let lines: Vec<String> = all.iter().map(Diagnostic::to_string).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_names_line_and_column_in_characters() {
        let text = "名称 = 1\n户数 = x\n";
        let diagnostic = Diagnostic {
            file: "包.toml".into(),
            text: text.into(),
            span: text.find('x').expect("it is there")..text.len(),
            words: Words::new("不是数", "not a number"),
            help: Some(Words::new("写数", "write a number")),
        };
        assert_eq!(diagnostic.position(), (2, 6));
        assert_eq!(diagnostic.to_string(), "包.toml:2:6: not a number (write a number)");
    }
}
