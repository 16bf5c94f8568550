//! `convert`: a layer in another format or coordinate system.

use std::path::PathBuf;

use facility_audit::Error;
use facility_audit::export::shapefile::Coding;
use facility_audit::export::{ending, files, layer, own_crs};
use facility_audit::geometry::crs::Crs;
use facility_audit::project::{InputSpec, placed_layers};
use facility_audit::report::replace;
use facility_audit::words::Lang;

use super::Verdict;
use super::language::say;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "IN[@CRS]", help = say("要转换的图层，可指明坐标系：小区面.shp@EPSG:4527", "the layer to convert, with its coordinate system where needed: a.shp@EPSG:4527"))]
    from: PathBuf,
    #[arg(value_name = "OUT", help = say("写成：.geojson、.gpkg、.shp、.fgb、.parquet、.csv", "what to write: .geojson, .gpkg, .shp, .fgb, .parquet, .csv"))]
    to: PathBuf,
    #[arg(long = "to", value_name = "CRS", help = say("转为这一坐标系，如 EPSG:4490；不写则不变（GeoJSON 为经纬度）", "convert to this coordinate system, such as EPSG:4490; unchanged when left out (GeoJSON: degrees)"))]
    crs: Option<String>,
    #[arg(long, value_name = "NAME", help = say("只转换这一图层", "convert this layer only"))]
    sheet: Option<String>,
    #[arg(long, value_name = "NAME", help = say("输入文本的编码，如 Big5", "the encoding of the input's text, such as Big5"))]
    encoding: Option<String>,
    #[arg(long, help = say("Shapefile 用 GBK 而不用 UTF-8", "write a Shapefile in GBK instead of UTF-8"))]
    gbk: bool,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let mut spec = match args.from.exists() {
        true => InputSpec { file: args.from.clone(), ..InputSpec::default() },
        false => InputSpec::layer(&args.from.display().to_string())?,
    };
    spec.sheet.clone_from(&args.sheet);
    spec.encoding.clone_from(&args.encoding);
    let wanted = match &args.crs {
        Some(name) => Some(Crs::of_text(name).map_err(Error::Refused)?),
        None => None,
    };
    let ending = ending(&args.to);
    let (grids, notes) = placed_layers(&spec)?;
    let mut layers = Vec::new();
    for (grid, crs) in &grids {
        let stem = args.to.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let name = grid.sheet.clone().or(stem).unwrap_or_default();
        let own = if ending == "geojson" { Crs::Cgcs2000 } else { own_crs(crs.as_deref()) };
        let to = wanted.clone().unwrap_or(own);
        layers.push(layer(grid, &name, &to).map_err(Error::Refused)?);
    }
    let coding = if args.gbk { Coding::Gbk } else { Coding::Utf8 };
    let written = files(&layers, &ending, coding).map_err(Error::Refused)?;
    for note in notes.iter().chain(&written.notes) {
        super::print(&format!("{}\n", note.in_lang(lang)))?;
    }
    let stem = args.to.with_extension("");
    for (end, bytes) in &written.files {
        let path = PathBuf::from(format!("{}{end}", stem.display()));
        replace(&path, bytes)?;
        super::print(&format!("{}{}\n", say("已写：", "written: "), path.display()))?;
    }
    Ok(Verdict::Fine)
}
