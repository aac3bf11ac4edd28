//! Sheets of the sites' own registers: one workbook in one go, headings that people read, exports that come back, one site's rows alone.
#![expect(clippy::unwrap_used, reason = "a helper of a test that fails, fails the test")]
use access::Role;
use axum::http::StatusCode;
use common::{REGIONS, STREET, Who, World};
use exchange::house::House;
use locale::Lang;
use papers::{Expect, Row, Value};
use serde_json::json;

mod common;

/// A district whose code the state gives to no place.
const MADE_UP: &str = "code,name,level,parent\n99,云海省,province,\n9900,云海市,city,99\n990002,云汀示范区,district,9900\n\
                       990002001,清波街道,street,990002\n";
const NOBODY: &str = "11010519491231002X";

fn world(url: &str, name: &str, regions: &'static str) -> World {
    World::of(url, name, sites::slice(), regions)
}
fn run(name: &str, tell: impl AsyncFn(&World)) {
    for (n, url) in db::testing::urls().iter().enumerate() {
        let w = world(url, &format!("{name}{n}"), REGIONS);
        tokio::runtime::Runtime::new().unwrap().block_on(tell(&w));
    }
}

/// The templates of these registers with rows: of each row only the named columns are filled.
fn book(house: &House, sheets: &[(&str, &[&[(&str, &str)]])]) -> Vec<u8> {
    let registers: Vec<_> = sheets.iter().map(|(r, _)| house.register(r).unwrap()).collect();
    let day = "2026-11-23".parse().unwrap();
    let mut book = exchange::sheet::template(house, Lang::Zh, &registers, day);
    for (sheet, (_, rows)) in book.sheets.iter_mut().zip(sheets) {
        sheet.example = None;
        let filled = |row: &&[(&str, &str)]| {
            let named = |heading: &str| row.iter().find(|(h, _)| *h == heading);
            for (heading, _) in row.iter() {
                assert!(sheet.columns.iter().any(|c| c.heading == *heading), "{heading}");
            }
            let cell = |h: &str| named(h).map_or(Value::Empty, |(_, v)| Value::text(*v));
            Row { id: None, cells: sheet.columns.iter().map(|c| cell(&c.heading)).collect() }
        };
        sheet.rows = rows.iter().map(filled).collect();
    }
    book.xlsx().unwrap()
}

/// A station, its head and the head's certificate, in one workbook.
async fn staff(w: &World, who: &Who) {
    let house = House::of(&w.shell);
    let bytes = book(
        &house,
        &[
            (
                "sites",
                &[
                    &[
                        ("编号", "Z01"),
                        ("类别", "街道社会工作站"),
                        ("名称", "杭州市上城区清波街道社会工作站"),
                        ("所在区域", STREET),
                        ("启用日期", "2022-03-01"),
                    ],
                    &[
                        ("编号", "Z02"),
                        ("类别", "街道社会工作站"),
                        ("名称", "杭州市上城区湖滨街道社会工作站"),
                        ("所在区域", "330102003"),
                        ("启用日期", "2022-03-01"),
                    ],
                ],
            ),
            ("people", &[&[("名册编号", "RY-1"), ("姓名", "周一"), ("档案所在区域", STREET)]]),
            (
                "posts",
                &[&[
                    ("站点", "Z01"),
                    ("人员", "RY-1"),
                    ("岗位", "站长"),
                    ("专兼职", "专职"),
                    ("到岗日期", "2022-03-01"),
                ]],
            ),
            (
                "rooms",
                &[
                    &[
                        ("站点", "Z01"),
                        ("名称", "谈心室"),
                        ("功能", "个案工作室、档案室"),
                        ("开始日期", "2022-03-01"),
                    ],
                    &[
                        ("站点", "Z02"),
                        ("名称", "社工室"),
                        ("功能", "社工室"),
                        ("开始日期", "2022-03-01"),
                    ],
                ],
            ),
            (
                "qualifications",
                &[&[("人员", "RY-1"), ("种类", "社会工作师"), ("取得日期", "2020-06-01")]],
            ),
        ],
    );
    let (status, check) = w.post(who, "/api/v1/imports", bytes).await;
    assert_eq!((status, &check["ready"]), (StatusCode::CREATED, &json!(true)), "{check}");
    let added: Vec<_> =
        check["sheets"].as_array().unwrap().iter().map(|s| s["added"].as_u64().unwrap()).collect();
    assert_eq!(added, [2, 1, 1, 2, 1], "later sheets point to rows of earlier ones: {check}");
    let at = format!("/api/v1/imports/{}/commitment", check["id"].as_str().unwrap());
    let (status, batch) = w.post(who, &at, "").await;
    assert_eq!((status, &batch["added"]), (StatusCode::CREATED, &json!(7)), "{batch}");
}

