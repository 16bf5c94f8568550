//! Names of at most ten bytes, different from each other, that other programs accept.

use std::collections::BTreeSet;

use crate::source::Read;

use super::{Coding, Field, not_encodable};

/// So many bytes of a name are kept by every program.
const MOST_BYTES: usize = 10;

/// One short name per field. A name that can stay as it is does.
pub fn shortened(file: &str, fields: &[Field], coding: Coding) -> Read<Vec<String>> {
    for field in fields {
        coding.encode(&field.name).map_err(|missing| {
            let name = &field.name;
            let zh = format!("{file}：字段名“{name}”");
            not_encodable(zh, format!("{file}: the field name `{name}`"), missing)
        })?;
    }
    let plain: Vec<String> = fields.iter().map(|field| plain(&field.name)).collect();
    let mut taken = BTreeSet::new();
    // Short ones first, lest the cut form of a long one takes the name of another field.
    let mut short: Vec<Option<String>> = plain
        .iter()
        .zip(fields)
        .map(|(name, field)| {
            let fits = *name == field.name && coding.cut(name, MOST_BYTES) == name;
            let stays = fits && taken.insert(name.to_lowercase());
            stays.then(|| name.clone())
        })
        .collect();
    for (short, name) in short.iter_mut().zip(&plain) {
        short.get_or_insert_with(|| unique(name, coding, &mut taken));
    }
    Ok(short.into_iter().flatten().collect())
}

/// Letters, digits and underscores, beginning with a letter: ArcGIS refuses the rest.
fn plain(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() { c } else { '_' };
    let name: String = name.trim().chars().map(kept).collect();
    match name.trim_matches('_') {
        "" => "FIELD".to_owned(),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("F{name}"),
        name => name.to_owned(),
    }
}

fn unique(name: &str, coding: Coding, taken: &mut BTreeSet<String>) -> String {
    let numbered = |number: usize| match number {
        0 => coding.cut(name, MOST_BYTES).to_owned(),
        _ => {
            let number = number.to_string();
            let room = MOST_BYTES.saturating_sub(number.len());
            format!("{}{number}", coding.cut(name, room))
        }
    };
    let mut candidates = (0..).map(numbered);
    candidates
        .find(|candidate| taken.insert(candidate.to_lowercase()))
        .expect("there are more numbers than fields")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::shapefile::Kind;
    use crate::layer::TextColumn;

    fn short(names: &[&str], coding: Coding) -> Vec<String> {
        let field = |name: &&str| Field {
            name: (*name).to_owned(),
            kind: Kind::Text,
            cells: TextColumn::default(),
        };
        let fields: Vec<Field> = names.iter().map(field).collect();
        shortened("a", &fields, coding).expect("names")
    }

    #[test]
    fn names_are_cut_between_characters_and_stay_different() {
        let names = ["应移交面积", "应移交套数", "应移交", "Population2020", "population2035"];
        let utf8 = short(&names, Coding::Utf8);
        assert_eq!(utf8, ["应移交1", "应移交2", "应移交", "Population", "populatio1"]);
        let gbk = short(&names, Coding::Gbk);
        assert_eq!(gbk, ["应移交面积", "应移交套数", "应移交", "Population", "populatio1"]);
        for name in utf8 {
            assert!(name.len() <= 10, "{name}");
        }
    }

    #[test]
    fn names_have_only_what_other_programs_accept() {
        let names = ["面积(㎡)", "2023年", "", "a b", "---", "面积"];
        assert_eq!(
            short(&names, Coding::Gbk),
            ["面积1", "F2023年", "FIELD", "a_b", "FIELD1", "面积"]
        );
    }

    #[test]
    fn a_name_outside_the_encoding_is_an_error() {
        let field =
            Field { name: "𠮷祥".into(), kind: Kind::Text, cells: TextColumn::default() };
        let error = shortened("a.shp", &[field], Coding::Gbk).expect_err("refused");
        assert!(
            error.zh.starts_with("a.shp：字段名“𠮷祥”：“𠮷”（U+20BB7）不在 GBK 中"),
            "{}",
            error.zh
        );
    }
}
