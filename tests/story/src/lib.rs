//! The stage of story tests: a tiny district behind the real router with every slice of the house, people who act, browsers that knock.
//!
//! `for house in story::houses()` tells a story on both engines. [`House::map`] draws two streets with one neighbourhood each;
//! [`House::cast`] puts people on them; [`House::act`] lets one of them act.
#![allow(
    clippy::allow_attributes,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test's tools: a broken house should fail loudly, where it stands"
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
use kernel::{ClientId, Day, Ids, Instant, PersonId, RegionId, SiteId};
use registry::client::{Assignment, AssignmentKind, Client, ClientState, RiskGrade};
use registry::region::{Region, RegionKind};
use sites::model::SiteKind;
use tower::ServiceExt;
use web::register::Input;
use web::{Settings, Shell};

pub const PASSWORD: &str = "willow-ferry-lantern-7";
/// 2026-11-23 09:00 in Shanghai.
const MORNING: i64 = 1_795_395_600_000;
const DAY: i64 = 86_400_000;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub struct House {
    pub shell: Shell,
    pub router: Router,
    clock: Arc<AtomicI64>,
    hash: String,
}

/// The same house on each engine, SQLite first.
pub fn houses() -> Vec<House> {
    db::testing::both_with(&wushe::slices::migrations(), &listeners())
        .into_iter()
        .map(House::on)
        .collect()
}
fn listeners() -> Vec<db::Listener> {
    wushe::slices::all().iter().flat_map(|s| s.listens).copied().collect()
}
pub fn house() -> House {
    House::on(db::testing::sqlite(&wushe::slices::migrations()))
}

