//! What a remark says of a room's tenure: proposed to the user, never applied.

use crate::inventory::{Doubt, DoubtKind, Value};
use crate::layer::Grid;
use crate::origin::column_letters;
use crate::words::Words;

use super::Mapping;
use super::cell::folded;
use super::headings::tenure_remarks;

/// What a row's remark says of its tenure, where the row says otherwise or nothing.
pub fn tenure(mapping: &Mapping, grid: &Grid, row: usize, tenure: &Value) -> Option<Doubt> {
    let column = crate::inventory::table("premises")?.column("tenure")?;
    let index = mapping.index_of("note")?;
    let text = grid.cell(row, index);
    let code = said(text)?;
    let stated = match tenure {
        Value::Text(stated) => Some(stated.as_str()),
        _ => None,
    };
    if stated == Some(code) {
        return None;
    }
    let sheet = grid.sheet.as_deref().map_or(String::new(), |sheet| format!("{sheet}!"));
    let number = grid.row_number(row);
    let cell = format!("{sheet}{}{number}", column_letters(index as u32));
    let name = |code: &str| {
        let found = column.values.iter().find(|value| value.code == code);
        found.map_or((code.to_owned(), code.to_owned()), |one| (one.zh.clone(), one.en.clone()))
    };
    let (zh, en) = name(code);
    let (says_zh, says_en) = match stated {
        Some(stated) => (
            format!("权属写的是“{}”", name(stated).0),
            format!("its tenure is `{}`", name(stated).1),
        ),
        None => ("权属未写明".to_owned(), "its tenure is not stated".to_owned()),
    };
    Some(Doubt {
        kind: DoubtKind::Remark,
        row: number,
        field: "tenure".to_owned(),
        found: None,
        expected: None,
        says: mapping.index_of("tenure").map(|index| grid.cell(row, index).to_owned()),
        code: Some(code.to_owned()),
        words: Words::new(
            format!("{cell} 备注“{text}”似为{zh}，而{says_zh}；待确认，未采用"),
            format!(
                "{cell}: the remark `{text}` suggests {en}, but {says_en}; to be confirmed, not applied"
            ),
        ),
    })
}

/// The tenure a remark speaks of, if it speaks of just one.
fn said(text: &str) -> Option<&'static str> {
    let text = folded(text);
    if text.is_empty() {
        return None;
    }
    let said = tenure_remarks();
    if said.not.iter().any(|word| text.contains(word.as_str())) {
        return None;
    }
    let mut found =
        said.says.iter().filter(|(_, words)| words.iter().any(|word| text.contains(word.as_str())));
    let code = found.next().map(|(code, _)| code.as_str())?;
    found.next().is_none().then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::headings::code_of;

    #[test]
    fn a_remark_that_speaks_of_one_tenure_is_heard() {
        for (text, expected) in [
            ("租用沿街门面，年租金6万", Some("rented")),
            ("向街道办借用", Some("borrowed")),
            ("原租赁合同已到期，现为自有", None),
            ("部分出租给超市", None),
            ("二楼", None),
            ("", None),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
        let tenure = crate::inventory::table("premises").and_then(|table| table.column("tenure"));
        let known = |code: &String| tenure.is_some_and(|column| code_of(column, code).is_some());
        assert!(tenure_remarks().says.keys().all(known));
    }
}
