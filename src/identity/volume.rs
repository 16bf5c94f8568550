//! A nation's list of names, to be measured: `cargo test --release -- --ignored four_hundred`.

use std::time::{Duration, Instant};

use super::{Subject, candidates};

const FIRST: &str = "恒大 万科 保利 中海 绿地 金地 融创 龙湖 华润 幸福 和平 胜利 建设 解放 阳光 锦绣 翡翠 \
    东方 中央 滨江 紫金 金色 水岸 世纪 盛世 御景 天山 黄河 长江 新华 文化 铁路 机械 二七 八一 红旗 光明";
const SECOND: &str = "绿洲 名都 天下 观邸 里 湾 城 香榭 水乡 江南 春天 时光 年华 第一城 御府 悦府 天境 \
    山水 澜庭 书院 和园 东岸 首府 名门 世家 领秀 龙庭 凤凰 梧桐 樱花 玫瑰 丁香 海棠";
const SUFFIX: &str = "花园 家园 苑 公馆 广场 新村 小区 社区 公寓";
const PART: &str = "一期 二期 三期 A区 东区 西区";
const SIGNS: &str =
    "安平福寿康宁吉祥如意富贵荣华兴隆昌盛德仁义礼智信山水云月风花雪松竹梅兰菊龙凤鹤金银玉珠";

/// Names drawn as they are met: a few words very often, most names rare.
fn list(length: usize) -> Vec<Subject> {
    let mut seed = 7u64;
    let mut draw = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let words = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
    let (first, second, suffixes, parts) =
        (words(FIRST), words(SECOND), words(SUFFIX), words(PART));
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

#[test]
#[ignore = "a measurement, for a release build"]
fn four_hundred_thousand_names_take_well_under_a_minute() {
    let list = list(400_000);
    let begun = Instant::now();
    let found = candidates(&list);
    let taken = begun.elapsed();
    println!("{} names, {} pairs, {taken:.1?}", list.len(), found.len());
    assert!(taken < Duration::from_secs(60), "{taken:?}");
}
