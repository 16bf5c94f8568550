//! `inspect`: how files would be read, before anything is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use facility_audit::geometry::extent::extent;
use facility_audit::inventory::{DoubtKind, Reason};
use facility_audit::layer::{Grid, Shapes};
use facility_audit::mapping::{Guess, Mapped, Mapping, category_name};
use facility_audit::origin::column_letters;
use facility_audit::project::{InputSpec, Inspection, Preview, header_rows, inspect};
use facility_audit::quantity::number as number_text;
use facility_audit::report::{Grid as Table, reading, stage_name};
use facility_audit::words::Lang;
use geo_types::Geometry;

use super::Verdict;
use super::language::say;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(required = true, value_name = "FILE", help = say("要查看的文件；图层可写 小区=小区面.shp@EPSG:4527", "the files to look at; a layer may be estates=a.shp@EPSG:4527"))]
    files: Vec<PathBuf>,
    #[arg(long, value_name = "ROWS", help = say("表头所在的行：3，或几行的首末两行 3-4", "the rows of the headings: 3, or the first and last of several, 3-4"))]
    header: Option<String>,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    // A file that is there is a file, whatever its name holds.
    let spec = |path: &PathBuf| match path.exists() {
        true => Ok(InputSpec { file: path.clone(), ..InputSpec::default() }),
        false => InputSpec::layer(&path.display().to_string()),
    };
    let mut specs = args.files.iter().map(spec).collect::<Result<Vec<_>, _>>()?;
    if let Some(text) = &args.header {
        let rows = header_rows(text).ok_or_else(|| super::no_header(text))?;
        specs.iter_mut().for_each(|spec| spec.header = Some(rows));
    }
    let (inspections, notes) = inspect(&specs)?;
    for inspection in &inspections {
        super::print(&shown(inspection, lang)?)?;
    }
    if !notes.is_empty() {
        super::print(say("\n坐标系\n", "\nCoordinate systems\n"))?;
    }
    for note in notes {
        super::print(&format!("  {}\n", note.in_lang(lang)))?;
    }
    Ok(Verdict::Fine)
}

fn shown(inspection: &Inspection, lang: Lang) -> anyhow::Result<String> {
    let file = &inspection.file;
    let mut text = format!("{} · {} · sha256 {}\n", file.name, file.format, &file.sha256[..12]);
    let previews = || inspection.previews.iter().flatten();
    let sources: Vec<_> = previews().flat_map(|one| one.sources.clone()).collect();
    let accounts: Vec<_> = previews().flat_map(|one| one.accounts.clone()).collect();
    if !sources.is_empty() {
        text += &format!("{}\n", reading::counts(&sources, &accounts, lang));
    }
    for (number, (grid, preview)) in file.grids.iter().zip(&inspection.previews).enumerate() {
        let sheet = grid.sheet.as_deref().map_or(String::new(), |sheet| format!("{sheet} · "));
        let encoding = grid.encoding.as_deref().map_or(String::new(), |name| format!(" · {name}"));
        let (rows, columns) = (grid.rows(), grid.columns());
        text += &match lang {
            Lang::Zh => format!("\n{sheet}{rows} 行 × {columns} 列{encoding}\n"),
            Lang::En => format!("\n{sheet}{rows} rows × {columns} columns{encoding}\n"),
        };
        if let Some(shapes) = &grid.shapes {
            text += &drawn(shapes, inspection.crs[number].as_deref(), lang);
        }
        for note in &grid.notes {
            text += &format!("  {}\n", note.in_lang(lang));
        }
        match preview {
            None if grid.hidden => {
                text += say("  隐藏的工作表，不读\n", "  a hidden sheet, not read\n")
            }
            Some(preview) => text += &guessed(grid, preview, lang),
            None => {
                text += say(
                    "  未读：没有可识别的表头；请在项目文件中用 table、header、columns 指明\n",
                    "  not read: no heading is known; pin table, header and columns in a project file\n",
                );
            }
        }
    }
    Ok(text)
}

