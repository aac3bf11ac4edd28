//! Ten thousand rows, hostile files, and the promise of the undo.
#![expect(clippy::unwrap_used, reason = "a helper of a test that fails, fails the test")]
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use access::Role;
use axum::http::StatusCode;
use common::{COMMUNITY, STREET, World};
use exchange::acts::commit::{Source, commit};
use exchange::acts::import::SheetDraft;
use exchange::acts::undo::undo;
use exchange::house::House;
use papers::{Expect, read};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

mod common;

fn draft(house: &House, register: &str, csv: &str) -> SheetDraft {
    let kept = house.register(register).unwrap();
    let expect = Expect { headings: exchange::sheet::expected(house, &[kept]), max_rows: 20_000 };
    let table = read(csv.as_bytes(), &expect).unwrap().remove(0);
    let map = exchange::sheet::match_columns(house, kept, &table.columns);
    SheetDraft { register: register.to_owned(), table, map }
}
fn source() -> Source {
    Source { file: "t.csv".into(), digest: String::new() }
}

#[test]
fn ten_thousand_rows_and_the_bombs() {
    let w = World::new("sqlite::memory:", "load");
    let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let people = "/api/v1/imports?register=people";
        let mut csv = String::from("人员编号,姓名,性别,出生日期,手机,所属区划\n");
        for n in 0..10_000 {
            csv.push_str(&format!("P{n},人{n},女,1990-01-01,1640{n:07},{COMMUNITY}\n"));
        }
        let start = Instant::now();
        let (_, check) = w.post(&who, people, csv.clone()).await;
        let dry = start.elapsed();
        assert_eq!(check["sheets"][0]["added"], 10_000, "{check}");
        let id = check["id"].as_str().unwrap().to_owned();
        let start = Instant::now();
        let (status, batch) = w.post(&who, &format!("/api/v1/imports/{id}/commitment"), "").await;
        let kept = start.elapsed();
        assert_eq!(status, StatusCode::CREATED);
        let start = Instant::now();
        let (_, again) = w.post(&who, people, csv).await;
        assert_eq!(again["sheets"][0]["unchanged"], 10_000);
        let unchanged = start.elapsed();
        let start = Instant::now();
        let at = format!("/api/v1/imports/batches/{}/undo", batch["id"].as_str().unwrap());
        assert_eq!(w.post(&who, &at, "").await.0, StatusCode::OK);
        let undone = start.elapsed();
        println!("10 000 rows: dry run {dry:.1?}, commit {kept:.1?}, repeat {unchanged:.1?}, undo {undone:.1?}");

        // Each hostile file has its own sentence, and nothing is left of it.
        let types = ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned());
        let book = ("xl/workbook.xml", "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>".to_owned());
        let zip = |sheet: String| {
            let parts = [types.clone(), book.clone(), ("xl/worksheets/sheet1.xml", sheet)];
            let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
            papers::zip_out(&parts).unwrap()
        };
        let empty_rows: String = (1..=1_000_000).map(|n| format!("<row r=\"{n}\"/>")).collect();
        let bombs: [(&str, Vec<u8>); 5] = [
            ("zip bomb", zip(" ".repeat(300 << 20))),
            ("entity", zip("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><worksheet>&e;</worksheet>".into())),
            ("empty rows", zip(format!("<worksheet><sheetData>{empty_rows}</sheetData></worksheet>"))),
            ("pdf", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec()),
            ("prose", "这不是表格".as_bytes().to_vec()),
        ];
        let before = w.rows();
        for (name, bytes) in bombs {
            let (status, no) = w.post(&who, people, bytes).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {no}");
            let key = no["errors"][0]["key"].as_str().unwrap();
            assert!(key.starts_with("papers."), "{name}: {no}");
            println!("{name}: {key}");
        }
        assert_eq!(w.rows(), before);
    });
}

#[test]
fn an_undo_restores_every_byte() {
    let w = World::new("sqlite::memory:", "undo");
    let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
    let house = House::of(&w.shell);
    let of =
        |words: &'static [&'static str]| proptest::sample::select(words).prop_map(str::to_owned);
    let (name, note) = (of(&["甲", "乙", "丙丁", "=1+1"]), of(&["", "子", "=2", "丑 寅"]));
    let rows = proptest::collection::vec((0..12u32, name, note, any::<bool>()), 1..12);
    let mut runner =
        TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    runner
        .run(&(rows.clone(), rows), |(first, second)| {
            let csv = |rows: &[(u32, String, String, bool)]| {
                let mut out = String::from("人员编号,姓名,备注,所属区划\n");
                let mut seen = Vec::new();
                for (n, name, note, street) in rows {
                    if !seen.contains(n) {
                        let home = if *street { STREET } else { COMMUNITY };
                        out.push_str(&format!("K{n},{name},{note},{home}\n"));
                        seen.push(*n);
                    }
                }
                out
            };
            let keep = |text: String| {
                let (house, cx) = (house.clone(), who.cx.clone());
                let sheet = draft(&house, "people", &text);
                w.shell.db.write(move |tx| {
                    commit(tx, &cx, &house, &[sheet], &source(), &AtomicUsize::new(0), |_| ())
                })
            };
            // What is there already differs from case to case.
            keep(csv(&first)).unwrap();
            let before = w.rows();
            let batch = keep(csv(&second)).unwrap();
            let (house, cx) = (house.clone(), who.cx.clone());
            let undone = w.shell.db.write(move |tx| undo(tx, &cx, &house, &batch.id)).unwrap();
            prop_assert!(undone.is_ok(), "{:?}", undone.err());
            prop_assert_eq!(w.rows(), before);
            Ok(())
        })
        .unwrap();
}
