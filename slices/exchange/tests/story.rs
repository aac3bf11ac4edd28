//! The slice's story through the router, on both engines.
#![expect(clippy::unwrap_used, reason = "a helper of a test that fails, fails the test")]
use access::Role;
use axum::http::StatusCode;
use common::{COMMUNITY, REGIONS, STREET, Who, World};
use serde_json::{Value as Json, json};

mod common;

fn run(name: &str, tell: impl AsyncFn(&World)) {
    for (n, url) in db::testing::urls().iter().enumerate() {
        let world = World::new(url, &format!("{name}{n}"));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(tell(&world));
    }
}
const PEOPLE: &str = "/api/v1/imports?register=people";

fn keys(check: &Json) -> Vec<(u64, String, String)> {
    let one = |f: &Json| {
        (
            f["row"].as_u64().unwrap(),
            f["column"].as_str().unwrap().to_owned(),
            f["key"].as_str().unwrap().to_owned(),
        )
    };
    check["faults"].as_array().unwrap().iter().map(one).collect()
}
async fn commit(w: &World, who: &Who, check: &Json) -> Json {
    let id = check["id"].as_str().unwrap();
    let (status, batch) = w.post(who, &format!("/api/v1/imports/{id}/commitment"), "").await;
    assert_eq!(status, StatusCode::CREATED, "{batch}");
    batch
}
fn sheet(rows: &[&str]) -> String {
    format!("人员编号\t姓名\t性别\t手机\t所属区划\n{}\n", rows.join("\n"))
}

#[test]
fn an_import_is_tried_committed_repeated_and_undone() {
    run("import", async |w| {
        let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
        let empty = w.rows();
        let text = sheet(&[
            &format!("RY-1\t张　三\t男\t16400000001\t{COMMUNITY}"),
            &format!("RY-2\t=1+1\tfemale\t\t{STREET}"),
        ]);
        let (status, check) = w.post(&who, PEOPLE, text.clone()).await;
        assert_eq!((status, &check["ready"]), (StatusCode::CREATED, &json!(true)), "{check}");
        assert_eq!(check["sheets"][0]["added"], 2);
        assert_eq!(w.rows(), empty, "a dry run leaves nothing");
        let batch = commit(w, &who, &check).await;
        assert_eq!((batch["added"].as_i64(), batch["amended"].as_i64()), (Some(2), Some(0)));
        assert!(w.rows().contains("=1+1"), "a formula is kept as text");

        let (_, again) = w.post(&who, PEOPLE, text).await;
        assert_eq!(again["sheets"][0]["unchanged"], 2, "{again}");
        let (_, changed) = w
            .post(&who, PEOPLE, sheet(&[&format!("RY-1\t张三丰\t男\t16400000001\t{COMMUNITY}")]))
            .await;
        assert_eq!(changed["sheets"][0]["amended"], 1);
        let second = commit(w, &who, &changed).await;

        // The first cannot be undone while the second stands.
        let undo = |b: &Json| format!("/api/v1/imports/batches/{}/undo", b["id"].as_str().unwrap());
        let (status, no) = w.post(&who, &undo(&batch), "").await;
        assert_eq!(
            (status, &no["leans"][0]["why"]),
            (StatusCode::CONFLICT, &json!("changed_later")),
            "{no}"
        );
        let (_, held) = w
            .post(
                &who,
                "/api/v1/imports?register=qualifications",
                "人员\t资质\t取得日期\nRY-2\t社会工作师\t2020.5.1\n",
            )
            .await;
        let third = commit(w, &who, &held).await;
        assert_eq!(w.post(&who, &undo(&second), "").await.0, StatusCode::OK);
        let (status, no) = w.post(&who, &undo(&batch), "").await;
        assert_eq!(status, StatusCode::CONFLICT, "{no}");
        assert!(no["leans"].as_array().unwrap().iter().any(|l| l["why"] == "points_here"), "{no}");
        assert_eq!(w.post(&who, &undo(&third), "").await.0, StatusCode::OK);
        assert_eq!(w.post(&who, &undo(&third), "").await.0, StatusCode::UNPROCESSABLE_ENTITY);
        let events = w.shell.db.read(|tx| db::event::verify(tx, 1)).unwrap();
        assert_eq!(events.broken, None);
    });
}