/// How many geometries there are, of what kinds, and where.
fn drawn(shapes: &Shapes, crs: Option<&str>, lang: Lang) -> String {
    let kind = |geometry: &Geometry<f64>| match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => say("点", "points"),
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => say("面", "polygons"),
        Geometry::GeometryCollection(_) => say("混合", "mixed"),
        _ => say("线", "lines"),
    };
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for geometry in shapes.all.iter().flatten() {
        *kinds.entry(kind(geometry)).or_default() += 1;
    }
    let counts: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let mut text = match crs {
        Some(crs) => {
            format!("  {}{} · {crs}\n", say("图形：", "geometry: "), counts.join(say("、", ", ")))
        }
        None => say(
            "  图形：未采用（见下方坐标系）\n",
            "  geometry: left out (see coordinate systems below)\n",
        )
        .to_owned(),
    };
    if let (Some(bounds), true) = (extent(shapes.all.iter().flatten()), crs.is_some()) {
        let (low, high) = (bounds.min(), bounds.max());
        text += &format!(
            "  {}{:.5}–{:.5}, {:.5}–{:.5}\n",
            say("范围（经度、纬度）：", "extent (longitude, latitude): "),
            low.x,
            high.x,
            low.y,
            high.y
        );
    }
    for (row, words) in shapes.faults.iter().take(10) {
        text += &format!("    #{row}  {}\n", words.in_lang(lang));
    }
    text
}

fn guessed(grid: &Grid, preview: &Preview, lang: Lang) -> String {
    let Guess { mappings, confidence, title, .. } = &preview.guess;
    let mapping = preview.guess.mapping();
    let table = mapping.table.words();
    let header = &mapping.header;
    let (first, last) = (grid.row_number(header.first), grid.row_number(header.last));
    let row = if first == last { first.to_string() } else { format!("{first}–{last}") };
    let sure = match confidence {
        sure if *sure >= 0.6 => say("高", "high"),
        sure if *sure >= 0.3 => say("中", "medium"),
        _ => say("低", "low"),
    };
    let known = format!("{:.0}%", confidence * 100.0);
    let mut text = match lang {
        Lang::Zh => format!(
            "  猜作 {}（{}）；表头在第 {row} 行；把握 {sure}（认得 {known} 的表头）\n",
            table.zh, mapping.table.name
        ),
        Lang::En => format!(
            "  guessed as {} ({}); headings in row {row}; confidence {sure} ({known} of the headings are known)\n",
            table.en, mapping.table.name
        ),
    };
    let beside: Vec<String> = mappings[1..].iter().map(|one| called(one, lang)).collect();
    if !beside.is_empty() {
        let label = say("  同一行还读出：", "  read from the same rows as well: ");
        text += &format!("{label}{}\n", beside.join(say("、", ", ")));
    }
    let lines = [
        (say("填报单位", "filled in by"), title.sender.clone()),
        (say("填报日期", "filled in on"), title.filled_on.clone()),
        (say("表外单位", "units of the title"), Some(title.units.join(say("、", ", ")))),
    ];
    for (label, said) in lines {
        if let Some(said) = said.filter(|said| !said.is_empty()) {
            text += &format!("  {label}{}{said}\n", say("：", ": "));
        }
    }
    text += &columns(grid, &preview.guess, lang);
    text += &left_open(&preview.guess, lang);
    text += &accounted(preview, lang);
    text
}

/// A table that is read beside another, with the class of facility it is read for.
fn called(mapping: &Mapping, lang: Lang) -> String {
    let name = mapping.table.words();
    format!("{}{}", name.in_lang(lang), kind_of(mapping, lang))
}

/// The class of facilities, or the tenure of rooms, that a mapping is read for.
fn kind_of(mapping: &Mapping, lang: Lang) -> String {
    let kind = mapping.set.iter().find_map(|(column, code)| match column.name.as_str() {
        "category" => Some(category_name(code).in_lang(lang).to_owned()),
        "tenure" => Some(column.code_name(code, lang).to_owned()),
        _ => None,
    });
    match (kind, lang) {
        (None, _) => String::new(),
        (Some(kind), Lang::Zh) => format!("（{kind}）"),
        (Some(kind), Lang::En) => format!(" ({kind})"),
    }
}

