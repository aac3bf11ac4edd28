//! The story of a station and its studio through the router, on both engines; and what a neighbour's head does not see of it.
mod common;

use std::sync::Arc;

use access::acts::{NewAccount, NewGrant};
use access::{Cx, Role};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use common::{day, map, migrations, now, put, system};
use db::Db;
use http_body_util::BodyExt;
use kernel::{Ids, RegionId};
use locale::Catalogue;
use tower::ServiceExt;
use web::{Settings, Shell};

/// A signed-in browser.
struct Browser {
    router: axum::Router,
    sid: String,
    csrf: String,
}

struct Answer {
    status: StatusCode,
    to: String,
    etag: String,
    kind: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Browser {
    async fn send(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        body: Vec<u8>,
        more: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, format!("sid={}", self.sid))
            .header("x-csrf", &self.csrf)
            .header(header::CONTENT_TYPE, kind);
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let response =
            self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let head = |n: &str| {
            response.headers().get(n).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (to, etag, kind) = (head("location"), head("etag"), head("content-type"));
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Answer { status, to, etag, kind, body }
    }
    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "text/plain", Vec::new(), &[]).await
    }
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> =
            fields.iter().map(|(k, v)| format!("{k}={}", web::encode(v))).collect();
        self.send(
            "POST",
            path,
            "application/x-www-form-urlencoded",
            pairs.join("&").into_bytes(),
            &[],
        )
        .await
    }
    async fn json(
        &self,
        method: &str,
        path: &str,
        body: &serde_json::Value,
        more: &[(&str, &str)],
    ) -> Answer {
        self.send(method, path, "application/json", body.to_string().into_bytes(), more).await
    }
}

fn shell(db: Db, ids: Arc<Ids>, data: &std::path::Path) -> Shell {
    let slices = vec![sites::slice()];
    let texts: Vec<_> = [access::LOCALES, web::LOCALES]
        .into_iter()
        .chain(slices.iter().map(|s| s.locales))
        .collect();
    let settings = Settings {
        brand: "五社".into(),
        demo: true,
        tls: false,
        webhook_hosts: Vec::new(),
        data_dir: data.to_path_buf(),
        exe: "wushe".into(),
        door: None,
    };
    Shell {
        db,
        catalogue: Arc::new(Catalogue::load(&texts).unwrap()),
        clock: Arc::new(now),
        ids,
        settings: Arc::new(settings),
        slices: Arc::new(slices),
        hashing: Arc::new(tokio::sync::Semaphore::new(1)),
        parts: Arc::default(),
    }
}

/// An account with a role over a region, signed in.
fn sign_in(
    shell: &Shell,
    cx: &Cx,
    login: &'static str,
    role: Role,
    region: &'static str,
) -> Browser {
    let at = cx.clone();
    let signed = shell
        .db
        .write(move |tx| {
            let new = NewAccount {
                login: login.into(),
                name: login.into(),
                person: None,
                hash: "-".into(),
                must_change: false,
            };
            let account = access::acts::open_account(tx, &at, new)?;
            let grant = NewGrant {
                account: account.id,
                role,
                region: RegionId::from(region),
                site: None,
                since: day("2022-01-01"),
                until: None,
            };
            access::acts::grant(tx, &at, grant)?;
            access::acts::sign_in(tx, &at, login, true, "", "test")
        })
        .unwrap()
        .unwrap();
    Browser { router: web::router(shell.clone()), sid: signed.token, csrf: signed.session.csrf }
}

const STREET_A: &str = "r9900020010";
const STREET_B: &str = "r9900020020";

