use encoding_rs::GBK;

use super::*;
use crate::source::shapefile::sample::names;

fn gbk(text: &str) -> Vec<u8> {
    GBK.encode(text).0.into_owned()
}

fn big5(text: &str) -> Vec<u8> {
    BIG5.encode(text).0.into_owned()
}

fn decided(dbf: &[u8], cpg: Option<&str>, asked: Option<&str>) -> Read<(&'static str, String)> {
    let records = Records::find(dbf).expect("a header");
    let decision = decide("小区.shp", &records, cpg.map(str::as_bytes), asked)?;
    Ok((decision.name, decision.reason.zh))
}

fn chosen(dbf: &[u8], cpg: Option<&str>) -> &'static str {
    decided(dbf, cpg, None).expect("decided").0
}

#[test]
fn a_declaration_that_the_text_bears_out_is_followed() {
    let gbk_table = names(0x57, &gbk("小区名称"), &[&gbk("幸福里一期"), &gbk("平安里")]);
    for cpg in ["GBK", "936", "CP936", "GB2312", "GB18030", "ANSI 936", "OEM 936"] {
        assert_eq!(chosen(&gbk_table, Some(cpg)), "GB18030", "{cpg}");
    }
    assert_eq!(chosen(&names(0x4D, b"NAME", &[&gbk("幸福里")]), None), "GB18030");
    let utf8_table = names(0, "社区".as_bytes(), &["幸福里".as_bytes()]);
    for cpg in ["UTF-8", "UTF8", "65001"] {
        assert_eq!(chosen(&utf8_table, Some(cpg)), "UTF-8", "{cpg}");
    }
    let big5_table = names(0, b"NAME", &[&big5("幸福里"), &big5("國泰樓")]);
    assert_eq!(chosen(&big5_table, Some("Big5")), "Big5");
    assert_eq!(chosen(&names(0x78, b"NAME", &[&big5("國泰樓")]), None), "Big5");
}

#[test]
fn without_a_declaration_the_text_decides_and_the_reason_is_given() {
    let table = names(0x57, &gbk("小区名称"), &[&gbk("幸福里一期")]);
    let (name, reason) = decided(&table, None, None).expect("decided");
    assert_eq!(name, "GB18030");
    assert_eq!(
        reason,
        "编码：无 .cpg，语言字节 0x57 不说明编码；内容不符 UTF-8，符合 GB18030，按此读取；样例：小区名称"
    );
    assert_eq!(chosen(&names(0, b"NAME", &["幸福里".as_bytes()]), None), "UTF-8");
    assert_eq!(chosen(&names(0, b"NAME", &["120m²".as_bytes()]), None), "UTF-8");
    // Every byte pair of this word is a valid UTF-8 character of two bytes.
    assert_eq!(chosen(&names(0, b"NAME", &[&gbk("一些")]), None), "GB18030");
}

#[test]
fn a_declaration_that_the_text_disproves_is_overruled() {
    let gbk_table = names(0, b"NAME", &[&gbk("幸福里一期"), &gbk("平安里")]);
    let utf8_table = names(0x4D, b"NAME", &["幸福里社区".as_bytes(), "平安里小区".as_bytes()]);
    for (table, cpg, right) in [
        (&gbk_table, Some("UTF-8"), "GB18030"),
        (&gbk_table, Some("ISO-8859-1"), "GB18030"),
        (&utf8_table, Some("GBK"), "UTF-8"),
        (&utf8_table, None, "UTF-8"),
        (&utf8_table, Some("windows-1252"), "UTF-8"),
        (&utf8_table, Some("什么"), "UTF-8"),
    ] {
        assert_eq!(chosen(table, cpg), right, "{cpg:?}");
    }
    let (_, reason) = decided(&gbk_table, Some("UTF-8"), None).expect("decided");
    assert!(reason.contains(".cpg 写明“UTF-8”，但内容不符；内容符合 GB18030"), "{reason}");
    let western = names(0, b"NAME", &[b"Caf\xE9 Z\xFCrich"]);
    assert_eq!(chosen(&western, Some("1252")), "windows-1252");
}

#[test]
fn half_a_character_where_a_text_was_cut_disproves_nothing() {
    let cut = &"幸福里一期南区".as_bytes()[..20];
    assert_eq!(chosen(&names(0, "社区名称".as_bytes().split_at(10).0, &[cut]), None), "UTF-8");
    let half = &gbk("甲幸福里")[..7];
    assert_eq!(chosen(&names(0, b"NAME", &[half, &gbk("平安里")]), Some("GBK")), "GB18030");
}

#[test]
fn text_that_is_all_ascii_needs_no_decision() {
    assert_eq!(chosen(&names(0, b"NAME", &[b"A1"]), None), "ASCII");
    assert_eq!(chosen(&names(0x4D, b"NAME", &[b"A1"]), Some("UTF-8")), "ASCII");
}

#[test]
fn text_of_no_encoding_asks_for_it_and_shows_the_bytes() {
    let table = names(0x57, b"NAME", &[b"abc", b"Caf\xE9 Z\xFC"]);
    let error = decided(&table, None, None).expect_err("undecided").zh;
    for part in [
        "小区.shp：.dbf 第 2 行“NAME”",
        "43 61 66 E9 20 5A FC",
        "windows-1252 读作“Café Zü”",
        "请指明编码",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn the_user_has_the_last_word_unless_the_text_proves_otherwise() {
    let table = names(0, b"NAME", &[&big5("幸福里"), &big5("國泰樓")]);
    assert_eq!(decided(&table, Some("GBK"), Some("big5")).expect("read").0, "Big5");
    let utf8 = names(0, b"NAME", &["幸福里".as_bytes()]);
    let error = decided(&utf8, None, Some("GBK")).expect_err("refused").zh;
    assert!(error.contains("指定的编码 GB18030 与内容不符（第 1 行“NAME”"), "{error}");
    assert!(error.contains("全部内容符合 UTF-8"), "{error}");
    let error = decided(&utf8, None, Some("EBCDIC")).expect_err("refused").zh;
    assert!(error.contains("不认识的编码“EBCDIC”；可用：UTF-8"), "{error}");
    let damaged = names(0, b"NAME", &["幸福里".as_bytes(), b"\xFF\xFF"]);
    let (name, reason) = decided(&damaged, None, Some("UTF-8")).expect("read all the same");
    assert_eq!(name, "UTF-8");
    assert!(reason.contains("首个在第 2 行“NAME”（字节 FF FF）"), "{reason}");
}

#[test]
fn deleted_records_have_no_say() {
    let mut table = names(0, b"NAME", &["幸福里".as_bytes(), b"\xFF\xFF"]);
    crate::source::shapefile::sample::delete(&mut table, 1);
    assert_eq!(chosen(&table, None), "UTF-8");
}
