//! What a number format says of the number behind it: a day, and how much of it is meant, or a
//! share in percent.

use std::collections::BTreeMap;

/// No workbook has more styles of cells.
pub const MOST_STYLES: usize = 1 << 16;

/// How much of a day is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// A year.
    Year,
    /// A month of a year.
    Month,
    /// A day.
    Day,
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// As a number; times of day and durations too.
    #[default]
    Plain,
    /// In percent.
    Percent,
    /// As so many digits, with zeros before it: a number that names something.
    Digits(u8),
    /// As a date.
    Day(Precision),
}

/// The formats of a workbook's styles: the file's own first, else what spreadsheets build in.
pub fn looks_of(styles: &[u32], own: &BTreeMap<u32, Look>) -> Vec<Look> {
    let look = |id: &u32| own.get(id).copied().unwrap_or_else(|| Look::built_in(*id));
    styles.iter().map(look).collect()
}

impl Look {
    /// The look of a format that no file defines, as it is in a Chinese Excel.
    pub fn built_in(id: u32) -> Look {
        match id {
            9 | 10 => Look::Percent,
            // yyyy"年"m"月" and mmm-yy.
            17 | 27 | 36 | 50 | 52 | 57 => Look::Day(Precision::Month),
            // Whole dates, and m"月"d"日": the year is there, though not shown.
            14..=16 | 22 | 28..=31 | 51 | 53 | 54 | 58 => Look::Day(Precision::Day),
            // 18–21, 32–35, 45–47, 55 and 56 are times of day.
            _ => Look::Plain,
        }
    }

    /// The look that a format code gives to positive numbers.
    pub fn of_code(code: &str) -> Look {
        let zeros = code.chars().all(|c| c == '0') && (2..=15).contains(&code.len());
        if zeros {
            return Look::Digits(code.len() as u8);
        }
        let seen = Seen::of(code);
        if seen.percent {
            return Look::Percent;
        }
        if seen.elapsed || (seen.digits && !seen.has('s')) {
            return Look::Plain;
        }
        let (year, month, day) = (seen.has('y'), seen.has('m'), seen.has('d'));
        match (year, month, day) {
            (true, false, false) => Look::Day(Precision::Year),
            (true, true, false) => Look::Day(Precision::Month),
            (false, false, false) => Look::Plain,
            _ => Look::Day(Precision::Day),
        }
    }
}

/// What the first section of a format code holds.
#[derive(Default)]
struct Seen {
    /// The parts of a date or time in order: `y`, `m` for months, `d`, `h`, `n` for minutes, `s`.
    parts: Vec<char>,
    percent: bool,
    /// Whether there is a place for a digit.
    digits: bool,
    /// Whether hours, minutes or seconds are counted beyond a day.
    elapsed: bool,
}

impl Seen {
    fn has(&self, part: char) -> bool {
        self.parts.contains(&part)
    }

    fn of(code: &str) -> Seen {
        let mut seen = Seen::default();
        // In a Chinese Excel the general format is called G/通用格式.
        let head: String = code.chars().take(7).collect::<String>().to_ascii_lowercase();
        if head.starts_with("general") || head.starts_with("g/") {
            return seen;
        }
        let mut before = ' ';
        let mut characters = code.chars();
        while let Some(character) = characters.next() {
            let character = character.to_ascii_lowercase();
            match character {
                ';' => break,
                '"' => drop(characters.find(|next| *next == '"')),
                // The next one is shown, left out or repeated, and means nothing.
                '\\' | '_' | '*' | '!' => drop(characters.next()),
                '[' => {
                    let inner: String =
                        characters.by_ref().take_while(|next| *next != ']').collect();
                    let unit = inner.trim().to_ascii_lowercase();
                    let all = |one: char| !unit.is_empty() && unit.chars().all(|next| next == one);
                    seen.elapsed |= all('h') || all('m') || all('s');
                }
                '%' => seen.percent = true,
                '0' | '#' | '?' => seen.digits = true,
                // An exponent, not the year of an era.
                'e' if matches!(before, '0' | '#' | '?' | '.') => {}
                'a' => drop(half_days(characters.as_str()).map(|length| characters.nth(length))),
                _ => seen.part(character),
            }
            before = character;
        }
        // Minutes stand after hours or before seconds; all other m are months.
        for at in 0..seen.parts.len() {
            let after_hours = at > 0 && seen.parts[at - 1] == 'h';
            let before_seconds = seen.parts.get(at + 1) == Some(&'s');
            if seen.parts[at] == 'm' && (after_hours || before_seconds) {
                seen.parts[at] = 'n';
            }
        }
        seen
    }