/// A small picture as a phone would send it.
fn picture() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(8, 6).write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_opens_is_staffed_and_proves_its_sign() {
    let mut told = Vec::new();
    for (n, db) in common::open(&migrations()).into_iter().enumerate() {
        let data =
            std::env::temp_dir().join(format!("wushe-sites-story-{}-{n}", std::process::id()));
        let ids = Arc::new(Ids::new([7; 32]));
        let cx = system(&ids);
        let shell = shell(db, ids, &data);
        shell.db.write(map).unwrap();
        let officer = sign_in(&shell, &cx, "officer", Role::DistrictOfficer, "r990002");
        let head = sign_in(&shell, &cx, "head", Role::StationHead, STREET_A);
        let worker = sign_in(&shell, &cx, "worker", Role::Worker, STREET_A);
        let other = sign_in(&shell, &cx, "other", Role::StationHead, STREET_B);
        let mut story: Vec<String> = Vec::new();
        let mut tell =
            |what: &str, a: &Answer| story.push(format!("{what}: {}", a.status.as_u16()));

        let wrong = [
            ("kind", "station"),
            ("region", STREET_A),
            ("name", "甲汀社工站"),
            ("since", "2022-01-01"),
        ];
        let a = officer.post("/sites/new", &wrong).await;
        tell("a name that is not official", &a);
        assert!(
            a.text().contains("缺“云海市”") && a.text().contains("甲汀社工站"),
            "kept with its faults"
        );
        let a = officer
            .get(&format!(
                "/sites/name?kind=station&region={STREET_A}&name={}",
                web::encode("甲汀社工站")
            ))
            .await;
        tell("the live check", &a);
        assert!(a.text().contains("云海市云汀示范区甲汀街道社会工作站"));
        let a = head.post("/sites/new", &wrong).await;
        tell("a head opens no site", &a);
        let a = officer
            .post(
                "/sites/new",
                &[("kind", "station"), ("region", STREET_A), ("since", "2022-01-01")],
            )
            .await;
        tell("opened", &a);
        let site = a.to.clone();
        let id = site.trim_start_matches("/sites/").to_owned();

        let person =
            [("name", "周一"), ("external_id", "P1"), ("home", STREET_A), ("phone", "16400001234")];
        let a = head.post("/records/people/new", &person).await;
        tell("a person", &a);
        let who = a.to.trim_start_matches("/people/").to_owned();
        let a = head
            .post(
                "/records/people/new",
                &[("name", "周一"), ("home", STREET_A), ("birth", "2030-01-01")],
            )
            .await;
        tell("a birth ahead", &a);
        let post = [
            ("person", "P1"),
            ("role", "head"),
            ("employment", "full_time"),
            ("since", "2022-02-01"),
        ];
        let a = head.post(&format!("/records/posts/new?of={id}"), &post).await;
        tell("a post", &a);
        let a = head.post(&format!("/records/posts/new?of={id}"), &post).await;
        tell("the same post again", &a);
        assert!(a.text().contains("日期重叠"));
        let a = worker.post(&format!("/records/posts/new?of={id}"), &post).await;
        tell("a worker fills no posts", &a);
        let a = worker.post(&format!("/sites/{id}/rooms/none"), &[]).await;
        tell("no rooms, said so", &a);

        let sign = serde_json::json!({ "kind": "wall_sign", "since": "2022-03-01" });
        let once = [("idempotency-key", "k1")];
        let at = format!("/api/v1/sites/{id}/facilities");
        let a = worker.json("POST", &at, &sign, &once).await;
        tell("a sign by api", &a);
        let record = a.to.clone();
        let again = worker.json("POST", &at, &sign, &once).await;
        tell("the same call again", &again);
        assert_eq!(again.text(), a.text());
        let seen = worker.get(&record).await;
        assert_eq!(seen.etag, a.etag);
        let place = serde_json::json!({ "place": "大门" });
        let a = worker.json("PUT", &record, &place, &[("if-match", &seen.etag)]).await;
        tell("amended", &a);
        let a = worker
            .json(
                "PUT",
                &record,
                &serde_json::json!({ "place": "二楼" }),
                &[("if-match", &seen.etag)],
            )
            .await;
        tell("amended with an old version", &a);
        let a = worker.json("PUT", &record, &serde_json::json!({ "colour": "red" }), &[]).await;
        tell("an unknown field", &a);

        use base64::Engine;
        let content = base64::engine::general_purpose::STANDARD.encode(picture());
        let proof = serde_json::json!({ "name": "门口.jpg", "content": content });
        let a = worker.json("POST", &format!("{record}/evidence"), &proof, &[]).await;
        tell("evidence", &a);
        let file = a.to.clone();
        let evidence = file.trim_start_matches("/evidence/").trim_end_matches("/file").to_owned();
        let bad = serde_json::json!({ "name": "x.svg", "content": "PHN2Zz4=" });
        tell("no photo", &worker.json("POST", &format!("{record}/evidence"), &bad, &[]).await);
        let judge = format!("/evidence/{evidence}/review");
        tell("a worker reviews nothing", &worker.post(&judge, &[("outcome", "accepted")]).await);
        tell("returned without a reason", &head.post(&judge, &[("outcome", "returned")]).await);
        tell("accepted", &head.post(&judge, &[("outcome", "accepted")]).await);
        tell("judged twice", &head.post(&judge, &[("outcome", "accepted")]).await);
        let a = head.get(&file).await;
        tell("the file", &a);
        assert_eq!(a.kind, "image/jpeg");
        let mine = head.json("POST", &format!("{record}/evidence"), &proof, &[]).await;
        let own = mine.to.replace("/file", "/review");
        tell("one's own evidence", &head.post(&own, &[("outcome", "accepted")]).await);

        for path in [
            "/sites",
            "/people",
            "/orgs",
            "/evidence",
            &site,
            &format!("{site}/people"),
            &format!("{site}/signs"),
            &format!("{site}/rooms"),
            &format!("{site}/documents"),
            &format!("{site}/honours"),
            &format!("{site}/history"),
            &format!("{site}/sign"),
            &format!("/people/{who}"),
            &format!("/records/people/{who}"),
            &format!("/records/posts/new?of={id}"),
        ] {
            let a = head.get(path).await;
            assert_eq!(a.status, StatusCode::OK, "{path}");
            assert!(!a.text().contains("16400001234"), "{path} shows a number in full");
        }
        let a = head.post(&format!("/people/{who}/numbers"), &[]).await;
        tell("a look in full", &a);
        assert!(a.text().contains("16400001234"));
        tell("a worker does not look", &worker.post(&format!("/people/{who}/numbers"), &[]).await);
        let looks = shell.db.read({
            let who = who.clone();
            move |tx| db::event::of(tx, "person_look", &who)
        });
        assert_eq!(looks.unwrap().len(), 1);

        // The neighbour's head: forbidden looks like absent, on every way in.
        for path in [
            site.as_str(),
            &format!("{site}/people"),
            &format!("{site}/sign"),
            &format!("/people/{who}"),
            &file,
            &format!("/records/people/{who}"),
            &format!("/api/v1/sites/{id}"),
            &format!("/api/v1/sites/{id}/posts"),
            &record,
            &format!("/api/v1/people/{who}/qualifications"),
        ] {
            assert_eq!(other.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for path in [
            "/sites",
            "/people",
            "/evidence",
            "/api/v1/sites",
            "/api/v1/people",
            "/api/v1/evidence",
        ] {
            let text = other.get(path).await.text();
            assert!(!text.contains(&id) && !text.contains("周一"), "{path}");
        }
        assert_eq!(
            other.post(&judge, &[("outcome", "accepted")]).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            other
                .post(
                    &format!("/records/rooms/new?of={id}"),
                    &[("name", "x"), ("functions", "case"), ("since", "2022-03-01")]
                )
                .await
                .status,
            StatusCode::NOT_FOUND
        );
        let found = |region: &'static str| {
            let (db, ids) = (shell.db.clone(), cx.clone());
            db.write(move |tx| {
                let account = access::account_by_login(
                    tx,
                    if region == STREET_A { "head" } else { "other" },
                )?
                .unwrap();
                let grant = access::live_grants(tx, &account.id, ids.today())?.remove(0);
                let actor = access::Actor::load(tx, &account, &grant, true, ids.today())?.unwrap();
                let cx = Cx { actor, ..ids.clone() };
                Ok((sites::slice().search.unwrap())(tx, &cx, "周")?.len())
            })
            .unwrap()
        };
        assert_eq!((found(STREET_A), found(STREET_B)), (1, 0));
        let cx2 = cx.clone();
        shell
            .db
            .write(move |tx| {
                put(tx, &cx2, "people", "", &[("name", "吴二"), ("home", STREET_B)]).map(drop)
            })
            .unwrap();
        assert_eq!(other.get("/people").await.text().matches("吴二").count(), 1);
        std::fs::remove_dir_all(&data).unwrap();
        told.push(story.join("\n"));
    }
    assert_eq!(told[0], told[1], "both engines tell the same");
    insta::assert_snapshot!(told[0]);
}
