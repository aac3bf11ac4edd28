//! A tiny district behind the real router with every slice of the house, and browsers that knock at it.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's tools: each file uses its own part, and a broken house should fail loudly"
)]
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use access::acts::{NewAccount, NewGrant};
use access::{Cx, Role};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use db::{Db, Result, Tx};
use http_body_util::BodyExt;
use kernel::{Day, Ids, Instant, RegionId, SiteId};
use registry::region::{Region, RegionKind};
use sites::model::SiteKind;
use tower::ServiceExt;
use web::register::Input;
use web::{Settings, Shell};

pub(crate) const PASSWORD: &str = "willow-ferry-lantern-7";
/// 2026-11-23 09:00 in Shanghai.
const MORNING: i64 = 1_795_395_600_000;
const DAY: i64 = 86_400_000;

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) struct House {
    pub(crate) shell: Shell,
    pub(crate) router: Router,
    clock: Arc<AtomicI64>,
    hash: String,
}

/// The same house on each engine, SQLite first.
pub(crate) fn houses() -> Vec<House> {
    db::testing::both(&wushe::slices::migrations()).into_iter().map(House::on).collect()
}
pub(crate) fn house() -> House {
    House::on(db::testing::sqlite(&wushe::slices::migrations()))
}

impl House {
    pub(crate) fn on(db: Db) -> Self {
        let clock = Arc::new(AtomicI64::new(MORNING));
        let now = clock.clone();
        let shell = Shell {
            db,
            catalogue: Arc::new(wushe::slices::catalogue().unwrap()),
            clock: Arc::new(move || Instant(now.load(Ordering::SeqCst))),
            ids: Arc::new(Ids::new([7; 32])),
            settings: Arc::new(Settings {
                brand: "五社".into(),
                demo: false,
                door: None,
                tls: false,
                data_dir: std::env::temp_dir(),
                exe: "wushe".into(),
            }),
            slices: Arc::new(wushe::slices::all()),
            hashing: Arc::new(tokio::sync::Semaphore::new(2)),
            parts: Arc::default(),
        };
        let hash = access::password::hash(PASSWORD, b"salt-for-a-story").unwrap();
        Self { router: web::router(shell.clone()), shell, clock, hash }
    }
    pub(crate) fn pass_days(&self, n: i64) {
        self.clock.fetch_add(n * DAY, Ordering::SeqCst);
    }
    pub(crate) fn cx(&self) -> Cx {
        Cx::system(self.shell.now(), self.shell.ids.clone())
    }
    pub(crate) fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>, &Cx) -> Result<T> + Send + 'static,
    ) -> T {
        let cx = self.cx();
        self.shell.db.write(move |tx| f(tx, &cx)).unwrap()
    }
    pub(crate) fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        self.shell.db.read(f).unwrap()
    }

    /// Two streets with one neighbourhood each: `甲汀` and `乙汀`.
    pub(crate) fn map(&self) {
        self.write(|tx, cx| {
            let province = region(tx, None, RegionKind::Province, "99", "云海省")?;
            let city = region(tx, Some(&province), RegionKind::City, "9900", "云海市")?;
            let district = region(tx, Some(&city), RegionKind::District, "990002", "云汀示范区")?;
            for (code, name) in [("990002001", "甲汀"), ("990002002", "乙汀")] {
                let street =
                    region(tx, Some(&district), RegionKind::Street, code, &format!("{name}街道"))?;
                let code = format!("{code}001");
                region(tx, Some(&street), RegionKind::Community, &code, &format!("{name}苑社区"))?;
            }
            standards::acts::choose_pack(tx, cx, "shangcheng-2022", None)?;
            Ok(())
        });
    }
    /// Opens the station of a street, run by the street itself.
    pub(crate) fn station(&self, street: &'static str) -> String {
        self.write(move |tx, cx| {
            let new = sites::acts::NewSite::at(
                SiteKind::Station,
                RegionId::from(street),
                day("2022-03-01"),
            );
            let site: SiteId = sites::acts::open(tx, cx, new)?.id;
            keep(
                tx,
                cx,
                "operations",
                site.as_str(),
                &[("mode", "self_run"), ("since", "2022-03-01")],
            )?;
            Ok(site.0)
        })
    }
    /// Adds a record to a register through its act; answers its id.
    pub(crate) fn keep(
        &self,
        register: &'static str,
        parent: &str,
        fields: &[(&str, &str)],
    ) -> String {
        let (parent, input) = (parent.to_owned(), input(fields));
        self.write(move |tx, cx| {
            let r = sites::registers::register(register).unwrap();
            Ok(web::register::acts::add(tx, cx, r, &parent, &input, sites::acts::resolve)?.id)
        })
    }
    pub(crate) fn amend(&self, register: &'static str, id: &str, fields: &[(&str, &str)]) {
        let (id, input) = (id.to_owned(), input(fields));
        self.write(move |tx, cx| {
            let r = sites::registers::register(register).unwrap();
            web::register::acts::amend(tx, cx, r, &id, &input, None, sites::acts::resolve)?;
            Ok(())
        });
    }
    /// A person at a station: answers the person's id and the post's.
    pub(crate) fn staff(
        &self,
        site: &str,
        street: &str,
        name: &str,
        role: &str,
    ) -> (String, String) {
        let person = self.keep("people", "", &[("name", name), ("home", street)]);
        let post = self.keep(
            "posts",
            site,
            &[
                ("person", &person),
                ("role", role),
                ("employment", "full_time"),
                ("since", "2022-03-01"),
            ],
        );
        (person, post)
    }
    pub(crate) fn certificate(&self, person: &str, kind: &str, since: &str, until: &str) -> String {
        self.keep("qualifications", person, &[("kind", kind), ("since", since), ("until", until)])
    }
    /// An account with a role over a region.
    pub(crate) fn open(&self, login: &'static str, role: Role, region: &'static str) {
        let hash = self.hash.clone();
        self.write(move |tx, cx| {
            let new = NewAccount {
                login: login.into(),
                name: login.into(),
                person: None,
                hash,
                must_change: false,
            };
            let account = access::acts::open_account(tx, cx, new)?.id;
            let since = day("2022-01-01");
            let new =
                NewGrant { account, role, region: region.into(), site: None, since, until: None };
            access::acts::grant(tx, cx, new)?;
            Ok(())
        });
    }
    pub(crate) fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }
    pub(crate) async fn signed_in(&self, login: &str) -> Browser {
        self.signed_in_with(login, PASSWORD).await
    }
    pub(crate) async fn signed_in_with(&self, login: &str, password: &str) -> Browser {
        let mut b = self.browser();
        let csrf = b.get("/session/new").await.csrf();
        let body = format!("_csrf={}&login={login}&password={password}", web::encode(&csrf));
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let page = b.send("POST", "/session/new", &form, &body).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{login}: {}", page.body);
        b
    }
}

