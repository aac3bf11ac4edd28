//! Uploads made to hurt: each is refused with its own fault, and the reader under its limits survives or dies alone.
#![expect(clippy::unwrap_used, reason = "a helper of a test that fails, fails the test")]
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{NO_STRINGS, cell, row, sheet, workbook};
use papers::guard::{self, Limits};
use papers::{Expect, Fault, Table, read};

mod common;

fn exe() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_read-sheet"))
}
fn expect() -> Expect {
    Expect::new(&["姓名", "电话"], 5000)
}
fn guarded(bytes: &[u8]) -> Result<Vec<Table>, Fault> {
    guard::read(exe(), bytes.to_vec(), &expect(), Limits::default())
}
fn good_rows() -> String {
    row(1, &["姓名", "电话"]) + &row(2, &["甲", "16400000001"])
}

#[test]
fn the_child_reads_what_the_reader_reads() {
    let bytes = workbook(&sheet("", &good_rows(), ""), NO_STRINGS);
    let tables = guarded(&bytes).unwrap();
    assert_eq!(Ok(&tables), read(&bytes, &expect()).as_ref());
    assert_eq!(
        (tables[0].rows.len(), tables[0].rows[0].number, tables[0].name.as_str()),
        (1, 2, "名册")
    );
    assert_eq!(
        guarded(b"a,b\n1,2\n"),
        Err(Fault::NoHeadings { wanted: "姓名、电话".into() }),
        "faults come through too"
    );
}

#[test]
fn a_zip_bomb_is_counted_before_it_is_read() {
    let bytes =
        workbook(&sheet("", &(good_rows() + &cell("A3", &"甲".repeat(30 << 20))), ""), NO_STRINGS);
    assert!(bytes.len() < 1 << 20, "{} bytes", bytes.len());
    assert_eq!(guarded(&bytes), Err(Fault::Bomb));
}

#[test]
fn a_giant_cell_below_the_cap_is_refused() {
    let bytes = workbook(&sheet("", &row(1, &["姓名", &"甲".repeat(40_000)]), ""), NO_STRINGS);
    assert_eq!(guarded(&bytes), Err(Fault::CellTooLong { row: 1 }));
}

