//! A small district behind the real router, and browsers and programs that knock at it.
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use access::acts::{NewAccount, NewGrant};
use access::{Account, Cx, Role};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use db::Db;
use http_body_util::BodyExt;
use kernel::{Ids, Instant};
use registry::region::{Region, RegionKind};
use tower::ServiceExt;
use web::{Settings, Shell};

pub(crate) const PASSWORD: &str = "willow-ferry-lantern-7";
/// 2026-11-23 09:00 in Shanghai.
const MORNING: i64 = 1_795_395_600_000;

/// What the tests turn: the clock.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);
impl Clock {
    pub(crate) fn pass(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

pub(crate) struct House {
    pub shell: Shell,
    pub clock: Clock,
    pub router: Router,
    pub hash: String,
}

pub(crate) fn migrations() -> Vec<db::Migration> {
    [registry::MIGRATIONS, access::MIGRATIONS].into_iter().flatten().copied().collect()
}

/// The same district on each engine, SQLite first.
pub(crate) fn houses() -> Vec<House> {
    db::testing::both(&migrations()).into_iter().map(House::on).collect()
}
pub(crate) fn house() -> House {
    House::on(db::testing::sqlite(&migrations()))
}

impl House {
    pub(crate) fn on(db: Db) -> Self {
        let clock = Clock(Arc::new(AtomicI64::new(MORNING)));
        let now = clock.clone();
        let slices = vec![accounts::slice()];
        let texts = [access::LOCALES, web::LOCALES, accounts::slice().locales];
        let shell = Shell {
            db,
            catalogue: Arc::new(locale::Catalogue::load(&texts).unwrap()),
            clock: Arc::new(move || Instant(now.0.load(Ordering::SeqCst))),
            ids: Arc::new(Ids::new([7; 32])),
            settings: Arc::new(Settings {
                brand: "五社".into(),
                demo: false,
                door: None,
                tls: false,
                data_dir: std::env::temp_dir(),
                exe: "wushe".into(),
                webhook_hosts: Vec::new(),
            }),
            slices: Arc::new(slices),
            hashing: Arc::new(tokio::sync::Semaphore::new(2)),
            parts: Arc::default(),
        };
        let district = Region {
            id: "d".into(),
            kind: RegionKind::District,
            code: "999901".into(),
            name: "云汀区".into(),
            parent: None,
            path: "/d/".into(),
            since: "2000-01-01".parse().unwrap(),
            until: None,
        };
        shell.db.write(move |tx| registry::region::insert(tx, &district)).unwrap();
        let hash = access::password::hash(PASSWORD, b"salt-for-a-story").unwrap();
        Self { router: web::router(shell.clone()), shell, clock, hash }
    }

    pub(crate) fn cx(&self) -> Cx {
        Cx::system(self.shell.now(), self.shell.ids.clone())
    }

    /// An account with these roles over the district.
    pub(crate) fn open(&self, login: &str, roles: &[Role], must_change: bool) -> Account {
        let (cx, hash, login, roles) =
            (self.cx(), self.hash.clone(), login.to_owned(), roles.to_vec());
        let made = self.shell.db.write(move |tx| {
            let new =
                NewAccount { login: login.clone(), name: login, person: None, hash, must_change };
            let account = access::acts::open_account(tx, &cx, new)?;
            for (nth, role) in roles.into_iter().enumerate() {
                let since = cx.today().plus_days(i32::try_from(nth).unwrap_or(0) - 100);
                let (account, region) = (account.id.clone(), "d".into());
                let new = NewGrant { account, role, region, site: None, since, until: None };
                access::acts::grant(tx, &cx, new)?;
            }
            Ok(account)
        });
        made.unwrap()
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), bearer: None }
    }
    pub(crate) async fn signed_in(&self, login: &str) -> Browser {
        let mut b = self.browser();
        let page = b.sign_in(login, PASSWORD).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{login}: {}", page.body);
        b
    }
}

pub(crate) struct Page {
    pub status: StatusCode,
    pub body: String,
    pub to: String,
    pub set: Vec<String>,
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
    pub cookies: BTreeMap<String, String>,
    pub bearer: Option<String>,
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
        if let Some(token) = &self.bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in heads {
            request = request.header(*name, *value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(Body::from(body.to_owned())).unwrap())
            .await
            .unwrap();
        let set: Vec<String> = response
            .headers()
            .get_all("set-cookie")
            .iter()
            .map(|v| v.to_str().unwrap().to_owned())
            .collect();
        for cookie in &set {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let to = response
            .headers()
            .get("location")
            .map_or_else(String::new, |v| v.to_str().unwrap().to_owned());
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Page { status, body: String::from_utf8_lossy(&bytes).into_owned(), to, set }
    }
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[], "").await
    }
    /// A form as a browser sends it, with the token of the page it stands on.
    pub(crate) async fn post(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.get(page).await.csrf();
        self.post_as(&csrf, path, fields).await
    }
    pub(crate) async fn post_as(
        &mut self,
        csrf: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let mut body = format!("_csrf={}", web::encode(csrf));
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", web::encode(value)));
        }
        let heads = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send("POST", path, &heads, &body).await
    }
    pub(crate) async fn sign_in(&mut self, login: &str, password: &str) -> Page {
        self.post("/session/new", "/session/new", &[("login", login), ("password", password)]).await
    }
    pub(crate) async fn call(&mut self, method: &str, path: &str, body: &str) -> Page {
        self.send(method, path, &[("content-type", "application/json")], body).await
    }
}
