//! Where a workbook keeps what: its sheets by name, its styles, the ranges it filters.

use std::ops::Range;

use crate::words::Words;

use super::address::Area;
use super::package::Package;
use super::unreadable;
use super::xml::{Splices, Step, Steps, escaped};

/// One sheet with cells.
pub(super) struct Sheet {
    /// The name on its tab.
    pub name: String,
    /// The path of its part.
    pub path: String,
    /// Its place among all sheets, which defined names refer to.
    pub place: u32,
}

/// The workbook's own part and what it refers to.
pub(super) struct Book {
    /// The sheets that have cells.
    pub sheets: Vec<Sheet>,
    /// The path of the part with the styles, if there is one.
    pub styles: Option<String>,
    /// The path of the part with the texts that cells share, if there is one.
    pub texts: Option<String>,
    path: String,
    text: String,
    filters: Vec<Filter>,
    namespace: String,
}

/// The hidden name of the range that a sheet filters.
struct Filter {
    sheet: u32,
    text: String,
    span: Range<usize>,
}

/// What one part refers to.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

impl Book {
    /// Finds the sheets and the styles of an archive.
    ///
    /// # Errors
    /// When the archive holds no workbook.
    pub fn of(package: &mut Package<'_>) -> Result<Book, Words> {
        let roots = relations(package, "")?;
        let root = roots.iter().find(|one| one.kind == "officeDocument");
        let path = root.map_or("xl/workbook.xml", |one| &one.target).to_owned();
        let Some(text) = package.text(&path)? else {
            return Err(unreadable(&format!("{path}: missing")));
        };
        let relations = relations(package, &path)?;
        let target = |kind: &str| {
            let found = relations.iter().find(|one| one.kind == kind);
            found.map(|one| one.target.clone())
        };
        let (styles, texts) = (target("styles"), target("sharedStrings"));
        let styles = styles.filter(|path| package.has(path));
        let mut book = Book {
            sheets: Vec::new(),
            styles,
            texts,
            path,
            text: String::new(),
            filters: Vec::new(),
            namespace: String::new(),
        };
        book.find(&text, &relations)?;
        book.text = text;
        Ok(book)
    }

    fn find(&mut self, text: &str, relations: &[Relation]) -> Result<(), Words> {
        let mut steps = Steps::new(text);
        let mut place = 0;
        let mut filter = None;
        loop {
            match steps.next()? {
                Step::Open(tag) | Step::Alone(tag) if steps.depth == 1 => {
                    let prefix = tag.prefix();
                    let key = match prefix.strip_suffix(':') {
                        Some(prefix) => format!("xmlns:{prefix}"),
                        None => "xmlns".to_owned(),
                    };
                    self.namespace = tag.get(&key).unwrap_or_default();
                }
                Step::Open(tag) | Step::Alone(tag) if tag.is("sheet") && steps.depth == 3 => {
                    let id = tag.get_prefixed("id");
                    let found = relations.iter().find(|one| Some(&one.id) == id.as_ref());
                    if let Some(found) = found.filter(|one| one.kind == "worksheet") {
                        let name = tag.get("name").unwrap_or_default();
                        self.sheets.push(Sheet { name, path: found.target.clone(), place });
                    }
                    place += 1;
                }
                Step::Open(tag) if tag.is("definedName") => {
                    let is_filter = tag.get("name").as_deref() == Some("_xlnm._FilterDatabase");
                    let sheet = tag.number("localSheetId").filter(|_| is_filter);
                    let span = steps.span.end..steps.span.end;
                    filter = sheet.map(|sheet| Filter { sheet, text: String::new(), span });
                }
                Step::Text(text) => {
                    if let Some(filter) = &mut filter {
                        filter.text.push_str(&text);
                    }
                }
                Step::Close => {
                    if let Some(mut filter) = filter.take() {
                        filter.span.end = steps.span.start;
                        self.filters.push(filter);
                    }
                }
                Step::End => return Ok(()),
                _ => {}
            }
        }
    }