#[test]
fn one_long_shared_string_used_often_is_a_bomb() {
    let long = "a".repeat(32_000);
    let strings = format!(
        r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{long}</t></si></sst>"#
    );
    let rows: String = (3..3003)
        .map(|n| format!(r#"<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>"#))
        .collect();
    assert_eq!(
        guarded(&workbook(&sheet("", &(good_rows() + &rows), ""), &strings)),
        Err(Fault::Bomb)
    );
}

#[test]
fn two_cells_at_the_corners_cost_nothing() {
    let far = format!(r#"<row r="1048576">{}</row>"#, cell("XFD1048576", "x"));
    let bytes = workbook(&sheet("", &(good_rows() + &far), ""), NO_STRINGS);
    assert_eq!(guarded(&bytes), Err(Fault::TooManyColumns { limit: 256 }));
    // Far down but within the columns it is one more row, and that is all.
    let low = format!(r#"<row r="1048576">{}</row>"#, cell("A1048576", "乙"));
    let tables = guarded(&workbook(&sheet("", &(good_rows() + &low), ""), NO_STRINGS)).unwrap();
    assert_eq!(tables[0].rows.iter().map(|r| r.number).collect::<Vec<_>>(), [2, 1_048_576]);
}

#[test]
fn a_claimed_size_is_not_believed_and_a_million_empty_rows_are_refused() {
    let claim = r#"<dimension ref="A1:XFD1048576"/>"#;
    assert_eq!(
        guarded(&workbook(&sheet(claim, &good_rows(), ""), NO_STRINGS)).unwrap()[0].rows.len(),
        1
    );
    let thousand: String = (3..1003).map(|n| format!(r#"<row r="{n}"/>"#)).collect();
    assert_eq!(
        guarded(&workbook(&sheet("", &(good_rows() + &thousand), ""), NO_STRINGS)).unwrap()[0]
            .rows
            .len(),
        1
    );
    for empty in [r#"<row s="1"></row>"#, "<row/>", "<x:row\n/>"] {
        let rows = good_rows() + &empty.repeat(1_000_000);
        let bytes = workbook(&sheet("", &rows, ""), NO_STRINGS);
        assert_eq!(guarded(&bytes), Err(Fault::TooManyRows { limit: 5000 }), "{empty}");
    }
}

#[test]
fn more_rows_than_wanted_are_refused() {
    let rows: String = (2..5003).map(|n| row(n, &["甲", "1"])).collect();
    let bytes = workbook(&sheet("", &(row(1, &["姓名", "电话"]) + &rows), ""), NO_STRINGS);
    assert_eq!(guarded(&bytes), Err(Fault::TooManyRows { limit: 5000 }));
}

#[test]
fn doctype_and_entities_are_refused_in_any_part() {
    let entity =
        r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>"#;
    let plain = sheet("", &good_rows(), "");
    let evil = plain.replacen("<worksheet", &format!("{entity}<worksheet"), 1);
    assert_eq!(guarded(&workbook(&evil, NO_STRINGS)), Err(Fault::Doctype));
    assert_eq!(
        guarded(&workbook(&plain, &NO_STRINGS.replacen("<sst", &format!("{entity}<sst"), 1))),
        Err(Fault::Doctype)
    );
    // Over the seam between two pieces of reading, too.
    for pad in 65_505..65_535 {
        let late =
            plain.replacen("<worksheet", &format!("{}<!doctype x><worksheet", " ".repeat(pad)), 1);
        assert_eq!(read(&workbook(&late, NO_STRINGS), &expect()), Err(Fault::Doctype), "{pad}");
    }
}

#[test]
fn what_is_no_sheet_says_so() {
    let cases: [(&[u8], Fault); 8] = [
        (b"%PDF-1.7\n%\xE2\xE3", Fault::NotASheet),
        (b"<html><table><tr><td>1</td></tr></table>", Fault::NotASheet),
        (b"", Fault::NotASheet),
        (b"MZ\x90\x00\x03\x00", Fault::NotASheet),
        (b"PK\x03\x04 and then rubbish", Fault::Broken),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Fault::OldExcel),
        (b"\xD0\xCF\x11\xE0....E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", Fault::Encrypted),
        (b"\xE5\xA7\x93\xE5\x90\x8D,\xE7\x94\xB5\xE8\xAF\x9D\n", Fault::Empty),
    ];
    for (bytes, fault) in cases {
        assert_eq!(guarded(bytes), Err(fault), "{bytes:?}");
    }
    assert_eq!(guarded(&papers::zip_out(&[("a.txt", b"a")]).unwrap()), Err(Fault::NotASheet));
    let macros =
        papers::zip_out(&[("[Content_Types].xml", b"<Types/>"), ("xl/vbaProject.bin", b"x")])
            .unwrap();
    assert_eq!(guarded(&macros), Err(Fault::Macros));
    assert_eq!(guarded(&vec![b'a'; (20 << 20) + 1]), Err(Fault::TooLarge { mib: 20 }));
}

#[test]
fn a_child_that_wants_too_much_memory_dies_alone() {
    let rows: String = (2..5002).map(|n| row(n, &["甲", &"a".repeat(3000)])).collect();
    let bytes = workbook(&sheet("", &(row(1, &["姓名", "电话"]) + &rows), ""), NO_STRINGS);
    assert!(guarded(&bytes).is_ok());
    let tight = Limits { memory: 16 << 20, ..Limits::default() };
    assert_eq!(guard::read(exe(), bytes, &expect(), tight).map(|t| t.len()), Err(Fault::Bomb));
}

/// A program that does something else under the hidden subcommand.
fn script(name: &str, line: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // Written by another process: a file this one still has open for writing, in a child forked by another test, cannot be run.
    let write = "printf '#!/bin/sh\\nexec %s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"";
    let done =
        Command::new("/bin/sh").args(["-c", write, "sh"]).arg(&path).arg(line).status().unwrap();
    assert!(done.success());
    path
}

#[test]
fn a_child_that_spins_is_stopped_by_its_own_limit() {
    let spin = script("spin", &format!("{} __spin", exe().display()));
    assert_eq!(
        guard::read(&spin, b"a".to_vec(), &expect(), Limits::default()),
        Err(Fault::TimedOut)
    );
}

#[test]
fn a_child_that_sleeps_is_killed_and_one_that_babbles_or_fails_is_not_believed() {
    let patience = Limits { wall_millis: 300, ..Limits::default() };
    assert_eq!(
        guard::read(&script("sleep", "/bin/sleep 60"), b"a".to_vec(), &expect(), patience),
        Err(Fault::TimedOut)
    );
    let babble = script("babble", "echo '[1,2]'");
    assert_eq!(
        guard::read(&babble, b"a".to_vec(), &expect(), Limits::default()),
        Err(Fault::Broken)
    );
    let fail = script("fail", "/bin/false");
    assert_eq!(guard::read(&fail, b"a".to_vec(), &expect(), Limits::default()), Err(Fault::Broken));
    let missing = Path::new("/nonexistent/reader");
    assert_eq!(
        guard::read(missing, b"a".to_vec(), &expect(), Limits::default()),
        Err(Fault::Unavailable)
    );
}