#[test]
fn a_workbook_of_many_sheets_comes_in_at_once_and_goes_out_again() {
    run("workbook", async |w| {
        let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
        staff(w, &who).await;
        for register in ["sites", "people", "posts", "rooms", "qualifications"] {
            let (status, bytes) = w.get(&who, &format!("/exports/{register}.xlsx")).await;
            assert_eq!(status, StatusCode::OK, "{register}");
            let (_, check) =
                w.post(&who, &format!("/api/v1/imports?register={register}"), bytes).await;
            let s = &check["sheets"][0];
            assert_eq!(
                (&s["unchanged"], &check["ready"]),
                (&s["rows"], &json!(true)),
                "{register}: {check}"
            );
        }
    });
}

#[test]
fn an_export_of_one_site_has_that_sites_rows_alone() {
    run("one", async |w| {
        let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
        staff(w, &who).await;
        let station = w
            .shell
            .db
            .read(|tx| sites::acts::resolve(tx, &w.system(), web::register::Kind::Site, "Z01"));
        let id = station.unwrap().unwrap();
        let (_, csv) = w.get(&who, &format!("/exports/rooms.csv?site={id}")).await;
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.contains("谈心室") && !csv.contains("社工室,"), "{csv}");
    });
}

#[test]
fn an_unknown_site_and_an_unknown_street_are_told() {
    run("unknown", async |w| {
        let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
        let rooms = "站点,名称,功能,开始日期\n不存在站,甲,社工室,2024-01-01\n";
        let (_, check) = w.post(&who, "/api/v1/imports?register=rooms", rooms).await;
        assert_eq!(check["faults"][0]["key"], "register.site_unknown", "{check}");
        let people = "名册编号,姓名,档案所在区域\nA,甲,无此街道\n";
        let (_, check) = w.post(&who, "/api/v1/imports?register=people", people).await;
        assert_eq!(check["faults"][0]["key"], "register.region_unknown", "{check}");
        for key in ["register.site_unknown", "register.region_unknown"] {
            assert!(w.shell.catalogue.has(key), "{key} has its sentence");
        }
    });
}

#[test]
fn a_made_up_district_takes_made_up_numbers_and_a_real_one_none_of_them() {
    let csv = |number: &str, street: &str| {
        format!("名册编号,姓名,身份证号,档案所在区域\nA,甲,{number},{street}\n")
    };
    // The same digits under the prefix 990002, with their own check digit.
    let made_up = (0..=10)
        .map(|n| {
            format!("99000219491231002{}", if n == 10 { "X".to_owned() } else { n.to_string() })
        })
        .find(|n| kernel::numbers::id_card(n, "2026-11-23".parse().unwrap()).is_ok())
        .unwrap();
    for (regions, district, street, taken, refused, key) in [
        (REGIONS, "330102", STREET, NOBODY, made_up.as_str(), "people.number_made_up"),
        (MADE_UP, "990002", "990002001", made_up.as_str(), NOBODY, "people.number_real"),
    ] {
        let w = world("sqlite::memory:", &format!("switch{district}"), regions);
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let who = w.sign_in("shen", Role::DistrictOfficer, district);
            let people = "/api/v1/imports?register=people";
            let (_, check) = w.post(&who, people, csv(taken, street)).await;
            assert_eq!(check["ready"], json!(true), "{check}");
            let (_, check) = w.post(&who, people, csv(refused, street)).await;
            assert_eq!(check["faults"][0]["key"], key, "{check}");
        });
    }
}

#[test]
fn every_template_opens_with_headings_and_words_that_people_read() {
    let w = world("sqlite::memory:", "headings", REGIONS);
    let house = House::of(&w.shell);
    let day = "2026-11-23".parse().unwrap();
    for lang in [Lang::Zh, Lang::En] {
        for register in house.registers.iter() {
            let book = exchange::sheet::template(&house, lang, &[register], day);
            let sheet = &book.sheets[0];
            // A key without a sentence shows as itself: it has a dot and no blank.
            let bare = |t: &str| {
                t.is_empty() || t.starts_with(&format!("{}.", register.name)) || t == register.name
            };
            assert!(!bare(&sheet.name), "{}", register.name);
            for column in &sheet.columns {
                assert!(!bare(&column.heading), "{} {}", register.name, column.heading);
                assert!(lang == Lang::En || !column.heading.is_ascii(), "{}", column.heading);
                if let papers::Kind::Choice(words) = &column.kind {
                    assert!(words.iter().all(|w| !bare(w)), "{words:?}");
                }
            }
            let expect =
                Expect { headings: exchange::sheet::expected(&house, &[register]), max_rows: 20 };
            let tables = papers::read(&book.xlsx().unwrap(), &expect);
            let tables = tables.unwrap_or_default();
            assert!(
                tables.iter().all(|t| t.rows.is_empty()),
                "the example is no row of {}",
                register.name
            );
        }
    }
}