    /// The namespace of the workbook's elements: one for the strict form, one for the usual.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Lets the hidden names of filtered ranges follow the sheets whose filters grew.
    pub fn widen_filters(&self, package: &mut Package<'_>, grown: &[(u32, Area, Area)]) {
        let mut splices = Splices::default();
        for (sheet, from, to) in grown {
            for filter in self.filters.iter().filter(|one| one.sheet == *sheet) {
                let Some((name, range)) = filter.text.rsplit_once('!') else { continue };
                if Area::of(range) == Some(*from) {
                    let text = format!("{name}!{}", to.reference(true));
                    splices.put(filter.span.clone(), escaped(&text));
                }
            }
        }
        if !splices.is_empty() {
            package.put(&self.path, splices.apply(&self.text));
        }
    }

    /// Adds a part with styles to a workbook that has none.
    ///
    /// # Errors
    /// When the lists of parts cannot be read.
    pub fn add_styles(&self, package: &mut Package<'_>, styles: String) -> Result<(), Words> {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut path = resolved(folder, "styles.xml");
        while package.has(&path) {
            path = path.replace(".xml", "_.xml");
        }
        let types = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
        let kind = if self.namespace.contains("purl.oclc.org") {
            "http://purl.oclc.org/ooxml/officeDocument/relationships/styles"
        } else {
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
        };
        let entry = |prefix: &str| {
            format!("<{prefix}Override PartName=\"/{path}\" ContentType=\"{types}\"/>")
        };
        append(package, "[Content_Types].xml", entry)?;
        let relation = |prefix: &str| {
            format!("<{prefix}Relationship Id=\"rIdMarks\" Type=\"{kind}\" Target=\"/{path}\"/>")
        };
        append(package, &relations_of(&self.path), relation)?;
        package.put(&path, styles);
        Ok(())
    }
}

/// Adds an element at the end of a part's root.
fn append(
    package: &mut Package<'_>,
    path: &str,
    element: impl Fn(&str) -> String,
) -> Result<(), Words> {
    let missing = || unreadable(&format!("{path}: missing"));
    let text = package.text(path)?.ok_or_else(missing)?;
    let mut steps = Steps::new(&text);
    let mut prefix = String::new();
    let mut splices = Splices::default();
    loop {
        match steps.next()? {
            Step::Open(tag) if steps.depth == 1 => prefix = tag.prefix(),
            Step::Close if steps.depth == 1 => {
                splices.put(steps.span.start..steps.span.start, element(&prefix));
            }
            Step::End => break,
            _ => {}
        }
    }
    package.put(path, splices.apply(&text));
    Ok(())
}

/// The path of the part that lists what a part refers to.
fn relations_of(path: &str) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    format!("{folder}_rels/{file}.rels")
}

/// What a part refers to within the archive; nothing when it has no list.
fn relations(package: &mut Package<'_>, path: &str) -> Result<Vec<Relation>, Words> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let text = package.text(&relations_of(path))?.unwrap_or_default();
    let mut steps = Steps::new(&text);
    let mut relations = Vec::new();
    loop {
        match steps.next()? {
            Step::Open(tag) | Step::Alone(tag) if tag.is("Relationship") => {
                let kind = tag.get("Type").unwrap_or_default();
                let is_outside = tag.get("TargetMode").as_deref() == Some("External");
                if let (Some(id), Some(target), false) =
                    (tag.get("Id"), tag.get("Target"), is_outside)
                {
                    relations.push(Relation {
                        id,
                        kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                        target: resolved(folder, &target),
                    });
                }
            }
            Step::End => return Ok(relations),
            _ => {}
        }
    }
}

/// The path a target means, seen from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let whole = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut path: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_or_absolute() {
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("a/b", "../c\\.\\d.xml"), "a/c/d.xml");
        assert_eq!(resolved("", "xl/workbook.xml"), "xl/workbook.xml");
        assert_eq!(relations_of(""), "_rels/.rels");
        assert_eq!(relations_of("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
    }
}
