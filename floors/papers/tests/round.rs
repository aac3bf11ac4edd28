//! What is written is read back, and what people's own sheets look like is understood.
#![expect(clippy::unwrap_used, reason = "a helper of a test that fails, fails the test")]
use common::{NO_STRINGS, row, sheet, workbook};
use kernel::{Day, Money};
use papers::table::{Skipped, SkippedFor};
use papers::{
    Cell, CellFault, Column, Expect, Fault, Kind, ROW_ID, Row, Sheet, Table, Value, Workbook, read,
};

mod common;

fn day(t: &str) -> Day {
    t.parse().unwrap()
}
fn one(bytes: &[u8], headings: &[&str]) -> Table {
    let mut tables = read(bytes, &Expect::new(headings, 20_000)).unwrap();
    assert_eq!(tables.len(), 1, "{tables:?}");
    tables.remove(0)
}
fn numbers(t: &Table) -> Vec<u32> {
    t.rows.iter().map(|r| r.number).collect()
}

fn roster() -> Workbook {
    let streets = (1..=60).map(|n| format!("云汀第{n}街道办事处")).collect();
    Workbook {
        guide: vec!["红色星号为必填。".into()],
        watermark: Some("演示数据 & 仅供演示".into()),
        made_on: day("2026-11-23"),
        sheets: vec![Sheet {
            name: "人员/名册".into(),
            title: vec!["社会工作站人员名册".into(), "2026 年".into()],
            columns: vec![
                Column::new("姓名", 10.0, Kind::Text).required(),
                Column::new("身份证号", 22.0, Kind::Text).note("18 位"),
                Column::new("入职日期", 12.0, Kind::Date),
                Column::new("人数", 8.0, Kind::Number),
                Column::new("补贴", 12.0, Kind::Money),
                Column::new("街道", 20.0, Kind::Choice(streets)),
            ],
            example: Some(vec![
                "王小云".into(),
                "990101199001010010".into(),
                day("2024-03-01").into(),
            ]),
            rows: vec![
                Row {
                    id: Some("0193-a".into()),
                    cells: vec![
                        "=HYPERLINK(\"http://x\")".into(),
                        "99010119900101001X".into(),
                        day("2026-11-23").into(),
                        3.into(),
                        Money(139_999_999).into(),
                        "云汀第1街道办事处".into(),
                    ],
                },
                Row {
                    id: Some("0193-b".into()),
                    cells: vec!["@SUM(A1)".into(), "123456789012345678".into()],
                },
                Row { id: None, cells: vec!["+1".into(), Value::Empty, day("1899-05-01").into()] },
            ],
            receipt: vec!["导出人：测试；用途：核对".into()],
            blank_rows: 500,
        }],
    }
}

const HEADINGS: [&str; 6] = ["姓名", "身份证号", "入职日期", "人数", "补贴", "街道"];

#[test]
fn the_writers_sheet_comes_back_as_it_went() {
    let bytes = roster().xlsx().unwrap();
    let t = one(&bytes, &HEADINGS);
    assert_eq!((t.name.as_str(), t.heading_row), ("人员-名册", 4));
    assert_eq!(t.columns, [ROW_ID, "姓名", "身份证号", "入职日期", "人数", "补贴", "街道"]);
    assert_eq!(numbers(&t), [6, 7, 8]);
    assert_eq!(
        t.skipped,
        [
            Skipped { number: 5, why: SkippedFor::Example },
            Skipped { number: 9, why: SkippedFor::Receipt }
        ]
    );
    let r = &t.rows[0];
    assert_eq!(t.cell(r, ROW_ID).text(), "0193-a");
    assert_eq!(*t.cell(r, "姓名"), Cell::Text("=HYPERLINK(\"http://x\")".into()));
    assert_eq!(t.cell(r, "身份证号").code().as_deref(), Ok("99010119900101001X"));
    assert_eq!(*t.cell(r, "入职日期"), Cell::Day(day("2026-11-23")));
    assert_eq!(t.cell(r, "人数").whole(), Ok(Some(3)));
    assert_eq!(t.cell(r, "补贴").money(), Ok(Some(Money(139_999_999))));
    assert_eq!(
        t.cell(&t.rows[1], "身份证号").code().as_deref(),
        Ok("123456789012345678"),
        "all 18 digits are kept"
    );
    assert_eq!(*t.cell(&t.rows[1], "姓名"), Cell::Text("@SUM(A1)".into()));
    assert_eq!(*t.cell(&t.rows[2], "姓名"), Cell::Text("+1".into()));
    assert_eq!(t.cell(&t.rows[2], "入职日期").day(), Ok(Some(day("1899-05-01"))));
    assert_eq!(bytes, roster().xlsx().unwrap(), "the clock is not asked");
}