/// Which column feeds what.
fn columns(grid: &Grid, guess: &Guess, lang: Lang) -> String {
    let headings = match lang {
        Lang::Zh => ["列", "表头", "字段", "含义", "首个值"],
        Lang::En => ["column", "heading", "field", "meaning", "first value"],
    };
    let mut shown = Table::new(headings);
    let header = guess.header();
    let first = |index: usize| {
        let below = (header.last + 1..grid.rows()).map(|row| grid.cell(row, index));
        below.into_iter().find(|text| !text.is_empty()).unwrap_or("").replace('\n', " ")
    };
    let mut all: Vec<(usize, usize, [String; 5])> = Vec::new();
    // What several rooms or facilities of a row share is shown once.
    let mut seen: BTreeSet<(&str, &str, usize)> = BTreeSet::new();
    for (number, mapping) in guess.mappings.iter().enumerate() {
        let of_tenure = mapping.set.iter().any(|(column, _)| column.name == "tenure");
        let prefix = if number == 0 { String::new() } else { format!("{}.", mapping.table.name) };
        let line = |index: usize, field: &str, meaning: String| {
            let letters = column_letters(index as u32);
            let heading = header.text(index).replace('\n', " ");
            (index, number, [letters, heading, format!("{prefix}{field}"), meaning, first(index)])
        };
        for Mapped { column, index, reading, .. } in &mapping.columns {
            if !seen.insert((&mapping.table.name, &column.name, *index)) {
                continue;
            }
            let factor = match reading.factor {
                1.0 => String::new(),
                factor => format!(" ×{}", number_text(factor, 2)),
            };
            let of = match of_tenure && column.name == "area" {
                true => kind_of(mapping, lang),
                false => String::new(),
            };
            let meaning = format!("{}{of}{factor}", column.words().in_lang(lang));
            all.push(line(*index, &column.name, meaning));
        }
        for item in &mapping.items {
            let weight = mapping.weights.map(|row| grid.cell(row, item.index)).unwrap_or_default();
            let weight = match weight {
                "" => String::new(),
                weight => format!("{} {weight}", say("，权重", ", weight")),
            };
            let meaning = format!("{} {}{weight}", say("指标", "indicator"), item.item);
            all.push(line(item.index, "value", meaning));
        }
        for stage in &mapping.stages {
            let of = stage.of.map(|of| called(&guess.mappings[of], lang));
            let of = of.map_or(String::new(), |of| format!("{of} "));
            let name = stage_name(&stage.stage);
            all.push(line(stage.index, &stage.stage, format!("{of}{}", name.in_lang(lang))));
        }
    }
    all.sort_by_key(|(index, number, _)| (*index, *number));
    for (.., row) in all {
        shown.row(row);
    }
    shown.lines()
}

/// Columns that feed nothing, and those the user must choose between.
fn left_open(guess: &Guess, lang: Lang) -> String {
    let named =
        |index: usize| format!("{} {}", column_letters(index as u32), guess.header().text(index));
    let mut text = String::new();
    if !guess.unused.is_empty() {
        let names: Vec<String> = guess.unused.iter().map(|index| named(*index)).collect();
        text += &format!(
            "  {}{}\n",
            say("未使用的列：", "columns not used: "),
            names.join(say("、", ", "))
        );
    }
    for (column, indices) in &guess.ambiguous {
        let shown = indices.map(named);
        text += &match lang {
            Lang::Zh => format!("  须指明：{} 与 {} 都可能是{}\n", shown[0], shown[1], column.zh),
            Lang::En => {
                format!(
                    "  say which: {} and {} could both be the {}\n",
                    shown[0], shown[1], column.en
                )
            }
        };
    }
    text
}

/// What would become of the rows, and how their cells were understood.
fn accounted(preview: &Preview, lang: Lang) -> String {
    let account = &preview.accounts[0];
    let used = account.read - account.set_aside.len();
    let mut text = match lang {
        Lang::Zh => {
            format!("  {} 行数据：可用 {used}，搁置 {}\n", account.read, account.set_aside.len())
        }
        Lang::En => format!(
            "  {} rows of data: {used} usable, {} set aside\n",
            account.read,
            account.set_aside.len()
        ),
    };
    for one in account.set_aside.iter().filter(|one| one.reason != Reason::Blank) {
        text += &format!("    {} {}  {}\n", say("行", "row"), one.row, one.words.in_lang(lang));
    }
    let both = || preview.sources.iter().zip(&preview.accounts);
    let understood = reading::all_understood(&preview.sources, &preview.accounts, lang);
    if !understood.is_empty() {
        text += say("  换算与理解，请确认：\n", "  converted or understood, please confirm:\n");
        understood.iter().for_each(|line| text += &format!("    {line}\n"));
    }
    for kind in DoubtKind::ALL {
        let all = reading::doubts(&preview.sources, &preview.accounts, kind, lang);
        if !all.is_empty() {
            text += &format!("  {}{}\n", kind.heading().in_lang(lang), say("：", ":"));
            all.iter().for_each(|line| text += &format!("    {line}\n"));
        }
    }
    for (source, account) in both() {
        for bad in &account.unreadable {
            let (found, name) = (&bad.found, reading::field_name(source, &bad.field));
            let cell = source.cell(&bad.field, bad.row);
            text += &match lang {
                Lang::Zh => format!(
                    "    {cell} {}：“{found}”无法识别；可接受：{}\n",
                    name.zh, bad.accepted.zh
                ),
                Lang::En => format!(
                    "    {cell} {}: `{found}` cannot be read; accepted: {}\n",
                    name.en, bad.accepted.en
                ),
            };
        }
    }
    text
}
