//! The review file: the pairs a person is asked about, and what the person answered.
//!
//! One row is one pair. The program fills everything but 决定 and 备注; a person fills these, in
//! whatever spreadsheet is at hand. The file is read back by its headings, so that columns may have
//! been moved; [`merge`] keeps every answer when the pairs are worked out anew, and
//! [`contradictions`] lists answers that cannot all be right.

mod contradictions;
mod merge;
mod read;

pub use contradictions::{Contradiction, contradictions};
pub use merge::merge;
pub use read::Unreadable;

use super::likeness::{Likeness, Relation};
use super::reasons::Side;
use crate::words::Words;

/// One of the two of a pair, as the review file shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Party {
    /// Its id in its table.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The file, sheet and row it comes from.
    pub origin: String,
}

/// What a person decided of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// They are one thing.
    Same,
    /// One is a part of the other; the side that is the whole.
    PhaseOf {
        /// The whole.
        whole: Side,
    },
    /// They are two things.
    Different,
}

impl Verdict {
    /// The verdict seen from the other side.
    pub(super) fn turned(self) -> Verdict {
        match self {
            Verdict::PhaseOf { whole } => Verdict::PhaseOf { whole: whole.other() },
            other => other,
        }
    }

    /// The text of a decision, as it is written and read back.
    pub fn words(self) -> Words {
        let relation = match self {
            Verdict::Same => Relation::Same,
            Verdict::PhaseOf { whole } => Relation::PhaseOf(whole),
            Verdict::Different => Relation::Apart,
        };
        relation.words()
    }
}

/// One pair of the review file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewRow {
    /// The code of the table both belong to, such as `estates`.
    pub table: String,
    /// The first of the pair.
    pub a: Party,
    /// The second of the pair.
    pub b: Party,
    /// What the program suggests.
    pub suggestion: Relation,
    /// How sure it is, in points from 0 to 100.
    pub points: u8,
    /// Why.
    pub reasons: String,
    /// What a person decided; nothing while undecided.
    pub decision: Option<Verdict>,
    /// What a person noted.
    pub note: String,
    /// Whether the pair was decided earlier and is no longer among the candidates.
    pub gone: bool,
}

impl ReviewRow {
    /// A pair to be decided, with its reasons in Chinese: the file is for Chinese offices.
    pub fn asked(table: impl Into<String>, a: Party, b: Party, likeness: &Likeness) -> ReviewRow {
        ReviewRow {
            table: table.into(),
            a,
            b,
            suggestion: likeness.relation,
            points: (likeness.score * 100.0).round().clamp(0.0, 100.0) as u8,
            reasons: likeness.words().zh,
            decision: None,
            note: String::new(),
            gone: false,
        }
    }

    /// The table and the ids in an order that does not depend on who comes first.
    pub(super) fn key(&self) -> (String, String, String) {
        let (a, b) = (&self.a.id, &self.b.id);
        (self.table.clone(), a.min(b).clone(), a.max(b).clone())
    }
}

/// What a person decided of one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The code of the table both belong to.
    pub table: String,
    /// The first of the pair.
    pub a: Party,
    /// The second of the pair.
    pub b: Party,
    /// What was decided.
    pub verdict: Verdict,
}

/// The review file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Review {
    /// Its rows, in order.
    pub pairs: Vec<ReviewRow>,
}

/// The headings in the order they are written: Chinese, and the English that is read as well.
pub(super) const HEADINGS: [(&str, &str); 12] = [
    ("表", "table"),
    ("甲编号", "first id"),
    ("甲名称", "first name"),
    ("甲出处", "first origin"),
    ("乙编号", "second id"),
    ("乙名称", "second name"),
    ("乙出处", "second origin"),
    ("关系建议", "suggestion"),
    ("把握(分)", "points"),
    ("理由", "reasons"),
    ("决定", "decision"),
    ("备注", "note"),
];

/// What stands before the note of a pair that is no longer among the candidates.
pub(super) const GONE: &str = "【本次已不在候选中】";

impl Review {
    /// The file as CSV: UTF-8 with a byte order mark, which spreadsheets need.
    ///
    /// Texts that a spreadsheet would take for formulas are written with an apostrophe before them,
    /// which reading takes away.
    ///
    /// ```
    /// use facility_audit::identity::Review;
    /// assert!(Review::default().csv().starts_with("\u{feff}表,甲编号,甲名称,甲出处,乙编号"));
    /// ```
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let known = "writing to memory cannot fail";
        writer.write_record(HEADINGS.map(|(zh, _)| zh)).expect(known);
        for row in &self.pairs {
            let mark = if row.gone { GONE } else { "" };
            let cells = [
                row.table.clone(),
                row.a.id.clone(),
                row.a.name.clone(),
                row.a.origin.clone(),
                row.b.id.clone(),
                row.b.name.clone(),
                row.b.origin.clone(),
                row.suggestion.words().zh,
                row.points.to_string(),
                row.reasons.clone(),
                row.decision.map(|verdict| verdict.words().zh).unwrap_or_default(),
                format!("{mark}{}", row.note),
            ];
            writer.write_record(cells.map(guarded)).expect(known);
        }
        let bytes = writer.into_inner().expect(known);
        format!("\u{feff}{}", String::from_utf8(bytes).expect("text goes in, text comes out"))
    }

    /// What has been decided so far.
    pub fn decisions(&self) -> Vec<Decision> {
        let decided = self.pairs.iter().filter_map(|row| {
            let verdict = row.decision?;
            let (table, a, b) = (row.table.clone(), row.a.clone(), row.b.clone());
            Some(Decision { table, a, b, verdict })
        });
        decided.collect()
    }
}

/// A text that is no formula to a spreadsheet.
fn guarded(text: String) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']);
    if formula { format!("'{text}") } else { text }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A pair of two ids, decided or not.
    pub fn row(a: &str, b: &str, decision: Option<Verdict>) -> ReviewRow {
        let party = |id: &str| Party {
            id: id.to_owned(),
            name: format!("{id}小区"),
            origin: format!("台账.xlsx!城东!{id}"),
        };
        ReviewRow {
            table: "estates".into(),
            a: party(a),
            b: party(b),
            suggestion: Relation::Same,
            points: 92,
            reasons: "专名相同，\"通名\"不同".into(),
            decision,
            note: String::new(),
            gone: false,
        }
    }

    pub fn cells(csv: &str) -> Vec<Vec<String>> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
        let records = reader.records().map(|record| record.expect("a record"));
        records.map(|record| record.iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_review_comes_back_as_it_was_written() {
        let whole = Side::B;
        let mut odd = row("=1+1", "'-x", Some(Verdict::PhaseOf { whole }));
        odd.note = "见\n会议纪要,第3条".into();
        odd.suggestion = Relation::PhaseOf(whole);
        let mut gone = row("@a", "+b", Some(Verdict::Different));
        gone.gone = true;
        gone.note = "-".into();
        let review = Review { pairs: vec![odd, gone, row("1", "2", None)] };
        let csv = review.csv();
        assert!(csv.contains("'=1+1") && csv.contains("''-x") && !csv.contains(",@a"), "{csv}");
        assert_eq!(Review::read(&cells(&csv)), Ok(review));
    }

    #[test]
    fn decisions_name_both_with_their_ids() {
        let review =
            Review { pairs: vec![row("1", "2", Some(Verdict::Same)), row("3", "4", None)] };
        let decisions = review.decisions();
        assert_eq!(decisions.len(), 1);
        assert_eq!((decisions[0].a.id.as_str(), decisions[0].b.name.as_str()), ("1", "2小区"));
    }
}
