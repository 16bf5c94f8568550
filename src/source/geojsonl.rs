//! GeoJSON features one per line, or set apart by record separators (RFC 8142).

use super::features::{About, FeatureTable};
use super::geojson::scan::{Broken, Scan};
use super::geojson::{default_claim, not_json, take_feature};
use super::text::{Text, decode};
use super::{Format, Opened, Read};
use crate::layer::Grid;
use crate::words::Words;

/// The byte that begins each record in RFC 8142.
const SEPARATOR: u8 = 0x1E;

/// The format, for the list of all.
pub const FORMAT: Format = Format {
    name: "geojsonl",
    extensions: &["geojsonl", "geojsons", "jsonl", "ndjson"],
    recognises,
    read,
};

/// Whether the bytes are features one after another: the first record is a whole feature, and
/// another record follows it.
pub fn recognises(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let separated = bytes.first() == Some(&SEPARATOR);
    let mut scan = Scan::new(bytes, usize::from(separated));
    scan.peek();
    let start = scan.at();
    if !pass_feature(&mut scan) {
        return false;
    }
    let end = scan.at();
    let next = scan.peek();
    let on_one_line = !bytes[start..end].contains(&b'\n');
    let line_follows = next.is_some() && bytes[end..scan.at()].contains(&b'\n');
    if separated { next.is_none_or(|next| next == SEPARATOR) } else { on_one_line && line_follows }
}

/// Passes over a whole feature; given up at once where it is a collection.
fn pass_feature(scan: &mut Scan<'_>) -> bool {
    let mut found = false;
    let walked = scan.object(|scan, key| match &*key {
        "features" => Err(scan.broken(("", ""))),
        "type" => {
            found = scan.string()? == "Feature";
            if found { Ok(()) } else { Err(scan.broken(("", ""))) }
        }
        _ => scan.skip().map(drop),
    });
    found && walked.is_ok()
}

/// Reads all features: row 0 holds the names of the properties, row i is the i-th good record.
///
/// # Errors
/// When no record is a whole feature.
pub fn read(file: &Opened) -> Read<Vec<Grid>> {
    let text = decode(file, None)?;
    let mut table = FeatureTable::default();
    if let Some(note) = &text.note {
        table.note(About::File, || note.clone());
    }
    let mut line = 1;
    for (start, record) in records(&text.bytes) {
        if !record.trim_ascii().is_empty() {
            let end = start + record.trim_ascii_end().len();
            read_record(&text, start, end, &mut table).unwrap_or_else(|broken| {
                table.note(About::Damage, || bad_line(&text, line, broken));
            });
        }
        line += record.iter().filter(|byte| **byte == b'\n').count();
    }
    if table.len() == 0 {
        let name = &file.name;
        let why = table.first_damage().cloned().unwrap_or_default();
        return Err(Words::new(
            format!("{name}：没有一行是完整的 GeoJSON 要素：{}", why.zh),
            format!("{name}: no line is a whole GeoJSON feature: {}", why.en),
        ));
    }
    Ok(vec![table.into_grid(default_claim(), Some(text.encoding))])
}

fn read_record(
    text: &Text<'_>,
    start: usize,
    end: usize,
    table: &mut FeatureTable,
) -> Result<(), Broken> {
    // A record is proved to be alone on its line before it is taken.
    let mut proof = Scan::new(&text.bytes[..end], start);
    proof.skip()?;
    if proof.peek().is_some() {
        return Err(proof.broken(("行尾", "the end of the line")));
    }
    take_feature(&mut Scan::new(&text.bytes[..end], start), text, table)
}

/// The records and where each starts; a separator anywhere means that lines do not count.
fn records(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let separator = if bytes.first() == Some(&SEPARATOR) { SEPARATOR } else { b'\n' };
    let mut start = 0;
    bytes.split_inclusive(move |byte| *byte == separator).map(move |record| {
        let from = start;
        start += record.len();
        (from, record.strip_suffix(&[SEPARATOR]).unwrap_or(record))
    })
}

fn bad_line(text: &Text<'_>, line: usize, broken: Broken) -> Words {
    let words = not_json(text, broken);
    Words::new(
        format!("第 {line} 行不是完整的要素，已略过：{}", words.zh),
        format!("line {line} is no whole feature and was left out: {}", words.en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::mutate::mutations;
    use crate::layer::Claim;
    use crate::source::geojson;

    const GOOD: &str = r#"{"type":"Feature","properties":{"名":"甲"},"geometry":{"type":"Point","coordinates":[1,2]}}"#;

    fn opened(bytes: impl AsRef<[u8]>) -> Opened {
        Opened { name: "a.geojsonl".into(), bytes: bytes.as_ref().to_vec(), ..Opened::default() }
    }

    fn grid(text: &str) -> Grid {
        assert!(recognises(text.as_bytes()) && !geojson::recognises(text.as_bytes()), "{text}");
        read(&opened(text)).expect("reads").remove(0)
    }

    #[test]
    fn one_feature_stands_on_each_line() {
        let grid = grid(&format!("\u{feff}\r\n{GOOD}\r\n\r\n{GOOD}"));
        assert_eq!((grid.rows(), grid.cell(2, 0), grid.notes.len()), (3, "甲", 0));
        assert_eq!(grid.shapes.expect("shapes").claim, Claim::Text("OGC:CRS84".into()));
    }

    #[test]
    fn records_set_apart_by_separators_may_have_many_lines() {
        let pretty = GOOD.replace(',', ",\n  ");
        let grid = grid(&format!("\u{1e}{pretty}\n\u{1e}{pretty}\n\u{1e}{{\"type\""));
        assert_eq!((grid.rows(), grid.notes.len()), (3, 1));
        assert!(grid.notes[0].en.starts_with("line 11 "), "{:?}", grid.notes);
    }

    #[test]
    fn a_bad_line_is_set_aside_with_its_number() {
        let cut = &GOOD[..38];
        let two = format!("{GOOD}{GOOD}");
        let grid = grid(&format!("{GOOD}\n{cut}\n{GOOD}\n{two}\nxx\n[1]\n"));
        assert_eq!((grid.rows(), grid.notes.len()), (3, 4));
        for (note, start) in
            grid.notes.iter().zip(["line 2 ", "line 4 ", "line 5 ", "after feature 2"])
        {
            assert!(note.en.starts_with(start), "{note}");
        }
    }

    #[test]
    fn other_texts_are_not_claimed() {
        let collection = format!("{{\"type\":\"FeatureCollection\",\n\"features\":[{GOOD}]}}");
        for text in [
            GOOD,
            &collection,
            "{\"type\":\"Feature\"} {\"type\":\"Feature\"}",
            "{\n\"type\":\"Feature\"\n}\n{}",
            "{\"a\":1}\n{\"a\":2}",
            "",
            "a,b\n1,2",
        ] {
            assert!(!recognises(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn without_a_whole_feature_the_file_is_refused() {
        let words = read(&opened("{\"type\":\"Feature\"\n{")).expect_err("refused");
        assert!(
            words.en.starts_with("a.geojsonl: no line is a whole GeoJSON feature: line 1"),
            "{words}"
        );
    }

    #[test]
    fn damaged_files_never_panic() {
        let text = format!("{GOOD}\n{GOOD}\n{GOOD}\n");
        for separated in [text.clone(), text.replace("{\"type\":\"Fea", "\u{1e}{\"type\":\"Fea")] {
            for damaged in mutations(separated.as_bytes(), 5000) {
                recognises(&damaged);
                drop(read(&opened(&damaged)));
            }
        }
    }
}
