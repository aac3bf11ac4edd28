//! A small house for tests: people and their certificates, and somebody signed in.
#![expect(clippy::unwrap_used, reason = "a helper of a test that fails, fails the test")]
#![allow(dead_code, clippy::allow_attributes, reason = "each test takes its part")]
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use access::acts::{NewAccount, NewGrant};
use access::{Cx, Role};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use db::{Config, Db, Result, Tx, args};
use http_body_util::BodyExt;
use kernel::{Ids, Instant, Refusal, Refusals};
use registry::people::{Level, Person, Qualification, QualificationKind, Sex};
use tokio::sync::Semaphore;
use tower::ServiceExt;
use web::register::{Field, Kind, Object, Parent, Register, Spec, text};
use web::{Settings, Shell, Slice};

const SEX: &[&str] = &["male", "female"];
const KINDS: &[&str] = &["sw_assistant", "sw", "sw_senior", "supervisor"];

const PERSON: &[Field] = &[
    Field::may("external_id", Kind::Text(40)),
    Field::must("name", Kind::Text(30)),
    Field::may("sex", Kind::Choice(SEX)),
    Field::may("birth", Kind::Day),
    Field::may("id_number", Kind::IdNumber),
    Field::may("phone", Kind::Phone),
    Field::must("home", Kind::Region),
    Field::may("note", Kind::Long(500)),
];
const HELD: &[Field] = &[
    Field::may("external_id", Kind::Text(40)),
    Field::must("kind", Kind::Choice(KINDS)),
    Field::may("number", Kind::Text(40)),
    Field::must("since", Kind::Day),
    Field::may("until", Kind::Day),
];

static ALL: LazyLock<Vec<Register>> = LazyLock::new(|| {
    assert_eq!((Sex::ALL.len(), Level::ALL.len(), QualificationKind::ALL.len()), (2, 4, 9));
    vec![
        Register::of::<Person>(Spec {
            name: "people",
            parent: Parent::None,
            fields: PERSON,
            keys: &["external_id"],
            write: "people.write",
            of_parent: "SELECT * FROM person WHERE id = $1",
            every: "SELECT p.* FROM person p JOIN region r ON r.id = p.home \
                    WHERE r.path LIKE $1 || '%' AND $2 = $2 ORDER BY p.name, p.id",
            admit: |_, _, id| Ok((!id.is_empty()).then(|| id.to_owned())),
            check: person,
            logged: Object::clone,
        }),
        Register::of::<Qualification>(Spec {
            name: "qualifications",
            parent: Parent::Person,
            fields: HELD,
            keys: &["kind", "since"],
            write: "people.write",
            of_parent: "SELECT * FROM qualification WHERE person = $1 ORDER BY since, id",
            every: "SELECT q.* FROM qualification q JOIN person p ON p.id = q.person \
                    JOIN region r ON r.id = p.home WHERE r.path LIKE $1 || '%' AND $2 = $2 ORDER BY p.name, q.since, q.id",
            admit: |_, _, person| Ok(Some(person.to_owned())),
            check: overlap,
            logged: Object::clone,
        }),
    ]
});

fn person(tx: &mut Tx<'_>, cx: &Cx, o: &Object, _: Option<&Object>) -> Result<Refusals> {
    let mut no = Refusals::none();
    for (column, key) in [("external_id", "people.key_taken"), ("id_number", "people.number_taken")]
    {
        let sql = format!("SELECT id FROM person WHERE {column} = $1 AND id <> $2");
        let taken: Option<db::Row> = tx.one(&sql, args![text(o, column), text(o, "id")])?;
        no.require(text(o, column).is_empty() || taken.is_none(), column, key);
    }
    let home = registry::region::find(tx, &text(o, "home").into())?;
    let mine = home.is_some_and(|r| r.path.starts_with(&cx.actor.scope().path));
    no.require(mine, "home", "register.region_unknown");
    Ok(no)
}

/// Two certificates of one kind at once are one too many.
fn overlap(tx: &mut Tx<'_>, _: &Cx, o: &Object, _: Option<&Object>) -> Result<Refusals> {
    let n = tx.count(
        "SELECT COUNT(*) FROM qualification WHERE person = $1 AND kind = $2 AND id <> $3
           AND since < $4 AND (until IS NULL OR until > $5)",
        args![
            text(o, "person"),
            text(o, "kind"),
            text(o, "id"),
            if text(o, "until").is_empty() { "9999" } else { text(o, "until") },
            text(o, "since")
        ],
    )?;
    let mut no = Refusals::none();
    if n > 0 {
        no.push(Refusal::at("since", "qualifications.overlap"));
    }
    Ok(no)
}

fn resolve(tx: &mut Tx<'_>, _: &Cx, kind: Kind, typed: &str) -> Result<Option<String>> {
    Ok(match kind {
        Kind::Person => match registry::people::by_external(tx, typed)? {
            Some(p) => Some(p.id.0),
            None => registry::people::find(tx, &typed.into())?.map(|p| p.id.0),
        },
        Kind::Region => registry::region::by_code(tx, typed)?.map(|r| r.id.0),
        _ => None,
    })
}

const WORDS: locale::Texts =
    [("zh-CN", include_str!("zh-CN.toml")), ("en", include_str!("en.toml"))];

fn small() -> Slice {
    Slice {
        registers: || ALL.iter().collect(),
        resolve: Some(resolve),
        ..Slice::named("small", WORDS)
    }
}

/// The list that ships with the program.
pub const REGIONS: &str = include_str!("../../../../data/regions/330102.csv");

