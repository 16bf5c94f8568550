//! Drawings: bars, stacked bars and lines, as SVG with classes instead of colours.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::report::xml::escaped;

/// A bar made of parts.
#[derive(Debug)]
pub struct Bar {
    /// What stands before it.
    pub label: String,
    /// Its parts: class, length, and what is said when one points at it.
    pub parts: Vec<(&'static str, f64, String)>,
    /// What stands behind it.
    pub value: String,
    /// A mark on it, at this length.
    pub mark: Option<f64>,
}

const WIDTH: f64 = 600.0;
const LINE: f64 = 24.0;
const DIGIT: f64 = 7.5;

/// No label is wider than this; a longer one is cut.
const LABEL: usize = 22;

fn short(text: &str) -> String {
    if text.width() <= LABEL {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + 2 > LABEL {
            break;
        }
        out.push(c);
    }
    out + "…"
}

/// Horizontal bars, one below the other; `most` is the length of a full bar.
pub fn bars(title: &str, bars: &[Bar], most: f64) -> String {
    let widest = |of: &dyn Fn(&Bar) -> usize| bars.iter().map(of).max().unwrap_or(0) as f64 * DIGIT;
    let left = widest(&|bar| short(&bar.label).width()) + 12.0;
    let right = widest(&|bar| bar.value.width()) + 12.0;
    let room = (WIDTH - left - right).max(80.0);
    let length = |value: f64| if most > 0.0 { (value / most).clamp(0.0, 1.0) * room } else { 0.0 };
    let height = bars.len() as f64 * LINE + 8.0;
    let told = bars.iter().map(|bar| format!("{} {}", bar.label, bar.value));
    let mut svg = opened(title, told, height);
    for (at, bar) in bars.iter().enumerate() {
        let y = at as f64 * LINE + 4.0;
        let middle = y + LINE / 2.0 + 4.0;
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{:.1}\" y=\"{middle:.1}\" text-anchor=\"end\">{}</text>",
            left - 8.0,
            escaped(&short(&bar.label))
        );
        let _ = write!(
            svg,
            "<rect class=\"track\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{room:.1}\" height=\"14\"/>",
            y + 5.0
        );
        let mut x = left;
        for (class, value, tip) in &bar.parts {
            let wide = length(*value);
            if wide > 0.0 {
                let _ = write!(
                    svg,
                    "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"14\"><title>{}</title></rect>",
                    y + 5.0,
                    escaped(tip)
                );
            }
            x += wide;
        }
        if let Some(mark) = bar.mark {
            let x = left + length(mark);
            let _ = write!(
                svg,
                "<line class=\"mark\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
                y + 2.0,
                y + 22.0
            );
        }
        let _ = write!(
            svg,
            "<text class=\"value\" x=\"{:.1}\" y=\"{middle:.1}\">{}</text>",
            left + room + 8.0,
            escaped(&bar.value)
        );
    }
    svg + "</svg>"
}

/// One year of a series.
#[derive(Debug)]
pub struct Year {
    /// The year.
    pub label: String,
    /// Its value; nothing where it is missing.
    pub value: Option<f64>,
    /// Whether there is more that is not known.
    pub open: bool,
    /// What is said of it.
    pub tip: String,
}

/// Columns over years, a missing year left open; a part that is not known stands on top, dashed.
pub fn columns(title: &str, all: &[Year]) -> String {
    let (height, base, top) = (220.0, 180.0, 24.0);
    let most = all.iter().filter_map(|year| year.value).fold(0.0, f64::max);
    let step = (WIDTH - 40.0) / all.len().max(1) as f64;
    let told = all.iter().map(|year| format!("{} {}", year.label, year.tip));
    let mut svg = opened(title, told, height);
    let _ = write!(
        svg,
        "<line class=\"axis\" x1=\"20\" x2=\"{:.1}\" y1=\"{base}\" y2=\"{base}\"/>",
        WIDTH - 20.0
    );
    for (at, Year { label, value, open, tip }) in all.iter().enumerate() {
        let centre = 20.0 + step * (at as f64 + 0.5);
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{centre:.1}\" y=\"200\" text-anchor=\"middle\">{}</text>",
            escaped(label)
        );
        let wide = (step * 0.6).min(80.0);
        let left = centre - wide / 2.0;
        match value {
            Some(value) => {
                let high = if most > 0.0 { value / most * (base - top) } else { 0.0 };
                let y = base - high;
                let _ = write!(
                    svg,
                    "<rect class=\"bar\" x=\"{left:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"><title>{}</title></rect>",
                    escaped(tip)
                );
                if *open {
                    let _ = write!(
                        svg,
                        "<rect class=\"open\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"10\"/>",
                        y - 12.0
                    );
                }
                let _ = write!(
                    svg,
                    "<text class=\"value\" x=\"{centre:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    y - if *open { 16.0 } else { 6.0 },
                    escaped(tip)
                );
            }
            None => {
                let _ = write!(
                    svg,
                    "<rect class=\"gap\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"40\"/>",
                    base - 40.0
                );
                let _ = write!(
                    svg,
                    "<text class=\"value\" x=\"{centre:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    base - 46.0,
                    escaped(tip)
                );
            }
        }
    }
    svg + "</svg>"
}

/// The drawing's beginning. Who cannot see it hears what stands in it.
fn opened(title: &str, told: impl Iterator<Item = String>, height: f64) -> String {
    let (title, told) = (escaped(title), escaped(&told.collect::<Vec<_>>().join("; ")));
    format!(
        "<svg viewBox=\"0 0 {WIDTH:.0} {height:.0}\" role=\"img\" aria-label=\"{title}: {told}\"><title>{title}</title>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_leave_their_place() {
        let bar = Bar {
            label: "<script>\"'&".to_owned(),
            parts: vec![("met", 1.0, "</title><script>".to_owned())],
            value: "\u{1}1".to_owned(),
            mark: Some(0.5),
        };
        let svg = bars("<b>", &[bar], 1.0);
        assert!(
            !svg.contains("<script") && !svg.contains("<b>") && !svg.contains('\u{1}'),
            "{svg}"
        );
    }

    #[test]
    fn a_missing_year_has_no_bar() {
        let year = |label: &str, value| Year {
            label: label.to_owned(),
            value,
            open: false,
            tip: String::new(),
        };
        let years = [year("2019", Some(3.0)), year("2020", None)];
        let svg = columns("t", &years);
        assert_eq!(svg.matches("class=\"bar\"").count(), 1);
        assert_eq!(svg.matches("class=\"gap\"").count(), 1);
        let year = Year { tip: "≥ 3".to_owned(), ..year("2019", Some(3.0)) };
        assert!(columns("t", &[year]).contains("aria-label=\"t: 2019 ≥ 3\""));
    }
}
