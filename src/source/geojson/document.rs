//! The outermost object of GeoJSON, and how reading goes on behind damage.

use super::scan::{Broken, Scan};
use super::{feature, not_json, take_feature};
use crate::layer::Claim;
use crate::source::features::{About, FeatureTable, claim_of_name};
use crate::source::text::Text;
use crate::words::Words;

/// What a JSON document turned out to be.
pub(super) enum Document {
    /// Features.
    Features,
    /// Something else.
    Stranger(Words),
}

/// Reads a document into the table, and what it says its coordinates are.
///
/// # Errors
/// Where the outermost object is broken; what was read before stays read.
pub(super) fn read(
    text: &Text<'_>,
    table: &mut FeatureTable,
    claim: &mut Option<Claim>,
) -> Result<Document, Broken> {
    let mut scan = Scan::new(&text.bytes, 0);
    let (mut kind, mut has_features, mut relative) = (String::new(), false, None);
    scan.object(|scan, key| {
        match &*key {
            "type" if scan.peek() == Some(b'"') => kind = scan.string()?.into_owned(),
            "features" if scan.peek() == Some(b'[') => {
                has_features = true;
                features(scan, text, table)?;
            }
            "crs" => *claim = Some(claim_of(scan.skip()?)),
            "geometryType" | "spatialReference" => {
                relative = Some("ArcGIS JSON");
                scan.skip()?;
            }
            _ => drop(scan.skip()?),
        }
        Ok(())
    })?;
    if kind == "Topology" {
        relative = Some("TopoJSON");
    }
    if let Some(name) = relative.filter(|_| kind != "FeatureCollection") {
        return Ok(Document::Stranger(Words::new(
            format!("这是 {name}，不是 GeoJSON，请另行导出"),
            format!("this is {name}, not GeoJSON; export it again"),
        )));
    }
    if !has_features && (kind == "Feature" || feature::is_geometry(&kind)) {
        take_feature(&mut Scan::new(&text.bytes, 0), text, table)?;
    } else if !has_features {
        return Ok(Document::Stranger(Words::new(
            format!("type 是“{kind}”且没有 features"),
            format!("its type is \"{kind}\" and it has no features"),
        )));
    }
    note_what_follows(&mut scan, text, table);
    Ok(Document::Features)
}

fn note_what_follows(scan: &mut Scan<'_>, text: &Text<'_>, table: &mut FeatureTable) {
    if scan.peek().is_some_and(|byte| byte != 0 && byte != 0x1A) {
        let place = text.place(scan.at());
        table.note(About::Damage, || {
            Words::new(
                format!("文档结束之后，{}起还有内容，未读取", place.zh),
                format!("what follows the end of the document at {} was not read", place.en),
            )
        });
    }
}

/// The array of features. Commas between them may be missing or double: nothing is lost by it.
fn features(scan: &mut Scan<'_>, text: &Text<'_>, table: &mut FeatureTable) -> Result<(), Broken> {
    let mut starts = Starts { bytes: &text.bytes, from: 0, next: None };
    scan.take(b'[');
    loop {
        while scan.take(b',') {}
        if scan.take(b']') {
            return Ok(());
        }
        let start = scan.at();
        let Err(broken) = take_feature(scan, text, table) else {
            continue;
        };
        let end = starts.end_of_damage(start).ok_or(broken)?;
        let after = table.len();
        table.note(About::Damage, || {
            let (words, goes_on) = (not_json(text, broken), text.place(end));
            Words::new(
                format!("第 {after} 个要素之后有损坏，{}；从{}起继续读取", words.zh, goes_on.zh),
                format!(
                    "damage after feature {after}: {}; reading goes on at {}",
                    words.en, goes_on.en
                ),
            )
        });
        scan.go_to(end);
    }
}

/// Where features start, found once each however often the text is damaged.
struct Starts<'a> {
    bytes: &'a [u8],
    from: usize,
    next: Option<usize>,
}

impl Starts<'_> {
    /// Where reading goes on: behind the damaged feature if its brackets match, else where the
    /// next one starts.
    fn end_of_damage(&mut self, start: usize) -> Option<usize> {
        let next = self.after(start + 1);
        let until = next.unwrap_or(self.bytes.len());
        let mut scan = Scan::new(&self.bytes[..until], start);
        let whole = scan.skip().is_ok();
        let in_step = if scan.take(b',') {
            matches!(scan.peek(), Some(b'{' | b']')) || scan.at() == until
        } else {
            scan.peek() == Some(b']')
        };
        if whole && in_step { Some(scan.at()) } else { next }
    }

    /// The start of the first feature at or behind a byte.
    fn after(&mut self, at: usize) -> Option<usize> {
        if self.next.is_some_and(|next| next >= at) {
            return self.next;
        }
        let mut from = self.from.max(at).min(self.bytes.len());
        self.next = loop {
            let Some(found) = find(&self.bytes[from..], b"\"Feature\"") else {
                from = self.bytes.len();
                break None;
            };
            let brace = opening_brace(self.bytes, from + found);
            from += found + 1;
            if brace.is_some_and(|brace| brace >= at) {
                break brace;
            }
        };
        self.from = from;
        self.next
    }
}

/// The brace of the object that has this text as its `type`, which is among its first members.
fn opening_brace(bytes: &[u8], at: usize) -> Option<usize> {
    const FARTHEST: usize = 200;
    let before = &bytes[at.saturating_sub(FARTHEST)..at];
    let colon = before.trim_ascii_end().strip_suffix(b":")?;
    let lead = colon.trim_ascii_end().strip_suffix(b"\"type\"")?;
    let brace = lead.iter().rposition(|byte| matches!(byte, b'{' | b'}'))?;
    (lead[brace] == b'{').then_some(at - before.len() + brace)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The `crs` member of GeoJSON before RFC 7946, which many programs still write.
fn claim_of(raw: &[u8]) -> Claim {
    const LONGEST: usize = 65_536;
    let value = serde_json::from_slice(&raw[..raw.len().min(LONGEST)]);
    let value: serde_json::Value = value.unwrap_or_default();
    let properties = &value["properties"];
    if let Some(code) = properties["code"].as_u64().and_then(|code| u32::try_from(code).ok()) {
        return Claim::Epsg(code);
    }
    match properties["name"].as_str().or(value.as_str()).or(properties["href"].as_str()) {
        Some(name) => claim_of_name(name),
        None if value.is_null() => Claim::None,
        None => Claim::Text(value.to_string()),
    }
}