impl House {
    pub fn on(db: Db) -> Self {
        // Ids repeat from house to house, so houses must not share a folder.
        static HOUSES: AtomicI64 = AtomicI64::new(0);
        let n = HOUSES.fetch_add(1, Ordering::SeqCst);
        let data = std::env::temp_dir().join(format!("wushe-story-{}-{n}", std::process::id()));
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
                webhook_hosts: vec!["127.0.0.1".into()],
                data_dir: data.clone(),
                exe: "wushe".into(),
            }),
            slices: Arc::new(wushe::slices::all()),
            hashing: Arc::new(tokio::sync::Semaphore::new(2)),
            parts: Arc::default(),
        };
        let hash = access::password::hash(PASSWORD, b"salt-for-a-story").unwrap();
        Self { router: web::router(shell.clone()), shell, clock, hash }
    }
    pub fn pass_days(&self, n: i64) {
        self.clock.fetch_add(n * DAY, Ordering::SeqCst);
    }
    pub fn pass_minutes(&self, n: i64) {
        self.clock.fetch_add(n * DAY / 24 / 60, Ordering::SeqCst);
    }
    pub fn cx(&self) -> Cx {
        Cx::system(self.shell.now(), self.shell.ids.clone())
    }
    pub fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>, &Cx) -> Result<T> + Send + 'static,
    ) -> T {
        let cx = self.cx();
        self.shell.db.write(move |tx| f(tx, &cx)).unwrap()
    }
    pub fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        self.shell.db.read(f).unwrap()
    }

    /// Two streets with one neighbourhood each: `甲汀` and `乙汀`.
    pub fn map(&self) {
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
    pub fn station(&self, street: &'static str) -> String {
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
    pub fn keep(&self, register: &'static str, parent: &str, fields: &[(&str, &str)]) -> String {
        let (parent, input) = (parent.to_owned(), input(fields));
        self.write(move |tx, cx| {
            let r = sites::registers::register(register).unwrap();
            Ok(web::register::acts::add(tx, cx, r, &parent, &input, sites::acts::resolve)?.id)
        })
    }
    pub fn amend(&self, register: &'static str, id: &str, fields: &[(&str, &str)]) {
        let (id, input) = (id.to_owned(), input(fields));
        self.write(move |tx, cx| {
            let r = sites::registers::register(register).unwrap();
            web::register::acts::amend(tx, cx, r, &id, &input, None, sites::acts::resolve)?;
            Ok(())
        });
    }
    /// A person at a station: answers the person's id and the post's.
    pub fn staff(&self, site: &str, street: &str, name: &str, role: &str) -> (String, String) {
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
    pub fn certificate(&self, person: &str, kind: &str, since: &str, until: &str) -> String {
        self.keep("qualifications", person, &[("kind", kind), ("since", since), ("until", until)])
    }
    /// An account with a role over a region.
    pub fn open(&self, login: &'static str, role: Role, region: &'static str) {
        self.account(login, role, region, None);
    }
    fn account(
        &self,
        login: &'static str,
        role: Role,
        region: &'static str,
        person: Option<PersonId>,
    ) {
        let hash = self.hash.clone();
        self.write(move |tx, cx| {
            let new = NewAccount {
                login: login.into(),
                name: login.into(),
                person,
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
    /// An account of a person, so that what the person is assigned to is open to it.
    pub fn open_for(&self, login: &'static str, role: Role, region: &'static str, person: &str) {
        self.account(login, role, region, Some(PersonId::from(person)));
    }
    /// The cast: at 甲汀's station the head `head`, the deputy `deputy`, the workers `worker` and `second` (all licensed and checked for work with
    /// minors), the supervisor `supervisor`; at 乙汀's station the worker `stranger` and the head `other`; at the bureau `officer`; the auditor
    /// `auditor`. Answers both stations.
    pub fn cast(&self) -> (String, String) {
        self.map();
        let (here, there) = (self.station("r990002001"), self.station("r990002002"));
        for (login, role, post, at, site) in [
            ("head", Role::StationHead, "head", "r990002001", &here),
            ("deputy", Role::DeputyHead, "deputy", "r990002001", &here),
            ("worker", Role::Worker, "worker", "r990002001", &here),
            ("second", Role::Worker, "worker", "r990002001", &here),
            ("supervisor", Role::Supervisor, "supervisor", "r990002001", &here),
            ("stranger", Role::Worker, "worker", "r990002002", &there),
            ("other", Role::StationHead, "head", "r990002002", &there),
        ] {
            let (person, _) = self.staff(site, at, login, post);
            self.certificate(&person, "sw", "2019-06-01", "");
            self.certificate(&person, "background_check", "2026-03-01", "2027-03-01");
            self.open_for(login, role, at, &person);
        }
        self.open("officer", Role::DistrictOfficer, "r990002");
        self.open("auditor", Role::Auditor, "r990002");
        (here, there)
    }
    /// Somebody of the cast as they act now.
    pub fn cx_of(&self, login: &'static str) -> Cx {
        let cx = self.cx();
        self.read(move |tx| {
            let account = access::account_by_login(tx, login)?.ok_or(db::Error::Missing)?;
            let grants = access::live_grants(tx, &account.id, cx.today())?;
            let grant = grants.first().ok_or(db::Error::Missing)?;
            let actor = access::Actor::load(tx, &account, grant, true, cx.today())?;
            Ok(Cx { actor: actor.ok_or(db::Error::Missing)?, ..cx })
        })
    }
    /// The person behind somebody of the cast.
    pub fn person_of(&self, login: &'static str) -> PersonId {
        self.cx_of(login).actor.person().unwrap().clone()
    }
    /// Lets somebody act; answers what came of it.
    ///
    /// # Errors
    /// Whatever the act answers.
    pub fn act<T: Send + 'static>(
        &self,
        login: &'static str,
        f: impl FnOnce(&mut Tx<'_>, &Cx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.cx_of(login);
        self.shell.db.write(move |tx| f(tx, &cx))
    }
    /// [`House::act`] by somebody who gave the second factor a moment ago.
    ///
    /// # Errors
    /// Whatever the act answers.
    pub fn act_stepped<T: Send + 'static>(
        &self,
        login: &'static str,
        f: impl FnOnce(&mut Tx<'_>, &Cx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.cx_of(login);
        let cx = Cx { actor: cx.actor.stepped(Some(cx.now)), ..cx };
        self.shell.db.write(move |tx| f(tx, &cx))
    }
    /// A client of 甲汀苑社区, assigned to somebody of the cast (nobody when empty). The program itself writes the rows, so that stories of other
    /// slices need not know how clients come in.
    pub fn client(
        &self,
        name: &'static str,
        birth: &'static str,
        worker: &'static str,
    ) -> ClientId {
        let person = (!worker.is_empty()).then(|| self.person_of(worker));
        self.write(move |tx, cx| {
            let id: ClientId = cx.id();
            let region = registry::region::find(tx, &"r990002001001".into())?.unwrap();
            let since = day("2026-01-05");
            let number = registry::client::next_number(tx)?;
            tx.insert(&Client {
                id: id.clone(),
                number,
                external_id: None,
                name: name.into(),
                sex: None,
                birth: (!birth.is_empty()).then(|| day(birth)),
                id_number: None,
                id_index: None,
                id_tail: None,
                phone: None,
                phone_index: None,
                phone_tail: None,
                region: region.id,
                path: region.path,
                site: None,
                household: None,
                restricted: false,
                grade: RiskGrade::Low,
                state: ClientState::Active,
                merged_into: None,
                since,
                ended_on: None,
                ended_why: None,
            })?;
            if let Some(person) = person {
                tx.insert(&Assignment {
                    id: cx.id(),
                    client: id.clone(),
                    person,
                    kind: AssignmentKind::Worker,
                    since,
                    until: None,
                    approved_by: "system".into(),
                })?;
            }
            Ok(id)
        })
    }
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }
    pub async fn signed_in(&self, login: &str) -> Browser {
        self.signed_in_with(login, PASSWORD).await
    }
    pub async fn signed_in_with(&self, login: &str, password: &str) -> Browser {
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

impl Drop for House {
    fn drop(&mut self) {
        // Most stories keep no file.
        let _ = std::fs::remove_dir_all(&self.shell.settings.data_dir);
    }
}

pub struct Page {
    pub status: StatusCode,
    pub body: String,
    pub bytes: Vec<u8>,
    pub to: String,
}
impl Page {
    pub fn csrf(&self) -> String {
        let mark = "name=\"_csrf\" value=\"";
        let at = self.body.find(mark).map(|i| i + mark.len()).unwrap_or_default();
        self.body[at..].split('"').next().unwrap_or_default().to_owned()
    }
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub async fn send(
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
    pub async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[], "").await
    }
    /// A JSON body with the token of this browser's session.
    pub async fn post(&mut self, path: &str, key: &str, body: serde_json::Value) -> Page {
        let csrf = self.get("/policy").await.csrf();
        let mut heads = vec![("content-type", "application/json"), ("x-csrf", csrf.as_str())];
        if !key.is_empty() {
            heads.push(("idempotency-key", key));
        }
        self.send("POST", path, &heads, &body.to_string()).await
    }
    /// The verdict of a rule on a unit, asked with these further parameters.
    pub async fn verdict(&mut self, unit: &str, rule: &str, more: &str) -> String {
        let page = self.get(&format!("/api/v1/units/{unit}/findings?rule={rule}{more}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        page.json()["findings"][0]["verdict"].as_str().unwrap_or("absent").to_owned()
    }
    /// Every verdict in sight as `unit rule` → verdict.
    pub async fn board(&mut self, more: &str) -> BTreeMap<(String, String), String> {
        let page = self.get(&format!("/api/v1/findings?limit=1000{more}")).await.json();
        let text = |f: &serde_json::Value, name: &str| f[name].as_str().unwrap().to_owned();
        let all = page["findings"].as_array().unwrap();
        assert_eq!(page["total"], all.len());
        all.iter().map(|f| ((text(f, "unit"), text(f, "rule")), text(f, "verdict"))).collect()
    }
}

/// The refusals of an act as `field:key`; `missing` and `stale` as such.
pub fn no<T: std::fmt::Debug>(r: Result<T>) -> Vec<String> {
    match r {
        Err(db::Error::Refused(no)) => {
            let said =
                |r: &kernel::Refusal| format!("{}:{}", r.field.as_deref().unwrap_or("-"), r.key);
            no.0.iter().map(said).collect()
        }
        Err(db::Error::Missing) => vec!["missing".into()],
        Err(db::Error::Stale) => vec!["stale".into()],
        other => panic!("no refusal: {other:?}"),
    }
}
