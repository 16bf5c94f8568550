//! Reading office tables: 100,000 rows of 40 columns as a workbook and as CSV, cells beside calamine
//! in one run, then the whole way to an inventory; and the search for names that may be one thing.
//!
//! `cargo bench --bench office`. What counts is the ratio of the two, and the time in all.

use std::path::{Path, PathBuf};
use std::time::Instant;

use calamine::{Reader, Xlsx, open_workbook};
use facility_audit::Project;
use facility_audit::identity::{Subject, candidates};
use facility_audit::source::read;
use rust_xlsxwriter::Workbook;

const ROWS: u32 = 100_000;
const NAMES: usize = 400_000;

/// Headings of a ledger of rooms; those from the fourteenth on are unknown, as many are.
const HEADINGS: &[&str] = &[
    "序号",
    "区县",
    "街道",
    "社区",
    "用房名称",
    "建筑面积（㎡）",
    "权属",
    "年租金（万元）",
    "取得日期",
    "租赁到期日期",
    "所在楼层",
    "地址",
    "备注",
];
const COLUMNS: usize = 40;

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-office");
    std::fs::create_dir_all(&folder).expect("a folder");
    let (book, csv) = (folder.join("台账.xlsx"), folder.join("台账.csv"));
    write(&book, &csv);
    println!("{:<34}{:>10}{:>14}{:>10}", "what", "ours s", "calamine s", "ratio");
    let ours =
        timed(|| assert_eq!(read(&book, None).expect("read").grids[0].rows(), ROWS as usize + 2));
    let theirs = timed(|| {
        let mut book: Xlsx<_> = open_workbook(&book).expect("opened");
        let range = book.worksheet_range_at(0).expect("a sheet").expect("read");
        assert_eq!(range.height(), ROWS as usize + 2);
    });
    println!("{:<34}{ours:>10.2}{theirs:>14.2}{:>10.2}", "cells of a workbook", theirs / ours);
    for (what, path) in [("workbook to inventory", &book), ("CSV to inventory", &csv)] {
        let taken = timed(|| {
            let project = Project::of_files(std::slice::from_ref(path)).expect("read");
            let inventory = project.inventory().expect("read");
            assert_eq!(inventory.table("premises").height(), ROWS as usize);
        });
        println!("{what:<34}{taken:>10.2}{:>14}{:>10}", "-", "-");
    }
    let list = names(NAMES);
    let mut pairs = 0;
    let taken = timed(|| pairs = candidates(&list).len());
    println!("{:<34}{taken:>10.2}{:>14}{:>10}", format!("{NAMES} names, {pairs} pairs"), "-", "-");
}

fn timed(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

fn cell(row: u32, column: usize) -> String {
    match column {
        0 => row.to_string(),
        1 => format!("第{}区", row / 10_000),
        2 => format!("第{}街道", row / 1_000),
        3 => format!("第{}社区", row / 4),
        4 => format!("第{row}处用房"),
        5 => format!("{}.{:02}", 80 + row % 900, row % 100),
        6 => ["自有", "租赁", "借用"][row as usize % 3].to_owned(),
        7 => format!("{}", row % 20),
        8 => format!("20{:02}年{}月", row % 24, 1 + row % 12),
        9 => format!("20{:02}.{}.{}", 24 + row % 6, 1 + row % 12, 1 + row % 28),
        10 => format!("{}", 1 + row % 6),
        11 => format!("第{}路{}号", row % 700, row % 90),
        _ => format!("说明{}", row % 50),
    }
}

fn write(book: &PathBuf, csv: &PathBuf) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let mut text = String::from("\u{feff}社区用房台账\n");
    sheet.write(0, 0, "社区用房台账").expect("written");
    let heading = |column: usize| {
        HEADINGS.get(column).map_or_else(|| format!("其他情况{column}"), |one| (*one).to_owned())
    };
    for row in 0..=ROWS {
        let cells: Vec<String> = (0..COLUMNS)
            .map(|column| if row == 0 { heading(column) } else { cell(row, column) })
            .collect();
        for (column, cell) in cells.iter().enumerate() {
            let (row, column) = (row + 1, column as u16);
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number),
                Err(_) => sheet.write(row, column, cell),
            }
            .expect("written");
        }
        text += &cells.join(",");
        text.push('\n');
    }
    workbook.save(book).expect("saved");
    std::fs::write(csv, text).expect("written");
}

/// Names drawn as they are met: a few words very often, most names rare.
fn names(length: usize) -> Vec<Subject> {
    const FIRST: &str = "恒安 万和 保业 中河 绿野 金洲 融新 龙泉 华清 幸福 和平 胜利 建设 解放 阳光 锦绣 翡翠 东方 \
        中央 滨江 紫金 金色 水岸 世纪 盛世 御景 天山 黄河 长江 新华 文化 铁路 机械 二七 八一 红旗 光明";
    const SECOND: &str = "绿洲 名都 天下 观邸 里 湾 城 香榭 水乡 江南 春天 时光 年华 第一城 御府 悦府 天境 山水 澜庭 \
        书院 和园 东岸 首府 名门 世家 领秀 龙庭 凤凰 梧桐 樱花 玫瑰 丁香 海棠";
    const SUFFIX: &str = "花园 家园 苑 公馆 广场 新村 小区 社区 公寓";
    const PART: &str = "一期 二期 三期 A区 东区 西区";
    const SIGNS: &str =
        "安平福寿康宁吉祥如意富贵荣华兴隆昌盛德仁义礼智信山水云月风花雪松竹梅兰菊龙凤鹤金银玉珠";
    let mut seed = 7u64;
    let mut draw = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let words = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
    let (first, second) = (words(FIRST), words(SECOND));
    let (suffixes, parts) = (words(SUFFIX), words(PART));
    let signs: Vec<char> = SIGNS.chars().collect();
    let mut subject = || {
        let suffix = suffixes[draw(suffixes.len())];
        let part = parts.get(draw(2 * parts.len())).copied().unwrap_or_default();
        let one = first[draw(first.len())];
        let name = match draw(10) {
            0..5 => format!("{one}{}{suffix}{part}", second[draw(second.len())]),
            5..8 => {
                let stem: String = (0..2 + draw(3)).map(|_| signs[draw(signs.len())]).collect();
                format!("{stem}{suffix}{part}")
            }
            8 => format!("{one}路{}号院", 1 + draw(200)),
            _ => format!("{one}{suffix}"),
        };
        Subject {
            place: Some(format!("{}{:02}{:02}", 11 + draw(31), 1 + draw(11), 1 + draw(9))),
            developer_code: (draw(3) == 0).then(|| format!("9137{:014}", draw(20_000))),
            ..Subject::named(name)
        }
    };
    (0..length).map(|_| subject()).collect()
}
