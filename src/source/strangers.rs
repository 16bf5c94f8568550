//! Files users do hold but that are not read: say what helps instead of failing on a byte.

use std::path::Path;

use crate::error::{Error, Result};

/// Refuses folders that are databases of other programs.
pub fn refuse_folder(path: &Path, name: &str) -> Result<()> {
    if !path.is_dir() {
        return Ok(());
    }
    let geodatabase = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gdb"));
    if geodatabase {
        return Err(convert(name, "ESRI 文件地理数据库", "an ESRI file geodatabase"));
    }
    Ok(())
}

/// Refuses files of formats that are known and not read.
pub fn refuse(name: &str, bytes: &[u8]) -> Result<()> {
    let compound = bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let is = |wanted: &str| ending.as_deref() == Some(wanted);
    if compound {
        return Err(Error::refused(
            format!(
                "{name}：这是 Office 97–2003 文件（或加密的工作簿），本版本不能读取；请在 Excel 或 WPS 中去掉密码并另存为 .xlsx"
            ),
            format!(
                "{name}: an Office 97–2003 file (or an encrypted workbook), which this version does not read; remove any password and save it as .xlsx in Excel or WPS"
            ),
        ));
    }
    if bytes.starts_with(b"%PDF") {
        return Err(Error::refused(
            format!("{name}：这是 PDF；请索取原始表格（.xlsx 或 .csv）"),
            format!("{name}: a PDF; ask for the table behind it (.xlsx or .csv)"),
        ));
    }
    if bytes.starts_with(b"AC10") {
        return Err(convert(name, "DWG 图纸", "a DWG drawing"));
    }
    if is("dxf") {
        return Err(convert(name, "DXF 图纸", "a DXF drawing"));
    }
    if is("dbf") || is("shx") || is("prj") || is("cpg") {
        return Err(Error::refused(
            format!("{name}：这是 Shapefile 的一部分；请给出同名的 .shp"),
            format!("{name}: a part of a shapefile; give the .shp of the same name"),
        ));
    }
    let mapinfo = bytes.starts_with(b"Version ") && contains(bytes, b"harset");
    if mapinfo || (is("tab") && bytes.starts_with(b"!table")) {
        return Err(convert(name, "MapInfo 图层", "a MapInfo layer"));
    }
    Ok(())
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes[..bytes.len().min(400)].windows(wanted.len()).any(|window| window == wanted)
}

/// The one command that helps.
fn convert(name: &str, zh: &str, en: &str) -> Error {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let command = format!("ogr2ogr -f GPKG \"{stem}.gpkg\" \"{name}\"");
    Error::refused(
        format!("{name}：这是{zh}，本程序不读取；请用 GDAL 转换：{command}"),
        format!("{name}: {en}, which is not read here; convert it with GDAL: {command}"),
    )
}
