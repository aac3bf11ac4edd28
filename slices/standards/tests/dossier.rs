//! The dossier of the demonstration district, taken apart again: every reference resolves, gaps come first, nothing of a client leaves.
#![allow(
    clippy::allow_attributes,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]
use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use access::Role;
use axum::http::StatusCode;
use calamine::{Reader, Xlsx};
use serde_json::Value as Json;
use story::{Browser, House, house};
use zip::ZipArchive;

/// An officer of the demonstration district and the head of its second street, behind browsers.
async fn told() -> (House, Browser, Browser) {
    let h = house();
    demo::build(&h.shell, demo::Scale::Small).unwrap();
    let (district, street) = h.read(|tx| {
        let district = registry::region::root(tx)?.unwrap();
        let street = registry::region::children(tx, &district.id)?[1].clone();
        Ok((district.id.0, street.id.0))
    });
    h.open("officer", Role::DistrictOfficer, district.leak());
    h.open("headof", Role::StationHead, street.leak());
    let (officer, head) = (h.signed_in("officer").await, h.signed_in("headof").await);
    (h, officer, head)
}

async fn bundle(b: &mut Browser, body: &str) -> ZipArchive<Cursor<Vec<u8>>> {
    let page = b.post("/api/v1/dossiers", "", serde_json::from_str(body).unwrap()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    ZipArchive::new(Cursor::new(page.bytes)).unwrap()
}

fn read(zip: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut out).unwrap();
    out
}

/// All texts of a workbook by sheet: rows of cells.
fn sheets(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    book.worksheets()
        .into_iter()
        .map(|(name, range)| {
            let rows = range.rows().map(|r| r.iter().map(ToString::to_string).collect());
            (name, rows.collect())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reference_resolves_and_nothing_of_a_client_leaves() {
    let (h, mut officer, mut head) = told().await;
    let mut whole = bundle(&mut officer, "{}").await;
    let names: BTreeSet<String> = whole.file_names().map(|n| n.unwrap().into_owned()).collect();
    let index: Json = serde_json::from_slice(&read(&mut whole, "3-索引.json")).unwrap();
    let items = index["items"].as_array().unwrap();
    assert!(items.len() > 1000, "{}", items.len());

    // Numbers run in the document's order; every file named is in the bundle, and every file of the bundle is named.
    let (mut used, mut pages, mut marks) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (n, item) in items.iter().enumerate() {
        assert_eq!(item["no"], format!("{:04}", n + 1));
        let records = item["records"].as_array().unwrap();
        let all = records.iter().chain([item]);
        for file in all.flat_map(|r| r["files"].as_array().unwrap()) {
            let file = file.as_str().unwrap().to_owned();
            assert!(names.contains(&file), "{file} is not in the bundle");
            used.insert(file);
        }
        for r in records {
            marks.insert(r["mark"].as_str().unwrap().to_owned());
            let (href, table) = (r["href"].as_str().unwrap(), r["table"].as_str().unwrap());
            if pages.iter().filter(|(t, _)| *t == table).count() < 3 && !href.is_empty() {
                pages.insert((table, href));
            }
        }
    }
    let files: BTreeSet<String> =
        names.iter().filter(|n| n.starts_with("附件/")).cloned().collect();
    assert!(files.len() >= 5, "{files:?}");
    assert_eq!(used, files);
    for (_, href) in &pages {
        let mut page = officer.get(href.split('#').next().unwrap()).await;
        // A placement leads to its school's page.
        if page.status == StatusCode::SEE_OTHER {
            page = officer.get(page.to.split('#').next().unwrap()).await;
        }
        assert_eq!(page.status, StatusCode::OK, "{href}");
    }
    assert!(pages.len() > 8, "{pages:?}");
    for item in items.iter().step_by(items.len() / 12) {
        let page = officer.get(item["why"].as_str().unwrap()).await;
        assert_eq!(page.status, StatusCode::OK, "{}", item["why"]);
    }

    // The workbook: gaps first, marks and files of its index are those of its other sheets.
    let book = sheets(read(&mut whole, "1-索引与记录.xlsx"));
    let title = |n: usize| book[n].0.as_str();
    assert_eq!([title(0), title(1), title(2), title(3)], ["缺项", "索引", "记录", "附件"]);
    let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
    let column = |sheet: usize, at: usize| -> BTreeSet<String> {
        // Before the first column stands the hidden one of row ids.
        book[sheet].1.iter().map(|r| cell(r, at + 1)).collect()
    };
    let (in_records, in_files) = (column(2, 0), column(3, 0));
    assert!(marks.is_subset(&in_records));
    assert!(files.is_subset(&in_files));
    let gaps = index["gaps"].as_array().unwrap();
    let listed = column(0, 0);
    assert!(gaps.iter().all(|g| listed.contains(g.as_str().unwrap())) && !gaps.is_empty());

    // No client is named anywhere, and no word of a note leaves.
    let names_of = |table: &'static str| -> BTreeSet<String> {
        let sql = format!("SELECT name FROM {table}");
        let rows: Vec<db::Row> = h.read(move |tx| tx.all(&sql, &[]));
        rows.iter().map(|r| r.at(0).unwrap()).collect()
    };
    let (clients, staff) = (names_of("client"), names_of("person"));
    let mut paper = ZipArchive::new(Cursor::new(read(&mut whole, "2-台账.docx"))).unwrap();
    let mut text = String::new();
    paper.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    text.push_str(&format!("{book:?}{index}"));
    let told: Vec<_> =
        clients.iter().filter(|c| !staff.contains(*c) && text.contains(c.as_str())).collect();
    assert!(clients.len() > 50 && told.is_empty(), "{told:?}");

    // Whoever has one street takes that street's, and no other's.
    let mut own = bundle(&mut head, "{}").await;
    let mine: Json = serde_json::from_slice(&read(&mut own, "3-索引.json")).unwrap();
    let units: BTreeSet<&str> =
        mine["items"].as_array().unwrap().iter().map(|i| i["unit"].as_str().unwrap()).collect();
    let all: BTreeSet<&str> = items.iter().map(|i| i["unit"].as_str().unwrap()).collect();
    assert!(units.is_subset(&all) && units.len() * 4 < all.len());
    let other = all.iter().find(|u| !units.contains(*u)).unwrap();
    let page = head.get(&format!("/api/v1/dossier?unit={other}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);

    // Another day is another dossier, and who took which is kept.
    let then = officer.get("/api/v1/dossier?as_of=2022-06-30").await.json();
    assert_ne!(then["met"], index["met"]);
    let page = officer.get("/dossier").await;
    assert!(page.body.contains("校验码") && page.body.contains("缺项"), "{}", page.body);
}