    /// Takes in a letter; the same letter again adds nothing.
    fn part(&mut self, letter: char) {
        let part = match letter {
            'y' | 'e' | 'b' => 'y',
            'm' | 'd' | 'h' | 's' => letter,
            _ => return,
        };
        if self.parts.last() != Some(&part) {
            self.parts.push(part);
        }
    }
}

/// Where the last letter of AM/PM or A/P is, after its first.
fn half_days(rest: &str) -> Option<usize> {
    let rest: String = rest.chars().take(4).collect::<String>().to_ascii_lowercase();
    let known = ["m/pm", "/p"];
    known.iter().find(|mark| rest.starts_with(*mark)).map(|mark| mark.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: Look = Look::Day(Precision::Year);
    const MONTH: Look = Look::Day(Precision::Month);
    const DAY: Look = Look::Day(Precision::Day);

    #[test]
    fn a_format_tells_how_much_of_a_day_is_meant() {
        for (code, look) in [
            ("yyyy\"年\"m\"月\"", MONTH),
            ("[$-804]yyyy\"年\"m\"月\"d\"日\";@", DAY),
            ("m\"月\"d\"日\"", DAY),
            ("[DBNum1][$-804]yyyy\"年\"m\"月\";@", MONTH),
            ("yyyy年", YEAR),
            ("yyyy\\-mm\\-dd\\ hh:mm:ss", DAY),
            ("yyyy/m/d h:mm AM/PM", DAY),
            ("yyyy.mm", MONTH),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", DAY),
            ("mmm-yy", MONTH),
            ("e\"年\"m\"月\"", MONTH),
            ("YYYY-MM", MONTH),
            ("h:mm:ss", Look::Plain),
            ("上午/下午h\"时\"mm\"分\"", Look::Plain),
            ("h:mm:ss AM/PM", Look::Plain),
            ("h:mm:ss a/p", Look::Plain),
            ("yyyy-mm-dd aaaa", DAY),
            ("mm:ss.0", Look::Plain),
            ("[h]:mm:ss", Look::Plain),
        ] {
            assert_eq!(Look::of_code(code), look, "{code}");
        }
    }

    #[test]
    fn numbers_with_letters_are_no_dates() {
        for code in [
            "General",
            "G/通用格式",
            "0.00E+00",
            "##0.0E+0",
            "#,##0.00_);[Red](#,##0.00)",
            "@",
            "",
            "0\"户\"",
            "0.00\"m2\"",
            "0.00\\m\\2",
            "[Red]0.00",
            "[>=100]0;0.0",
            "_-* #,##0_-",
            ";;;",
            "\"yyyy",
            "[",
            "\\",
            "[$¥-804]#,##0.00",
            "#,##0*d",
        ] {
            assert_eq!(Look::of_code(code), Look::Plain, "{code}");
        }
        for code in ["0%", "0.00%", "#,##0.0%;[Red]-#,##0.0%"] {
            assert_eq!(Look::of_code(code), Look::Percent, "{code}");
        }
        assert_eq!(Look::of_code("0\"%\""), Look::Plain);
    }

    #[test]
    fn chinese_formats_that_no_file_defines_are_dates() {
        let looks =
            |ids: std::ops::RangeInclusive<u32>| ids.map(Look::built_in).collect::<Vec<_>>();
        let time = Look::Plain;
        assert_eq!(looks(27..=36), [MONTH, DAY, DAY, DAY, DAY, time, time, time, time, MONTH]);
        assert_eq!(looks(50..=58), [MONTH, DAY, MONTH, DAY, DAY, time, time, MONTH, DAY]);
        let own = BTreeMap::from([(27, Look::Plain)]);
        assert_eq!(looks_of(&[27, 31, 9], &own), [Look::Plain, DAY, Look::Percent]);
    }
}
