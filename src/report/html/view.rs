//! What the page shows, in plain types that its template reads.

use serde::Serialize;

/// A name as a page shows it: one of thousands of characters is cut.
pub fn shown(name: &str) -> String {
    const MOST: usize = 200;
    match name.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}

/// The whole page.
#[derive(Debug, Serialize)]
pub struct Page {
    /// `zh` or `en`.
    pub lang: &'static str,
    /// The title.
    pub title: String,
    /// Place and day.
    pub subtitle: String,
    /// The program and its version.
    pub made_by: String,
    /// Headline figures.
    pub cards: Vec<Card>,
    /// The sections, in order.
    pub sections: Vec<Section>,
}

/// One headline figure.
#[derive(Debug, Serialize)]
pub struct Card {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: String,
    /// What it is of.
    pub note: String,
    /// `good`, `bad`, `open` or `plain`.
    pub tone: &'static str,
}

/// One section of the page.
#[derive(Debug, Serialize)]
pub struct Section {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Lines below the heading.
    pub notes: Vec<String>,
    /// What it shows.
    pub blocks: Vec<Block>,
}

/// One thing a section shows.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A map.
    Map(Map),
    /// A drawing with a caption and a legend.
    Chart(Chart),
    /// A table.
    Table(Table),
    /// Findings, each with its working.
    Findings(Findings),
    /// Lines of text, folded away under a heading.
    Lines {
        /// The heading.
        title: String,
        /// The lines.
        lines: Vec<String>,
    },
}

/// A map drawn from the layers that were read.
#[derive(Debug, Serialize)]
pub struct Map {
    /// Its width in its own units.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The layers, the lowest first.
    pub layers: Vec<Layer>,
    /// The scale bar: its length in the map's units, and what it stands for.
    pub scale: Option<(f64, String)>,
}

/// One layer of a map.
#[derive(Debug, Serialize)]
pub struct Layer {
    /// Its anchor.
    pub id: &'static str,
    /// Its name.
    pub name: String,
    /// Whether it is shown at first.
    pub on: bool,
    /// What its classes mean, with how many there are.
    pub legend: Vec<Legend>,
    /// Its shapes.
    pub shapes: Vec<Shape>,
}

/// One class of a legend.
#[derive(Debug, Serialize)]
pub struct Legend {
    /// The class of its colour.
    pub class: &'static str,
    /// What it means.
    pub label: String,
    /// How many.
    pub count: usize,
}

/// One shape on a map.
#[derive(Debug, Serialize)]
pub struct Shape {
    /// What it is about: ties it to rows and findings.
    pub about: String,
    /// Its name.
    pub label: String,
    /// What is said of it.
    pub tip: String,
    /// The class of its colour.
    pub class: &'static str,
    /// Its outline, for areas.
    pub path: Option<String>,
    /// Its place, for points.
    pub at: Option<(f64, f64)>,
}

/// A drawing.
#[derive(Debug, Serialize)]
pub struct Chart {
    /// Its caption.
    pub caption: String,
    /// The drawing (SVG), its texts already escaped.
    pub svg: String,
    /// What its colours mean.
    pub legend: Vec<Legend>,
}

/// A table.
#[derive(Debug, Serialize)]
pub struct Table {
    /// Its anchor.
    pub id: String,
    /// Its caption; may be empty.
    pub caption: String,
    /// The headings.
    pub heads: Vec<Head>,
    /// The rows that are shown.
    pub rows: Vec<Row>,
    /// How many rows there are in all.
    pub total: usize,
}

/// One heading.
#[derive(Debug, Serialize)]
pub struct Head {
    /// Its text.
    pub text: String,
    /// Whether its cells are numbers.
    pub numeric: bool,
}

/// One row.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What it is about; empty when nothing on the map is.
    pub about: String,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Debug, Serialize)]
pub struct Cell {
    /// Its text.
    pub text: String,
    /// What it is sorted by, when not by its text.
    pub sort: Option<f64>,
    /// The class of its colour; empty for none.
    pub class: &'static str,
    /// Whether it names what its row is about.
    pub subject: bool,
}

/// Findings.
#[derive(Debug, Serialize)]
pub struct Findings {
    /// How many there are in all.
    pub total: usize,
    /// The requirements they are of, for choosing.
    pub requirements: Vec<String>,
    /// The places they are in, for choosing.
    pub places: Vec<String>,
    /// Those that are shown.
    pub rows: Vec<Finding>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// Its key: what a later run knows it by.
    pub key: String,
    /// What it is about.
    pub about: String,
    /// The class of its outcome.
    pub class: &'static str,
    /// Its outcome.
    pub outcome: String,
    /// The requirement.
    pub requirement: String,
    /// The place it is in; may be empty.
    pub place: String,
    /// The subject's name.
    pub subject: String,
    /// What was found.
    pub sentence: String,
    /// What would cure it; may be empty.
    pub cure: String,
    /// Everything else, line by line: the working, the text, the cells.
    pub lines: Vec<(String, String)>,
}