fn input(fields: &[(&str, &str)]) -> Input {
    let filled = fields.iter().filter(|(_, v)| !v.is_empty());
    filled.map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

fn keep(
    tx: &mut Tx<'_>,
    cx: &Cx,
    register: &str,
    parent: &str,
    fields: &[(&str, &str)],
) -> Result<()> {
    let r = sites::registers::register(register).unwrap();
    web::register::acts::add(tx, cx, r, parent, &input(fields), sites::acts::resolve)?;
    Ok(())
}

/// A region whose id is its code with an `r` before it.
fn region(
    tx: &mut Tx<'_>,
    above: Option<&Region>,
    kind: RegionKind,
    code: &str,
    name: &str,
) -> Result<Region> {
    let id = RegionId::from(format!("r{code}"));
    let region = Region {
        path: format!("{}{id}/", above.map_or("/", |a| a.path.as_str())),
        id,
        kind,
        code: code.into(),
        name: name.into(),
        parent: above.map(|a| a.id.clone()),
        since: day("2021-01-01"),
        until: None,
    };
    registry::region::insert(tx, &region)?;
    Ok(region)
}

pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) to: String,
}
impl Page {
    pub(crate) fn csrf(&self) -> String {
        let mark = "name=\"_csrf\" value=\"";
        let at = self.body.find(mark).map(|i| i + mark.len()).unwrap_or_default();
        self.body[at..].split('"').next().unwrap_or_default().to_owned()
    }
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        heads: &[(&str, &str)],
        body: &str,
    ) -> Page {
        let cookie: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let mut request = Request::builder().method(method).uri(path).header("host", "wushe.test");
        if !cookie.is_empty() {
            request = request.header("cookie", cookie.join("; "));
        }
        for (name, value) in heads {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let to = response.headers().get("location");
        let to = to.map_or_else(String::new, |v| v.to_str().unwrap().to_owned());
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Page { status, body: String::from_utf8_lossy(&bytes).into_owned(), bytes, to }
    }
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[], "").await
    }
    /// A JSON body with the token of this browser's session.
    pub(crate) async fn post(&mut self, path: &str, key: &str, body: serde_json::Value) -> Page {
        let csrf = self.get("/policy").await.csrf();
        let mut heads = vec![("content-type", "application/json"), ("x-csrf", csrf.as_str())];
        if !key.is_empty() {
            heads.push(("idempotency-key", key));
        }
        self.send("POST", path, &heads, &body.to_string()).await
    }
    /// The verdict of a rule on a unit, asked with these further parameters.
    pub(crate) async fn verdict(&mut self, unit: &str, rule: &str, more: &str) -> String {
        let page = self.get(&format!("/api/v1/units/{unit}/findings?rule={rule}{more}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        page.json()["findings"][0]["verdict"].as_str().unwrap_or("absent").to_owned()
    }
    /// Every verdict in sight as `unit rule` → verdict.
    pub(crate) async fn board(&mut self, more: &str) -> BTreeMap<(String, String), String> {
        let page = self.get(&format!("/api/v1/findings?limit=1000{more}")).await.json();
        let text = |f: &serde_json::Value, name: &str| f[name].as_str().unwrap().to_owned();
        let all = page["findings"].as_array().unwrap();
        assert_eq!(page["total"], all.len());
        all.iter().map(|f| ((text(f, "unit"), text(f, "rule")), text(f, "verdict"))).collect()
    }
}
