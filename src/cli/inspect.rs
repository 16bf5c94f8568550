//! `inspect`: how files would be read, before anything is judged.

use std::collections::BTreeMap;
use std::path::PathBuf;

use facility_audit::geometry::extent::extent;
use facility_audit::layer::{Grid, Shapes};
use facility_audit::mapping::{Guess, Mapped};
use facility_audit::origin::column_letters;
use facility_audit::project::{InputSpec, Inspection, Preview, inspect};
use facility_audit::quantity::number;
use facility_audit::report::Grid as Table;
use facility_audit::words::Lang;
use geo_types::Geometry;

use super::Verdict;
use super::language::say;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(required = true, value_name = "FILE", help = say("要查看的文件；图层可写 小区=小区面.shp@EPSG:4527", "the files to look at; a layer may be estates=a.shp@EPSG:4527"))]
    files: Vec<PathBuf>,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    // A file that is there is a file, whatever its name holds.
    let spec = |path: &PathBuf| match path.exists() {
        true => Ok(InputSpec { file: path.clone(), ..InputSpec::default() }),
        false => InputSpec::layer(&path.display().to_string()),
    };
    let specs = args.files.iter().map(spec).collect::<Result<Vec<_>, _>>()?;
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
                    "  没有可识别的表头；请在项目文件中用 table、header、columns 指明\n",
                    "  no heading is known; pin table, header and columns in a project file\n",
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
    let Guess { mapping, unused, confidence, .. } = &preview.guess;
    let table = mapping.table.words();
    let row = grid.row_number(mapping.header);
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
    let headings = match lang {
        Lang::Zh => ["列", "表头", "字段", "含义", "首个值"],
        Lang::En => ["column", "heading", "field", "meaning", "first value"],
    };
    let mut shown = Table::new(headings);
    let first = mapping.header + 1;
    for Mapped { column, index, reading, .. } in &mapping.columns {
        let factor = if reading.factor == 1.0 {
            String::new()
        } else {
            format!(" ×{}", number(reading.factor, 2))
        };
        shown.row([
            column_letters(*index as u32),
            grid.cell(mapping.header, *index).replace('\n', " "),
            column.name.clone(),
            format!("{}{factor}", column.words().in_lang(lang)),
            grid.cell(first, *index).replace('\n', " "),
        ]);
    }
    text += &shown.lines();
    if !unused.is_empty() {
        let names: Vec<String> = unused
            .iter()
            .map(|index| {
                format!("{} {}", column_letters(*index as u32), grid.cell(mapping.header, *index))
            })
            .collect();
        text += &format!(
            "  {}{}\n",
            say("未使用的列：", "columns not used: "),
            names.join(say("、", ", "))
        );
    }
    for (column, indices) in &preview.guess.ambiguous {
        let shown = indices.map(|index| {
            format!("{} {}", column_letters(index as u32), grid.cell(mapping.header, index))
        });
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
    let account = &preview.account;
    let used = account.read - account.set_aside.len();
    text += &match lang {
        Lang::Zh => {
            format!("  {} 行数据：可用 {used}，搁置 {}\n", account.read, account.set_aside.len())
        }
        Lang::En => format!(
            "  {} rows of data: {used} usable, {} set aside\n",
            account.read,
            account.set_aside.len()
        ),
    };
    for one in &account.set_aside {
        text += &format!("    {} {}  {}\n", say("行", "row"), one.row, one.words.in_lang(lang));
    }
    for bad in &account.unreadable {
        let found = &bad.found;
        text += &match lang {
            Lang::Zh => format!(
                "    行 {} {}：“{found}”无法识别；可接受：{}\n",
                bad.row, bad.field, bad.accepted.zh
            ),
            Lang::En => format!(
                "    row {} {}: `{found}` cannot be read; accepted: {}\n",
                bad.row, bad.field, bad.accepted.en
            ),
        };
    }
    text
}
