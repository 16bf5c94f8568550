//! Files users do hold but that are not read: say what helps instead of failing on a byte.

use std::path::Path;

use crate::error::{Error, Result};

use super::compound::{Compound, is_compound};
use super::{workbook, xls};

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
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let is = |wanted: &str| ending.as_deref() == Some(wanted);
    if is_compound(bytes) {
        return refuse_compound(name, bytes);
    }
    if let Some((zh, en)) = markup(bytes) {
        return Err(Error::refused(
            format!("{name}：这是{zh}，不是真正的工作簿；请在 Excel 或 WPS 中打开后另存为 .xlsx"),
            format!(
                "{name}: {en}, not a real workbook; open it in Excel or WPS and save it as .xlsx"
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

/// Lets workbooks through; the streams of a container tell what else it is.
fn refuse_compound(name: &str, bytes: &[u8]) -> Result<()> {
    let container = Compound::open(bytes);
    let names: Vec<&str> = container.iter().flat_map(Compound::names).collect();
    let has = |stream: &str| names.iter().any(|name| name.eq_ignore_ascii_case(stream));
    if has("EncryptedPackage") {
        return Err(Error::Refused(workbook::locked(name)));
    }
    if names.iter().any(|name| xls::is_workbook(name)) {
        return Ok(());
    }
    let (zh, en) = if has("WordDocument") {
        (
            "Word 97–2003 文档（.doc、.wps）；请在 Word 或 WPS 中打开后另存为 .docx",
            "a Word 97–2003 document (.doc, .wps); open it in Word or WPS and save it as .docx",
        )
    } else if has("PowerPoint Document") {
        (
            "演示文稿（.ppt、.dps）；请索取其中的原始表格（.xlsx 或 .csv）",
            "a presentation (.ppt, .dps); ask for the table behind it (.xlsx or .csv)",
        )
    } else {
        (
            "Office 97–2003 格式的文件，其中没有工作簿或已损坏；请在 Excel 或 WPS 中打开后另存为 .xlsx",
            "a file in the container of Office 97–2003 that holds no workbook or is damaged; open it in Excel or WPS and save it as .xlsx",
        )
    };
    Err(Error::refused(format!("{name}：这是{zh}"), format!("{name}: {en}")))
}

/// What a text is that spreadsheets open as a workbook though it is markup.
fn markup(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    // Without the zeros UTF-16 looks like ASCII.
    let head: Vec<u8> = bytes.iter().take(8192).copied().filter(|byte| *byte != 0).collect();
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let mut left = head.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    if left.starts_with("mime-version:") {
        return Some(("网页存档（MHTML）", "a web archive (MHTML)"));
    }
    let is_xml_sheet = head.contains("urn:schemas-microsoft-com:office:spreadsheet");
    // Whatever stands before the first element.
    while left.starts_with("<?") || left.starts_with("<!") {
        if left.starts_with("<!doctype html") {
            return Some(("网页（HTML）表格", "a web page (HTML)"));
        }
        let end = if left.starts_with("<!--") { "-->" } else { ">" };
        left = left.split_once(end)?.1.trim_start();
    }
    let name = left.strip_prefix('<')?.split(|one: char| !one.is_ascii_alphanumeric()).next()?;
    match name {
        "workbook" if is_xml_sheet => {
            Some(("XML 表格（Excel 2003 XML）", "an XML Spreadsheet of Excel 2003"))
        }
        "html" | "head" | "meta" | "style" | "script" | "body" | "table" | "thead" | "tbody"
        | "tr" | "div" => Some(("网页（HTML）表格", "a web page (HTML)")),
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::compound::tests::compound;

    fn refused(name: &str, bytes: &[u8]) -> Option<String> {
        refuse(name, bytes).err().map(|error| error.words().zh)
    }

    #[test]
    fn containers_are_told_by_their_streams() {
        let of = |stream: &str| refused("表.xls", &compound(&[(stream, b"-")]));
        assert_eq!(of("Workbook"), None);
        assert_eq!(of("Book"), None);
        assert!(of("WordDocument").expect("refused").contains("另存为 .docx"));
        assert!(of("PowerPoint Document").expect("refused").contains("原始表格"));
        assert!(of("EncryptedPackage").expect("refused").contains("去掉密码"));
        assert!(of("Contents").expect("refused").contains("另存为 .xlsx"));
        let object = compound(&[("WordDocument", b"-"), ("ObjectPool", b"-")]);
        assert!(refused("文.doc", &object).expect("refused").contains(".docx"));
    }

    #[test]
    fn markup_that_is_called_a_workbook_is_told() {
        let html = "网页";
        let table = "<table><tr><td>社区</td></tr></table>";
        let utf16: Vec<u8> = "\u{FEFF}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (gbk, ..) = encoding_rs::GBK.encode("<HTML><body>社区</body>");
        let workbook = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">";
        for (bytes, found) in [
            (table.as_bytes(), html),
            (b"\xEF\xBB\xBF \r\n<!DOCTYPE html PUBLIC \"-//W3C//DTD\">", html),
            (b"<!-- a > b --><meta charset=gbk>", html),
            (b"<?xml version=\"1.0\"?><html xmlns=\"x\">", html),
            (&utf16, html),
            (&gbk, html),
            (workbook.as_bytes(), "XML 表格"),
            (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", "网页存档"),
        ] {
            let words = refused("导出.xls", bytes).expect("refused");
            assert!(words.contains(found) && words.contains("另存为 .xlsx"), "{words}");
        }
    }

    #[test]
    fn other_text_is_let_through() {
        for text in [
            "<?xml version=\"1.0\"?><kml><description><![CDATA[<html>]]></description></kml>",
            "社区,<table>",
            "<5 户,a",
            "<",
            "<?xml",
            "",
            "{}",
        ] {
            assert_eq!(refused("a.csv", text.as_bytes()), None, "{text}");
        }
    }
}