/// The text of one part of a zip.
fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    std::io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn nothing_in_a_workbook_is_a_formula_and_the_template_helps() {
    let bytes = roster().xlsx().unwrap();
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!xml.contains("<f>") && !xml.contains("<f "), "a cell formula was written");
    assert!(part(&bytes, "xl/sharedStrings.xml").contains("=HYPERLINK"));
    assert!(
        xml.contains(r#"type="list""#)
            && xml.contains("选项!$A$1:$A$60")
            && xml.contains(r#"sqref="G5:G504""#),
        "drop-down"
    );
    assert!(
        xml.contains(r#"topLeftCell="A5""#) && xml.contains(r#"state="frozen""#),
        "frozen headings"
    );
    assert!(
        xml.contains(r#"<col min="1" max="1" "#) && xml.contains(r#"hidden="1""#),
        "hidden row id"
    );
    assert!(xml.contains("演示数据 &amp;&amp; 仅供演示"), "on each printed page");
    assert!(part(&bytes, "xl/comments1.xml").contains("18 位"));
    let book = part(&bytes, "xl/workbook.xml");
    assert!(
        book.contains(r#"name="说明""#)
            && book.contains(r#"name="选项" sheetId="3" state="hidden""#),
        "{book}"
    );
    assert!(part(&bytes, "docProps/core.xml").contains("2026-11-23"));
}

#[test]
fn a_template_alone_is_empty() {
    let mut book = roster();
    book.sheets[0].rows.clear();
    book.sheets[0].receipt.clear();
    assert_eq!(read(&book.xlsx().unwrap(), &Expect::new(&HEADINGS, 10)), Err(Fault::Empty));
}

#[test]
fn merged_titles_blank_rows_and_sums_are_put_up_with() {
    let rows = row(1, &["云汀街道社工名册（姓名以身份证为准）"])
        + &row(2, &["填表人：甲", "", "电话：0"])
        + &row(4, &["", "姓　名", "电话\n（必填）", "街道*"])
        + &row(5, &["", "甲", "16400000001", "云一"])
        + &row(6, &["", "乙", "16400000002"])
        + &row(7, &["", " ", "\u{3000}"])
        + &row(8, &["", "姓名", "电话", "街道"])
        + &row(9, &["", "丙", "16400000003"])
        + &row(11, &["", "合 计", "3 人"]);
    let merged = r#"<mergeCells count="3"><mergeCell ref="A1:D1"/><mergeCell ref="D5:D7"/><mergeCell ref="B11:B12"/></mergeCells>"#;
    let t = one(&workbook(&sheet("", &rows, merged), NO_STRINGS), &["姓名", "电话", "街道"]);
    assert_eq!((t.heading_row, t.columns.join(" ")), (4, "姓名 电话 街道".to_owned()));
    assert_eq!(numbers(&t), [5, 6, 9]);
    let streets: Vec<String> = t.rows.iter().map(|r| t.cell(r, "街道").text()).collect();
    assert_eq!(
        streets,
        ["云一", "云一", ""],
        "a cell merged downwards counts for each of its rows"
    );
    assert_eq!(
        t.skipped,
        [
            Skipped { number: 8, why: SkippedFor::HeadingsAgain },
            Skipped { number: 11, why: SkippedFor::Sum }
        ]
    );
}

#[test]
fn serials_rounded_numbers_and_errors_in_cells() {
    let rows = row(1, &["身份证号", "日期"])
        + r#"<row r="2"><c r="A2"><v>1.1010519491231E+17</v></c><c r="B2"><v>46349</v></c></row>"#
        + r##"<row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" t="e"><v>#REF!</v></c></row>"##;
    let t = one(&workbook(&sheet("", &rows, ""), NO_STRINGS), &["身份证号", "日期"]);
    assert_eq!(t.rows[0].cells[0].code(), Err(CellFault::Rounded));
    assert_eq!(t.rows[0].cells[1], Cell::Number(46349.0, "46349".into()));
    assert_eq!(t.rows[0].cells[1].day(), Ok(Some(day("2026-11-23"))));
    assert_eq!(
        (&t.rows[1].cells[0], &t.rows[1].cells[1]),
        (&Cell::Bool(true), &Cell::Error("#REF!".into()))
    );
}

#[test]
fn csv_as_offices_have_it() {
    let text = "姓名;电话;备注\r\n\r\n张三;16400000001;\"第一行\n第二行\"\r\n李四;16400000002;\r\n合计;2;\r\n";
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let utf16: Vec<u8> = format!("\u{FEFF}{}", text.replace(';', "\t"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{FEFF}{}", text.replace(';', ",")).into_bytes(),
        gb,
        utf16,
    ] {
        let t = one(&bytes, &["姓名", "电话"]);
        assert_eq!((t.columns.join(" "), t.heading_row), ("姓名 电话 备注".to_owned(), 1));
        assert_eq!(numbers(&t), [3, 4], "rows as a spreadsheet program numbers them");
        assert_eq!(t.cell(&t.rows[0], "备注").text(), "第一行\n第二行");
        assert_eq!(t.cell(&t.rows[0], "姓名").text(), "张三");
        assert_eq!(t.skipped, [Skipped { number: 5, why: SkippedFor::Sum }]);
    }
    // A character that only GB18030 has.
    let rare = encoding_rs::GB18030.encode("姓名,电话\n𡌶,1\n").0.into_owned();
    assert_eq!(one(&rare, &["姓名", "电话"]).rows[0].cells[0].text(), "𡌶");
}

#[test]
fn our_own_csv_comes_back() {
    let rows = [vec!["=1".into(), Value::Whole(-5)], vec!["张,三".into(), Money(-50).into()]];
    let t = one(&papers::csv_out(&["姓名", "金额"], &rows), &["姓名", "金额"]);
    assert_eq!(t.rows[0].cells[0].text(), "'=1");
    assert_eq!(
        (t.rows[0].cells[1].whole(), t.rows[1].cells[1].money()),
        (Ok(Some(-5)), Ok(Some(Money(-50))))
    );
    assert_eq!(t.rows[1].cells[0].text(), "张,三");
}

#[test]
fn a_workbook_excel_would_not_open_is_not_made() {
    let twice = Workbook {
        sheets: vec![Sheet { name: "甲".into(), ..Sheet::default() }; 2],
        ..Workbook::default()
    };
    assert!(matches!(twice.xlsx(), Err(Fault::NotWritable { .. })));
}