#[test]
fn every_fault_of_a_row_is_told_at_its_cell_and_nothing_is_written() {
    run("faults", async |w| {
        let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
        let before = w.rows();
        let text = format!(
            "人员编号,姓名,性别,出生日期,身份证号,所属区划\n\
             A,甲,男,,11010519491231002Y,{STREET}\n\
             B,乙,男,,1.10105E+17,{STREET}\n\
             C,丙,男,,,999999\n\
             D,,男,,,{STREET}\n\
             E,戊,未知,,,{STREET}\n\
             F,己,男,某天,,{STREET}\n\
             G,庚,男,,1101**********0021,{STREET}\n\
             H,辛,男,,,{STREET}\n\
             H,辛二,男,,,{STREET}\n"
        );
        let (_, check) = w.post(&who, PEOPLE, text).await;
        let want = [
            (2, "身份证号", "register.id_wrong"),
            (3, "身份证号", "register.id_rounded"),
            (4, "所属区划", "register.region_unknown"),
            (5, "姓名", "register.missing"),
            (6, "性别", "register.not_a_choice"),
            (7, "出生日期", "register.not_a_day"),
            (8, "身份证号", "exchange.masked_value"),
            (10, "", "exchange.twice"),
        ];
        assert_eq!(keys(&check), want.map(|(r, c, k)| (r, c.to_owned(), k.to_owned())), "{check}");
        let id = check["id"].as_str().unwrap();
        let (status, _) = w.post(&who, &format!("/api/v1/imports/{id}/commitment"), "").await;
        assert_eq!((status, w.rows()), (StatusCode::UNPROCESSABLE_ENTITY, before));

        let (_, ok) = w.post(&who, PEOPLE, sheet(&[&format!("A\t甲\t男\t\t{STREET}")])).await;
        commit(w, &who, &ok).await;
        let (_, check) = w
            .post(
                &who,
                "/api/v1/imports?register=qualifications",
                "人员\t资质\t取得日期\t失效日期\nA\tsw\t2020-01-01\t2019-01-01\nA\tsocial worker\t2020-01-01\t\nA\t社会工作师\t2021-01-01\t\nZ\tsw\t2020-01-01\t\n",
            )
            .await;
        let want = [
            (2, "失效日期", "register.dates_order"),
            (4, "取得日期", "qualifications.overlap"),
            (5, "人员", "register.person_unknown"),
        ];
        assert_eq!(keys(&check), want.map(|(r, c, k)| (r, c.to_owned(), k.to_owned())), "{check}");
        // The same ID under another roster key is another row's person.
        let id =
            format!("A1,甲,,,11010519491231002X,{STREET}\nA2,甲,,,11010519491231002X,{STREET}\n");
        let head = "人员编号,姓名,性别,出生日期,身份证号,所属区划\n";
        let (_, check) = w.post(&who, PEOPLE, format!("{head}{id}")).await;
        assert_eq!(keys(&check), [(3, "身份证号".to_owned(), "people.number_taken".to_owned())]);
    });
}

