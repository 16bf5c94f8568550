//! What a page rests on: the ledger of counts, inputs, texts, declarations, tolerances.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::Audit;
use crate::inventory::table as declared;
use crate::words::Lang;

use super::super::paper::{Part, Said};
use super::super::reading;
use super::build::{ROWS, table};
use super::view::{Block, Section};

/// What all this rests on: the ledger of counts, inputs, texts, declarations, tolerances.
pub fn basis(audit: &Audit, lang: Lang) -> Section {
    let (sources, accounts) = (&audit.inventory.sources, &audit.inventory.accounts);
    let mut counts = Part::new(
        lang.pick("读入的文件", "Inputs"),
        match lang {
            Lang::Zh => ["来源", "表", "读入", "使用", "未关联", "搁置", "SHA-256"],
            Lang::En => ["source", "table", "read", "used", "unlinked", "set aside", "SHA-256"],
        },
        ROWS,
    );
    for (source, account) in
        sources.iter().zip(accounts).filter(|(source, _)| source.beside.is_none())
    {
        counts.row([
            Said::text(source.place()),
            Said::text(declared(&source.table).map_or("", |table| lang.pick(&table.zh, &table.en))),
            Said::count(account.read),
            Said::count(account.used),
            Said::count(account.unlinked.len()),
            Said::count(account.set_aside.len()),
            Said::text(&source.sha256[..source.sha256.len().min(16)]),
        ]);
    }
    let mut texts = Part::new(
        lang.pick("采用的文件", "Texts that spoke"),
        match lang {
            Lang::Zh => ["文件", "状态与时效", "来源", "说明"],
            Lang::En => ["text", "status and days", "evidence", "note"],
        },
        ROWS,
    );
    let spoke: BTreeSet<&str> = audit.tallies.iter().map(|tally| tally.pack.as_str()).collect();
    for pack in audit.library.packs().iter().filter(|pack| spoke.contains(pack.id.as_str())) {
        texts.row([
            Said::text(pack.citation(lang)),
            Said::text(format!("{} {}", pack.status.words().in_lang(lang), pack.validity(lang))),
            Said::text(pack.evidence.words().in_lang(lang)),
            pack.note.as_ref().map_or(Said::Nothing, |note| Said::text(note.in_lang(lang))),
        ]);
    }
    // What is read beside a table is told with the table.
    let mut set_aside: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (source, account) in
        sources.iter().zip(accounts).filter(|(source, _)| source.beside.is_none())
    {
        for one in &account.set_aside {
            let line = format!("{} {}", source.cell("", one.row), one.words.in_lang(lang));
            set_aside.entry(one.reason.words().in_lang(lang).to_owned()).or_default().push(line);
        }
    }
    let aside: Vec<String> = set_aside.into_values().flatten().take(ROWS).collect();
    let declared: Vec<String> =
        audit.declarations.iter().map(|words| words.in_lang(lang).to_owned()).collect();
    let understood = reading::all_understood(sources, accounts, lang);
    let doubts: Vec<String> = crate::inventory::DoubtKind::ALL
        .into_iter()
        .flat_map(|kind| reading::doubts(sources, accounts, kind, lang))
        .collect();
    let tolerances = vec![match lang {
        Lang::Zh => "比较按各单位的精度：面积 0.01 ㎡；人数、比例按其单位的小数位；打印取整，判断不取整".to_owned(),
        Lang::En => "compared at the precision of each unit: 0.01 m² for areas; printing rounds, judging does not".to_owned(),
    }];
    let lines = |title: &str, lines: Vec<String>| Block::Lines { title: title.to_owned(), lines };
    let mut blocks = vec![
        Block::Table(table("inputs", &counts, lang)),
        Block::Table(table("texts", &texts, lang)),
    ];
    let folded = [
        (lang.pick("声明", "Declarations"), declared),
        (lang.pick("换算与理解", "Converted or understood"), understood),
        (lang.pick("待确认", "To be confirmed"), doubts),
        (lang.pick("搁置的行", "Rows set aside"), aside),
        (lang.pick("容差", "Tolerances"), tolerances),
    ];
    blocks.extend(
        folded.into_iter().filter(|(_, all)| !all.is_empty()).map(|(title, all)| lines(title, all)),
    );
    Section {
        id: "basis".to_owned(),
        title: lang.pick("依据与来源", "What it rests on").to_owned(),
        notes: vec![reading::counts(sources, accounts, lang)],
        blocks,
    }
}
