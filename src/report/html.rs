//! `report.html`: one file to open and print, with a map, charts, and every finding with its working.
//!
//! What it shows is built here as plain types ([`view`]); how it looks is its template, its style and
//! its script, which are files of their own. Nothing is fetched: the file stands alone.

mod basis;
mod build;
mod charts;
mod findings;
mod map;
mod places;
mod svg;
mod view;

use minijinja::{AutoEscape, Environment, context};

use crate::error::{Error, Result};
use crate::words::Lang;

use super::{Format, Reported};

pub use places::Places;

pub const FORMAT: Format = Format {
    extension: "html",
    zh: "网页报告：地图、图表、每条结论的算式与出处，一个文件，离线可用",
    en: "a page to open: map, charts, every finding with its working and source, in one file, offline",
    write: |reported, lang| Ok(page(reported, lang)?.into_bytes()),
};

/// The page as HTML.
///
/// # Errors
/// When the table engine or the template fails, which would be a defect.
pub fn page(reported: &Reported<'_>, lang: Lang) -> Result<String> {
    let view = build::page(reported, lang)?;
    render(&view).map_err(|error| {
        let why = format!("{error:#}");
        Error::refused(format!("report.html：{why}"), format!("report.html: {why}"))
    })
}

fn render(view: &view::Page) -> std::result::Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("page", include_str!("html/page.html"))?;
    let template = environment.get_template("page")?;
    template.render(context! {
        page => minijinja::Value::from(minijinja::value::Serde(view)),
        style => include_str!("html/page.css"),
        script => include_str!("html/page.js"),
    })
}
