//! The review file of names, as a user has filled it in.

use std::path::Path;

use crate::error::{Error, Result};
use crate::identity::{Name, Review, Side, Verdict, contradictions};
use crate::inventory::Settled;
use crate::source::read;
use crate::words::Words;

/// What a review file decides.
///
/// # Errors
/// When it cannot be read, a row of it cannot be understood, or its decisions contradict each other.
pub fn settled(path: &Path) -> Result<Vec<Settled>> {
    let decisions = reviewed(path)?.decisions();
    let name = path.display();
    let against = contradictions(&decisions);
    if !against.is_empty() {
        let zh: Vec<String> = against.iter().map(|one| one.words().zh).collect();
        let en: Vec<String> = against.iter().map(|one| one.words().en).collect();
        return Err(Error::refused(
            format!("{name}：决定互相矛盾：{}", zh.join("；")),
            format!("{name}: decisions that contradict each other: {}", en.join("; ")),
        ));
    }
    let settled = decisions.into_iter().filter_map(|one| {
        let (a, b) = ((one.a.id, one.a.name), (one.b.id, one.b.name));
        let (kept, other, phase) = match one.verdict {
            Verdict::Different => return None,
            Verdict::Same => (a, b, None),
            Verdict::PhaseOf { whole: Side::A } => {
                let phase = number(&a.1, &b.1);
                (a, b, Some(phase))
            }
            Verdict::PhaseOf { whole: Side::B } => {
                let phase = number(&b.1, &a.1);
                (b, a, Some(phase))
            }
        };
        Some(Settled { table: one.table, kept, other, phase })
    });
    Ok(settled.collect())
}

/// A review file as it stands.
///
/// # Errors
/// When it cannot be read, or a row of it cannot be understood.
pub fn reviewed(path: &Path) -> Result<Review> {
    let file = read(path, None)?;
    let Some(grid) = file.grids.first() else { return Ok(Review::default()) };
    let row =
        |row: usize| (0..grid.columns()).map(|column| grid.cell(row, column).to_owned()).collect();
    let rows: Vec<Vec<String>> = (0..grid.rows()).map(row).collect();
    Review::read(&rows).map_err(|all| {
        let words: Vec<Words> = all.iter().map(|one| one.words()).collect();
        let zh: Vec<String> = words.iter().map(|one| one.zh.clone()).collect();
        let en: Vec<String> = words.iter().map(|one| one.en.clone()).collect();
        let name = path.display();
        Error::refused(format!("{name}：{}", zh.join("；")), format!("{name}: {}", en.join("; ")))
    })
}

/// The number of the phase that a name bears: `幸福里一期` is 一期 of 幸福里.
fn number(whole: &str, name: &str) -> String {
    let rest = name.strip_prefix(whole).map(str::trim).filter(|rest| !rest.is_empty());
    if let Some(rest) = rest {
        return rest.to_owned();
    }
    let parts = Name::parse(name).parts_text();
    if parts.is_empty() { name.to_owned() } else { parts }
}

/// What was decided of two names, for printing with the results.
pub fn words(one: &Settled) -> Words {
    let (kept, other) = (&one.kept.1, &one.other.1);
    match &one.phase {
        None => Words::new(
            format!("“{other}”与“{kept}”按同一对象处理（名称核对）"),
            format!("`{other}` and `{kept}` are taken as one (review of names)"),
        ),
        Some(number) => Words::new(
            format!("“{other}”按“{kept}”的{number}处理（名称核对）"),
            format!("`{other}` is taken as the phase {number} of `{kept}` (review of names)"),
        ),
    }
}
