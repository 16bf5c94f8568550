//! KMZ: a zip archive with a KML document in it.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::layer::Grid;
use crate::source::{Opened, Read};
use crate::words::Words;

/// A document is unpacked no further than this: a small archive can hold endless text.
const LARGEST: u64 = 1 << 30;

/// Whether the bytes are a zip archive with a KML document and no shapefile in it.
pub fn recognises_kmz(bytes: &[u8]) -> bool {
    let archive = bytes.starts_with(b"PK\x03\x04").then(|| ZipArchive::new(Cursor::new(bytes)));
    let Some(Ok(archive)) = archive else {
        return false;
    };
    let any = |ending| archive.file_names_raw().any(|name| ends_with(name, ending));
    any(".kml") && !any(".shp")
}

/// Reads the KML document of a KMZ archive: `doc.kml`, else the first there is.
///
/// # Errors
/// When the archive cannot be read or holds no KML, and as [`read`](super::read).
pub fn read_kmz(file: &Opened) -> Read<Vec<Grid>> {
    let name = &file.name;
    let mut archive = ZipArchive::new(Cursor::new(file.bytes.as_slice())).map_err(|error| {
        Words::new(
            format!("{name}：KMZ（zip）无法打开：{error}；请重新导出"),
            format!("{name}: the KMZ (zip) cannot be opened: {error}; export it again"),
        )
    })?;
    let documents: Vec<usize> = (archive.file_names_raw().enumerate())
        .filter(|(_, name)| ends_with(name, ".kml"))
        .map(|(index, _)| index)
        .collect();
    let main = archive.index_for_name("doc.kml").or(documents.first().copied());
    let main = main.ok_or_else(|| {
        Words::new(
            format!("{name}：压缩包内没有 .kml 文件"),
            format!("{name}: there is no .kml file in the archive"),
        )
    })?;
    let (bytes, mut note) = unpack(&mut archive, main, name)?;
    if documents.len() > 1 {
        let count = documents.len();
        note.get_or_insert_with(|| {
            Words::new(
                format!("压缩包内有 {count} 个 KML，只读取了主文档"),
                format!("the archive holds {count} KML documents; only the main one was read"),
            )
        });
    }
    let inner =
        Opened { name: name.clone(), bytes, encoding: file.encoding.clone(), ..Opened::default() };
    super::read_noting(&inner, note)
}

/// The bytes of a document, as far as they can be unpacked.
fn unpack(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    name: &str,
) -> Read<(Vec<u8>, Option<Words>)> {
    let mut bytes = Vec::new();
    let outcome = match archive.by_index(index) {
        Ok(entry) => {
            entry.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    if bytes.len() as u64 > LARGEST {
        let limit = LARGEST >> 20;
        return Err(Words::new(
            format!("{name}：其中的 KML 解开后超过 {limit} MB，不予读取"),
            format!("{name}: its KML unpacks to more than {limit} MB and is not read"),
        ));
    }
    match outcome {
        Ok(_) => Ok((bytes, None)),
        Err(error) if bytes.is_empty() => Err(Words::new(
            format!("{name}：压缩包内的 KML 无法解开：{error}"),
            format!("{name}: the KML in the archive cannot be unpacked: {error}"),
        )),
        Err(error) => {
            let note = Words::new(
                format!("压缩包有损坏（{error}），只解开了前 {} 个字节", bytes.len()),
                format!(
                    "the archive is damaged ({error}); the first {} bytes were unpacked",
                    bytes.len()
                ),
            );
            Ok((bytes, Some(note)))
        }
    }
}

fn ends_with(name: &[u8], ending: &str) -> bool {
    let tail = &name[name.len().saturating_sub(ending.len())..];
    tail.eq_ignore_ascii_case(ending.as_bytes())
}
