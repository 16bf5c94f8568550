//! `audit.gpkg`: a layer per result with Chinese aliases and its style inside; the styles as files too.

use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

use crate::audit::Audit;
use crate::error::{Error, Result};
use crate::export::shapefile::Coding;
use crate::source::OutLayer;
use crate::words::Lang;

use super::Format;
use super::layers::{Classed, layers};

pub const FORMAT: Format = Format {
    extension: "gpkg",
    zh: "图层：社区、小区、用房、错误处各一层，附样式与结论表（CGCS2000 经纬度）",
    en: "layers: communities, estates, rooms and places of errors, with styles and a table of findings (CGCS2000 degrees)",
    write: |reported, lang| Ok(geopackage(reported.audit, lang)?.0),
};

/// The GeoPackage, and the style files beside it: what is added to the name, and their text.
pub type Package = (Vec<u8>, Vec<(String, String)>);

/// The layers of an audit as a GeoPackage with its styles.
///
/// # Errors
/// When the table engine or a template fails, which would be a defect.
pub fn geopackage(audit: &Audit, lang: Lang) -> Result<Package> {
    let mut all = layers(audit, lang)?;
    let mut styles = Vec::new();
    for one in &mut all {
        if one.classes.is_empty() {
            one.layer.style = Some(styled(one, TABLE)?);
            continue;
        }
        let (qml, sld) = (styled(one, QML)?, styled(one, SLD)?);
        one.layer.style = Some(qml.clone());
        one.layer.sld = Some(sld.clone());
        styles.push((format!("_{}.qml", one.layer.name), qml));
        styles.push((format!("_{}.sld", one.layer.name), sld));
    }
    let layers: Vec<OutLayer> = all.into_iter().map(|one| one.layer).collect();
    let files = crate::export::files(&layers, "gpkg", Coding::Utf8).map_err(Error::Refused)?;
    let bytes = files.files.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default();
    Ok((bytes, styles))
}

const QML: &str = include_str!("gpkg/style.qml");
const TABLE: &str = include_str!("gpkg/table.qml");
const SLD: &str = include_str!("gpkg/style.sld");

/// A layer as its style's template sees it.
#[derive(Serialize)]
struct Styled<'a> {
    name: &'a str,
    title: &'a str,
    geometry: &'static str,
    field: &'static str,
    label: &'static str,
    aliases: Vec<Alias<'a>>,
    classes: Vec<Class<'a>>,
}

#[derive(Serialize)]
struct Alias<'a> {
    name: &'a str,
    alias: &'a str,
}

#[derive(Serialize)]
struct Class<'a> {
    value: &'static str,
    label: &'a str,
    fill: &'static str,
    stroke: &'static str,
    pattern: &'static str,
    shape: &'static str,
}

/// How a class looks: colours that colour-blind readers tell apart (after Okabe and Ito), patterns and
/// shapes for those who see none.
const LOOKS: &[(&str, &str, &str, &str, &str)] = &[
    ("met", "#0072B2", "#004A75", "plain", "circle"),
    ("not-met", "#D55E00", "#8A3D00", "hatch", "diamond"),
    ("unknown", "#F0E442", "#8F8700", "dots", "triangle"),
    ("na", "#D9D9D9", "#8C8C8C", "plain", "circle"),
    ("planning", "#CC79A7", "#85476A", "cross", "circle"),
    ("construction", "#D55E00", "#8A3D00", "hatch", "circle"),
    ("handover", "#E69F00", "#8F6300", "dots", "circle"),
    ("use", "#56B4E9", "#2A6F96", "hatch", "circle"),
    ("short", "#A6761D", "#5E430F", "cross", "circle"),
    ("own", "#0072B2", "#004A75", "plain", "circle"),
    ("rented", "#D55E00", "#8A3D00", "plain", "triangle"),
    ("borrowed", "#E69F00", "#8F6300", "plain", "square"),
    ("shared", "#56B4E9", "#2A6F96", "plain", "diamond"),
    ("error", "#C1121F", "#C1121F", "plain", "diamond"),
];

fn styled(one: &Classed, template: &str) -> Result<String> {
    let failed = |error: minijinja::Error| {
        let why = format!("{error:#}");
        Error::refused(format!("图层样式：{why}"), format!("style of a layer: {why}"))
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("style", template).map_err(failed)?;
    let is_point = one.layer.name == "rooms";
    let layer = Styled {
        name: &one.layer.name,
        title: &one.layer.title,
        geometry: if is_point { "point" } else { "polygon" },
        field: "class",
        label: "name",
        aliases: one
            .layer
            .fields
            .iter()
            .filter_map(|field| Some(Alias { name: &field.name, alias: field.alias.as_ref()? }))
            .collect(),
        classes: one
            .classes
            .iter()
            .map(|(value, label)| {
                let look = LOOKS.iter().find(|look| look.0 == *value).unwrap_or(&LOOKS[3]);
                let (_, fill, stroke, pattern, shape) = *look;
                Class { value, label, fill, stroke, pattern, shape }
            })
            .collect(),
    };
    let template = environment.get_template("style").map_err(failed)?;
    let layer = minijinja::Value::from(minijinja::value::Serde(layer));
    template.render(context! { layer => layer }).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::super::classes::{estate_names, outcome_names, room_names};
    use super::*;

    #[test]
    fn every_class_has_a_look() {
        let all = [outcome_names(Lang::Zh), estate_names(Lang::Zh), room_names(Lang::Zh)];
        for (class, _) in all.iter().flatten() {
            assert!(LOOKS.iter().any(|look| look.0 == *class), "{class}");
        }
    }
}