pub struct World {
    pub shell: Shell,
    pub router: Router,
    pub data: PathBuf,
    at: Arc<AtomicI64>,
}

/// Who is signed in.
#[derive(Clone)]
pub struct Who {
    cookie: String,
    csrf: String,
    pub cx: Cx,
}

impl World {
    /// The small house: people and their certificates, in the district that ships with the program.
    pub fn new(url: &str, name: &str) -> Self {
        Self::of(url, name, small(), REGIONS)
    }
    /// A house with this slice beside the exchange, over these regions.
    pub fn of(url: &str, name: &str, slice: Slice, regions: &'static str) -> Self {
        let data = std::env::temp_dir().join(format!("exchange-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data);
        let slices = vec![slice, exchange::slice()];
        let migrations: Vec<_> = [registry::MIGRATIONS, access::MIGRATIONS]
            .into_iter()
            .chain(slices.iter().map(|s| s.migrations))
            .flatten()
            .copied()
            .collect();
        let db = Db::open(Config {
            url: url.into(),
            pool: 2,
            migrations,
            listeners: vec![],
            vault: db::testing::vault(),
        })
        .unwrap();
        let texts: Vec<_> = [papers::LOCALES, access::LOCALES, web::LOCALES]
            .into_iter()
            .chain(slices.iter().map(|s| s.locales))
            .collect();
        let start: kernel::Day = "2026-11-23".parse().unwrap();
        let at = Arc::new(AtomicI64::new(i64::from(start.0) * 86_400_000));
        let clock = Arc::clone(&at);
        let shell = Shell {
            db,
            catalogue: Arc::new(locale::Catalogue::load(&texts).unwrap()),
            clock: Arc::new(move || Instant(clock.load(Ordering::Relaxed))),
            ids: Arc::new(Ids::new([7; 32])),
            settings: Arc::new(Settings {
                brand: "五社".into(),
                demo: true,
                door: None,
                tls: false,
                webhook_hosts: Vec::new(),
                data_dir: data.clone(),
                exe: env!("CARGO_BIN_EXE_exchange-reader").into(),
            }),
            slices: Arc::new(slices),
            hashing: Arc::new(Semaphore::new(2)),
            parts: Arc::default(),
        };
        let me = Self { router: web::router(shell.clone()), shell, data, at };
        let cx = me.system();
        me.shell
            .db
            .write(move |tx| {
                exchange::acts::regions::load(tx, &cx, regions, "2023-06-30".parse().unwrap())
            })
            .unwrap();
        me
    }
    pub fn system(&self) -> Cx {
        Cx::system(self.shell.now(), Arc::clone(&self.shell.ids))
    }
    pub fn pass(&self, millis: i64) {
        self.at.fetch_add(millis, Ordering::Relaxed);
    }
    /// Signs in a new account of this role over the region of this code.
    pub fn sign_in(&self, login: &str, role: Role, code: &str) -> Who {
        let (cx, login, code) = (self.system(), login.to_owned(), code.to_owned());
        let (token, csrf, actor) = self
            .shell
            .db
            .write(move |tx| {
                let hash = access::password::hash("a-long-password", b"0123456789abcdef").unwrap();
                let new = NewAccount {
                    login: login.clone(),
                    name: login.clone(),
                    person: None,
                    hash,
                    must_change: false,
                };
                let account = access::acts::open_account(tx, &cx, new)?;
                let region = registry::region::by_code(tx, &code)?.unwrap().id;
                let since = "2022-01-01".parse().unwrap();
                let new =
                    NewGrant { account: account.id, role, region, site: None, since, until: None };
                access::acts::grant(tx, &cx, new)?;
                let signed = access::acts::sign_in(tx, &cx, &login, true, "", "test")?.unwrap();
                let (_, actor, _) = access::acts::recognise(tx, &signed.token, cx.now)?.unwrap();
                Ok((signed.token, signed.session.csrf, actor))
            })
            .unwrap();
        let cx = Cx { actor, ..self.system() };
        Who { cookie: format!("sid={token}"), csrf, cx }
    }
    pub async fn ask(
        &self,
        who: &Who,
        method: &str,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> (StatusCode, Vec<u8>, Response<()>) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", &who.cookie)
            .header("x-csrf", &who.csrf)
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        (parts.status, bytes, Response::from_parts(parts, ()))
    }
    pub async fn get(&self, who: &Who, path: &str) -> (StatusCode, Vec<u8>) {
        let (status, bytes, _) = self.ask(who, "GET", path, "text/plain", Vec::new()).await;
        (status, bytes)
    }
    pub async fn post(
        &self,
        who: &Who,
        path: &str,
        body: impl Into<Vec<u8>>,
    ) -> (StatusCode, serde_json::Value) {
        let (status, bytes, _) =
            self.ask(who, "POST", path, "application/octet-stream", body.into()).await;
        let json = serde_json::from_slice(&bytes);
        (status, json.unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into()))
    }
    /// Every row of the registers' tables, to compare.
    pub fn rows(&self) -> String {
        let cx = self.system();
        let found = self
            .shell
            .db
            .read(|tx| ALL.iter().map(|r| r.under(tx, &cx)).collect::<Result<Vec<_>>>());
        let mut rows: Vec<String> = found
            .unwrap()
            .into_iter()
            .flatten()
            .map(|o| serde_json::to_string(&o).unwrap())
            .collect();
        rows.sort();
        rows.join("\n")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// Street 清波, community 清波门.
pub const STREET: &str = "330102001";
pub const COMMUNITY: &str = "330102001051";
