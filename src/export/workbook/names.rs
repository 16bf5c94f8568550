//! Names of sheets as workbooks take them.

/// A name may be this long, as UTF-16 counts.
const LONGEST: usize = 31;

/// Names as they stand on tabs: without the characters that no tab takes, not too long, and no two
/// alike.
pub(super) fn unique(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in names {
        let name = valid(&name);
        let mut one = name.clone();
        let mut number = 1;
        while taken.iter().any(|other| other.to_lowercase() == one.to_lowercase()) {
            number += 1;
            let ending = format!("_{number}");
            one = cut(&name, LONGEST - ending.len()) + &ending;
        }
        taken.push(one);
    }
    taken
}

/// A name as a tab takes it.
pub(super) fn valid(name: &str) -> String {
    let is_kept = |c: char| !c.is_control() && !"[]:*?/\\".contains(c);
    let name: String = name.chars().map(|c| if is_kept(c) { c } else { '_' }).collect();
    let name = cut(name.trim(), LONGEST);
    let name = name.trim_matches('\'').trim();
    let is_reserved = name.is_empty() || name.eq_ignore_ascii_case("history");
    if is_reserved { format!("Sheet{name}") } else { name.to_owned() }
}

fn cut(name: &str, most: usize) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= most
    };
    name.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_such_as_tabs_take() {
        let long = "很".repeat(40);
        let given = ["城东/城西", "'甲'", "", "", "History", &long, &long].map(str::to_owned);
        let cut = ["很".repeat(31), "很".repeat(29) + "_2"];
        let names = unique(given);
        assert_eq!(names[..5], ["城东_城西", "甲", "Sheet", "Sheet_2", "SheetHistory"]);
        assert_eq!(names[5..], cut);
    }
}
