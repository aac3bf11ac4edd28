//! What a printer promises: pages with an index, no markup in what people type, the same bytes for the same report, each look.
use papers::report::{Block, Look, Official, Picture, PrintFault, Report, Section};

use crate::print;

fn report() -> Report {
    let section = |title: &str| Section {
        title: title.into(),
        blocks: vec![
            Block::Heading("过程记录 *不是强调*".into(), "2026-11-23".into()),
            Block::Pairs(vec![("事实".into(), "血压 138/82。\n#let x = 1 \\ $a$".into())]),
            Block::Table { heads: vec!["目标".into()], rows: vec![vec!["居家安全".into()]] },
            Block::Signatures(vec!["社工签名".into(), "服务对象签名".into()]),
        ],
    };
    Report {
        title: "个案档案".into(),
        subtitle: "2026-001".into(),
        cover: vec![("编号".into(), "2026-001".into())],
        sections: vec![section("接案"), section("预估")],
        head: "仅限办案使用".into(),
        foot: "2026-001".into(),
        index: "目录".into(),
        nothing: "无".into(),
        check: "校验码".into(),
        ..Report::default()
    }
}

/// A machine without Chinese fonts prints nothing, and says so.
fn printed(report: &Report) -> Option<Vec<u8>> {
    match print(report) {
        Ok(bytes) => Some(bytes),
        Err(PrintFault::NoFont) => None,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn the_same_report_makes_the_same_bytes() {
    let Some(bytes) = printed(&report()) else { return };
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 5_000);
    assert_eq!(printed(&report()), Some(bytes.clone()));
    // What is used of a font is embedded, not the font: a whole one has 20 MB.
    assert!(bytes.len() < 500_000, "{}", bytes.len());
}

#[test]
fn a_picture_and_every_look_are_set() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 30, image::Rgb([10, 120, 90]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    let picture = |caption: &str| Picture::new(caption.into(), png.get_ref().clone()).unwrap();
    let mut r = report();
    r.sections[1].blocks.push(Block::Pictures(vec![picture("签到")]));
    r.sections[1].blocks.push(Block::Pictures(vec![picture("甲"), picture("乙")]));
    r.look = Look::Plain;
    let Some(plain) = printed(&r) else { return };
    r.look = Look::Official(Box::new(Official {
        mast: "云栖区民政局文件".into(),
        number: "云民〔2026〕12号".into(),
        to: "各街道办事处".into(),
        from: "云栖区民政局".into(),
        day: "2026年11月24日".into(),
        copies: "区委社会工作部".into(),
        printed_by: "云栖区民政局办公室".into(),
        printed_on: "2026年11月24日".into(),
        ..Official::default()
    }));
    assert_ne!(printed(&r), Some(plain));
}

#[test]
fn a_paper_has_a_bound() {
    let mut r = report();
    r.sections[0].blocks.push(Block::Text("字".repeat(2 << 20)));
    assert_eq!(print(&r), Err(PrintFault::TooLong));
}