#[test]
fn an_export_comes_back_unchanged_and_a_masked_one_has_no_masks() {
    run("export", async |w| {
        let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
        let row = format!("RY-1\t张三\t男\t16400000001\t{COMMUNITY}");
        let (_, check) =
            w.post(&who, PEOPLE, sheet(&[&row, &format!("RY-2\t=2+3\t\t\t{STREET}")])).await;
        commit(w, &who, &check).await;
        for file in ["people.xlsx", "people.csv"] {
            let (status, bytes) = w.get(&who, &format!("/exports/{file}?reason=核对")).await;
            assert_eq!(status, StatusCode::OK);
            let (_, check) = w.post(&who, PEOPLE, bytes).await;
            assert_eq!(
                (&check["ready"], &check["sheets"][0]["unchanged"]),
                (&json!(true), &json!(2)),
                "{file} {check}"
            );
        }
        let street = w.sign_in("lu", Role::StreetOfficer, STREET);
        let (_, csv) = w.get(&street, "/api/v1/exports/people.csv").await;
        let csv = String::from_utf8(csv).unwrap();
        assert!(
            csv.contains("张三") && !csv.contains("16400000001") && !csv.contains("手机"),
            "{csv}"
        );
        assert!(csv.contains("※"), "a receipt stands at the foot");
        let other = w.sign_in("wu", Role::StationHead, "330102003");
        let (_, csv) = w.get(&other, "/exports/people.csv").await;
        assert!(
            !String::from_utf8(csv).unwrap().contains("张三"),
            "another street's people stay out of sight"
        );
        for _ in 0..3 {
            assert_eq!(w.get(&who, "/exports/people.csv").await.0, StatusCode::OK);
        }
        assert_eq!(w.get(&who, "/exports/people.csv").await.0, StatusCode::UNPROCESSABLE_ENTITY);
        // Used now and then, so that the sessions stay open.
        for _ in 0..6 {
            w.pass(600_001);
            w.get(&who, "/imports").await;
            w.get(&other, "/imports").await;
        }
        assert_eq!(w.get(&who, "/exports/people.csv").await.0, StatusCode::OK);
        // Another street's head imports nothing here.
        let (_, check) = w.post(&other, PEOPLE, sheet(&[&row])).await;
        assert_eq!(check["ready"], json!(false), "{check}");
        let auditor = w.sign_in("yan", Role::Auditor, "330102");
        assert_eq!(w.post(&auditor, PEOPLE, sheet(&[&row])).await.0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_list_of_regions_is_followed_and_nothing_is_deleted() {
    run("regions", async |w| {
        let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
        let (_, bytes) = w.get(&who, "/api/v1/regions").await;
        let all: Vec<Json> = serde_json::from_slice(&bytes).unwrap();
        let of = |kind: &str| all.iter().filter(|r| r["kind"] == kind).count();
        assert_eq!((of("street"), of("community"), of("village")), (14, 199, 4));
        assert_eq!(all.iter().filter(|r| r["name"] == "兴隆社区").count(), 2);
        assert!(all.iter().any(|r| r["name"] == "三村村"));
        let load = async |csv: &str, dry: bool| {
            let body = json!({ "csv": csv, "as_of": "2026-12-01", "dry_run": dry }).to_string();
            w.post(&who, "/api/v1/regions/loads", body).await
        };
        assert_eq!(load(REGIONS, true).await.1, json!([]), "the same list changes nothing");
        let changed = REGIONS
            .replace("330102001051,清波门社区", "330102001051,清波社区")
            .replace(
                "330102001052,劳动路社区,community,330102001",
                "330102001052,劳动路社区,community,330102003",
            )
            .replace("330102018201,", "330102018209,")
            .lines()
            .filter(|l| !l.starts_with("330102018200"))
            .collect::<Vec<_>>()
            .join("\n");
        let (_, dry) = load(&changed, true).await;
        let mut what: Vec<&str> =
            dry.as_array().unwrap().iter().map(|c| c["what"].as_str().unwrap()).collect();
        what.sort_unstable();
        assert_eq!(what, ["closed", "moved", "recoded", "renamed"], "{dry}");
        let (status, done) = load(&changed, false).await;
        assert_eq!((status, &done), (StatusCode::OK, &dry), "the load does what the dry run said");
        assert_eq!(load(&changed, true).await.1, json!([]));
        let (_, page) = w.get(&who, "/regions").await;
        let page = String::from_utf8(page).unwrap();
        for sign in ["清波门社区", "330102018201", "2026-12-01 停用"] {
            assert!(page.contains(sign), "{sign}");
        }
        let (status, no) =
            load("code,name,level,parent\n1x,甲,street,330102\n330102099,乙,street,77\n", false)
                .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(no.to_string().contains("row.2"), "{no}");
        assert_eq!(
            load("code,name,level,parent\n99,某区,district,\n", false).await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    });
}

#[test]
fn pages_show_a_draft_on_its_way() {
    run("pages", async |w| {
        let who = w.sign_in("shen", Role::DistrictOfficer, "330102");
        for path in ["/imports", "/imports/new", "/exports", "/regions", "/regions/load"] {
            assert_eq!(w.get(&who, path).await.0, StatusCode::OK, "{path}");
        }
        let form = |rows: &str| format!("register=people&rows={}", web::encode(rows)).into_bytes();
        let kind = "application/x-www-form-urlencoded";
        let text = format!("编号\t名字\t归属\nRY-9\t王五\t{STREET}");
        let (status, _, head) = w.ask(&who, "POST", "/imports", kind, form(&text)).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let at = head.headers()["location"].to_str().unwrap().to_owned();
        let page = String::from_utf8(w.get(&who, &at).await.1).unwrap();
        assert!(
            page.contains("对应列") && page.contains("c.0.2"),
            "headings nobody knows are matched by hand"
        );
        let map = b"c.0.0=external_id&c.0.1=name&c.0.2=home".to_vec();
        w.ask(&who, "POST", &format!("{at}/columns"), kind, map).await;
        let ready = until(w, &who, &at, "确认写入").await;
        assert!(ready.contains("确认写入"));
        w.ask(&who, "POST", &format!("{at}/commitment"), kind, Vec::new()).await;
        for _ in 0..200 {
            if w.rows().contains("王五") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert!(w.rows().contains("王五"));
        let (status, refused, _) =
            w.ask(&who, "POST", "/imports", kind, b"register=people".to_vec()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(String::from_utf8(refused).unwrap().contains("请选择文件"));
        let (status, book) = w.get(&who, "/imports/templates/all.xlsx").await;
        assert_eq!(status, StatusCode::OK);
        let (status, answer) = w.post(&who, "/api/v1/imports", book).await;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "an empty template is no import: {answer}"
        );
    });
}

async fn until(w: &World, who: &Who, at: &str, sign: &str) -> String {
    let mut page = String::new();
    for _ in 0..200 {
        page = String::from_utf8(w.get(who, at).await.1).unwrap();
        if page.contains(sign) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    page
}
