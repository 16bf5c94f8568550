//! One coordinate as tables write it: `116.39`, `116°23′29″`, `116.39E`, `东经116度23分`.

/// Which coordinate is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// Longitude: east is positive.
    East,
    /// Latitude: north is positive.
    North,
    /// A plain number.
    Plain,
}

/// The number a text states, in degrees unless the axis is plain.
pub(super) fn degrees(text: &str, axis: Axis) -> Option<f64> {
    let text = half_width(text).replace("''", "\"").replace("′′", "″");
    let text = text.trim();
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | 'e' | 'E');
    if text.chars().all(plain)
        && let Ok(number) = text.parse()
    {
        return Some(number);
    }
    let sides: &[(&str, f64)] = match axis {
        Axis::East => &[("东经", 1.0), ("西经", -1.0), ("E", 1.0), ("W", -1.0)],
        Axis::North => &[("北纬", 1.0), ("南纬", -1.0), ("N", 1.0), ("S", -1.0)],
        Axis::Plain => return None,
    };
    let upper = text.to_uppercase();
    let found = sides.iter().find_map(|(side, sign)| {
        let rest = upper.strip_prefix(side).or_else(|| upper.strip_suffix(side))?;
        Some((rest.trim_matches([' ', ':']), *sign))
    });
    let (rest, sign) = match found {
        Some(found) => found,
        None => upper.strip_prefix('-').map_or((upper.as_str(), 1.0), |rest| (rest, -1.0)),
    };
    Some(sign * sexagesimal(rest)?)
}

/// Full-width forms become ASCII.
pub(super) fn half_width(text: &str) -> String {
    let fold = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        other => other,
    };
    text.chars().map(fold).collect()
}

fn sexagesimal(text: &str) -> Option<f64> {
    const MARKS: [&[char]; 3] =
        [&['°', 'º', '˚', '度'], &['′', '\'', '’', '‘', '´', '分'], &['″', '"', '”', '“', '秒']];
    let mut total = 0.0;
    let mut rest = text.trim();
    for (marks, unit) in MARKS.into_iter().zip([1.0, 60.0, 3600.0]) {
        let (number, behind) = match rest.split_once(marks) {
            Some(parts) => parts,
            // Without any mark it is a number of degrees.
            None if unit == 1.0 => (rest, ""),
            None => return None,
        };
        let number = decimal(number.trim()).filter(|number| unit == 1.0 || *number < 60.0)?;
        total += number / unit;
        rest = behind.trim();
        if rest.is_empty() {
            return Some(total);
        }
    }
    None
}

fn decimal(text: &str) -> Option<f64> {
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    text.chars().all(digits).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coordinate_is_read_however_it_is_written() {
        let exact = 116.0 + 23.0 / 60.0 + 29.0 / 3600.0;
        for text in [
            "116°23′29″",
            "116°23'29\"",
            "116° 23’ 29”",
            "116°23'29''E",
            "东经116度23分29秒",
            "E116°23′29″",
            "１１６°２３′２９″",
        ] {
            assert_eq!(degrees(text, Axis::East), Some(exact), "{text}");
        }
        for (text, axis, number) in [
            ("116.39", Axis::East, 116.39),
            (" 116.39E ", Axis::East, 116.39),
            ("e 116.39°", Axis::East, 116.39),
            ("116.39W", Axis::East, -116.39),
            ("-33°30′", Axis::North, -33.5),
            ("33.5S", Axis::North, -33.5),
            ("北纬39.9°", Axis::North, 39.9),
            ("39°54.5′N", Axis::North, 39.0 + 54.5 / 60.0),
            ("39512345.678", Axis::Plain, 39512345.678),
            ("-1.5e3", Axis::Plain, -1500.0),
        ] {
            assert_eq!(degrees(text, axis), Some(number), "{text}");
        }
    }

    #[test]
    fn what_is_no_coordinate_is_not_read() {
        for text in [
            "",
            "无",
            "116,39",
            "116°70′",
            "116°23′61″",
            "39.9N",
            "nan",
            "inf",
            "E",
            "°",
            "116°23′29″5",
            "1-2",
            "--1",
            "-5E5E",
        ] {
            assert_eq!(degrees(text, Axis::East), None, "{text}");
        }
        assert_eq!(degrees("116.39E", Axis::North), None);
        assert_eq!(degrees("116°", Axis::Plain), None);
    }
}
