//! One request: who asks, when, in which language, with which database. Handlers take it first.
use access::{Account, Actor, Cx, Session};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use db::{Result, Tx};
use kernel::{GrantId, Instant, Refusal};
use locale::Lang;
use subtle::ConstantTimeEq;

use crate::{Error, PageError, Shell, fields};

/// Somebody is signed in.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) cx: Cx,
    /// The browser's session; `None` for an access token.
    pub(crate) session: Option<Session>,
    pub(crate) must_change: bool,
    /// The name of the region or site the hat is for.
    pub(crate) place: String,
    pub(crate) hats: Vec<(GrantId, access::Role, String)>,
    /// Unread messages, and the urgent ones among them.
    pub(crate) waiting: (i64, i64),
}

/// One request.
#[derive(Clone)]
pub struct Req {
    pub shell: Shell,
    pub now: Instant,
    pub lang: Lang,
    /// Path and query.
    pub path: String,
    /// Asked by htmx for a fragment.
    pub fragment: bool,
    pub request_id: String,
    pub agent: String,
    pub(crate) signed: Option<Signed>,
    pub(crate) flash: Option<(&'static str, String)>,
    pub(crate) same_origin: bool,
    pub(crate) csrf_header: Option<String>,
    /// The token of a browser that is not signed in yet, for the sign-in form.
    pub(crate) visitor: String,
    pub(crate) if_match: Option<String>,
    pub(crate) idempotency: Option<String>,
}

/// What a request's head says, before anybody is recognised.
pub(crate) struct Ask {
    cookie: Option<String>,
    bearer: Option<String>,
    visitor: Option<String>,
    lang: Lang,
    path: String,
    fragment: bool,
    agent: String,
    flash: Option<(&'static str, String)>,
    same_origin: bool,
    csrf_header: Option<String>,
    if_match: Option<String>,
    idempotency: Option<String>,
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|c| c.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.to_owned())
}

impl Ask {
    pub(crate) const fn has_flash(&self) -> bool {
        self.flash.is_some()
    }
    pub(crate) fn of(parts: &Parts, machine: bool) -> Self {
        let headers = &parts.headers;
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let host = text("host").unwrap_or_default();
        let same_origin = match (text("sec-fetch-site"), text("origin")) {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => origin.split_once("://").is_some_and(|(_, o)| o == host),
            // Neither header: no browser that could be tricked sends such a request with our cookie.
            (None, None) => true,
        };
        let session = cookie(headers, "__Host-sid").or_else(|| cookie(headers, "sid"));
        let bearer = text("authorization")
            .and_then(|v| v.strip_prefix("Bearer ").map(str::to_owned))
            .filter(|_| machine);
        let lang = cookie(headers, "lang")
            .or_else(|| text("accept-language"))
            .map_or(Lang::Zh, |t| Lang::from_tag(&t));
        let flash = cookie(headers, "flash").and_then(|f| {
            let (kind, key) = f.split_once(':')?;
            let kind = ["ok", "warn", "bad"].into_iter().find(|k| *k == kind)?;
            Some((
                kind,
                key.chars()
                    .filter(|c| c.is_ascii_alphanumeric() || "._".contains(*c))
                    .take(80)
                    .collect(),
            ))
        });
        Self {
            cookie: session,
            bearer,
            visitor: cookie(headers, "visitor"),
            lang,
            path: parts.uri.path_and_query().map_or_else(|| "/".into(), ToString::to_string),
            fragment: headers.contains_key("hx-request"),
            agent: text("user-agent").unwrap_or_default(),
            flash,
            same_origin,
            csrf_header: text("x-csrf"),
            if_match: text("if-match"),
            idempotency: text("idempotency-key"),
        }
    }
}

/// Sessions are noted as used at most this often.
const TOUCH_MILLIS: i64 = 60_000;

impl Req {
    /// Recognises who asks. Nobody is no error here: the gate decides whether somebody is needed.
    pub(crate) async fn recognise(shell: Shell, ask: Ask) -> std::result::Result<Self, Error> {
        let now = shell.now();
        let request_id = shell.ids.next(now);
        let (ids, id) = (shell.ids.clone(), request_id.clone());
        let (sid, bearer) = (ask.cookie.clone(), ask.bearer.clone());
        let signed = if sid.is_some() || bearer.is_some() {
            shell
                .db
                .ask(move |tx| {
                    let of =
                        |actor: Actor| Cx { actor, now, ids: ids.clone(), request: id.clone() };
                    if let Some(bearer) = bearer {
                        let Some(actor) = access::acts::recognise_token(tx, &bearer, now)? else {
                            return Ok(None);
                        };
                        let cx = of(actor);
                        return Ok(Some(Signed {
                            cx,
                            session: None,
                            must_change: false,
                            place: String::new(),
                            hats: Vec::new(),
                            waiting: (0, 0),
                        }));
                    }
                    let Some((session, actor, account)) =
                        access::acts::recognise(tx, sid.as_deref().unwrap_or_default(), now)?
                    else {
                        return Ok(None);
                    };
                    let hats = hats(tx, &account, now)?;
                    let place = hats
                        .iter()
                        .find(|h| h.0 == *actor.grant())
                        .map_or_else(String::new, |h| h.2.clone());
                    let waiting = access::notice::waiting(tx, &account.id)?;
                    Ok(Some(Signed {
                        waiting,
                        cx: of(actor),
                        session: Some(session),
                        must_change: account.must_change,
                        place,
                        hats,
                    }))
                })
                .await?
        } else {
            None
        };
        if let Some(session) = signed
            .as_ref()
            .and_then(|s| s.session.as_ref())
            .filter(|s| now.0 - s.seen_at.0 > TOUCH_MILLIS)
        {
            let id = session.id.clone();
            shell.db.act(move |tx| access::acts::touch(tx, &id, now)).await?;
        }
        let visitor = ask.visitor.unwrap_or_default();
        Ok(Self {
            now,
            lang: ask.lang,
            path: ask.path,
            fragment: ask.fragment,
            request_id,
            agent: ask.agent,
            signed,
            flash: ask.flash,
            same_origin: ask.same_origin,
            csrf_header: ask.csrf_header,
            visitor,
            if_match: ask.if_match,
            idempotency: ask.idempotency,
            shell,
        })
    }

    /// The context of acts.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`] on a public page that nobody signed in to.
    pub fn cx(&self) -> std::result::Result<&Cx, Error> {
        self.signed.as_ref().map(|s| &s.cx).ok_or(Error::NotSignedIn)
    }
    /// The browser's session, when there is one.
    pub fn session(&self) -> Option<&Session> {
        self.signed.as_ref().and_then(|s| s.session.as_ref())
    }
    /// Does the viewer have this capability?
    pub fn can(&self, capability: &str) -> bool {
        self.signed.as_ref().is_some_and(|s| s.cx.actor.can(capability))
    }
    /// Asks the database a question as the viewer.
    ///
    /// # Errors
    /// Not signed in, or whatever `f` answers.
    pub async fn ask<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>, &Cx) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Error> {
        let cx = self.cx()?.clone();
        Ok(self.shell.db.ask(move |tx| f(tx, &cx)).await?)
    }
    /// Does an act as the viewer; answers after it is durable.
    ///
    /// # Errors
    /// Not signed in, or whatever `f` answers.
    pub async fn act<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>, &Cx) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Error> {
        let cx = self.cx()?.clone();
        Ok(self.shell.db.act(move |tx| f(tx, &cx)).await?)
    }
    /// The sentence of a key in the viewer's language.
    pub fn t(&self, key: &str) -> String {
        self.shell.catalogue.text(self.lang, key).to_owned()
    }
    /// The sentence with places filled.
    pub fn fill(&self, key: &str, args: &[(&str, String)]) -> String {
        self.shell.catalogue.fill(self.lang, key, args)
    }
    /// A refusal as a sentence.
    pub fn refusal(&self, r: &Refusal) -> String {
        self.shell.catalogue.refusal(self.lang, r)
    }
    /// The token that this browser's forms carry.
    pub fn csrf(&self) -> &str {
        self.session().map_or(self.visitor.as_str(), |s| s.csrf.as_str())
    }
    pub(crate) fn csrf_matches(&self, sent: &str) -> bool {
        let mine = self.csrf();
        !mine.is_empty() && bool::from(mine.as_bytes().ct_eq(sent.as_bytes()))
    }
    /// The value of a query parameter.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.path.split_once('?')?;
        fields::pairs(query).into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }
    /// To another page of ours, with a sentence to show there.
    pub fn redirect(&self, to: &str, flash: &str) -> Response {
        let mut response = Redirect::to(to).into_response();
        if !flash.is_empty() {
            self.set_cookie(&mut response, "flash", &format!("ok:{flash}"), Some(20));
        }
        response
    }
    /// Sets a cookie: HTTP only, same site, secure under TLS. `seconds`: how long it lives; `None` for the browser's session.
    pub fn set_cookie(
        &self,
        response: &mut Response,
        name: &str,
        value: &str,
        seconds: Option<i64>,
    ) {
        let secure = if self.shell.settings.tls { "; Secure" } else { "" };
        let age = seconds.map_or_else(String::new, |s| format!("; Max-Age={s}"));
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        if let Ok(v) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::SET_COOKIE, v);
        }
    }
    /// The name of the session cookie: bound to the host under TLS.
    pub fn session_cookie(&self) -> &'static str {
        if self.shell.settings.tls { "__Host-sid" } else { "sid" }
    }
    /// The `If-Match` of a change, unquoted.
    pub fn if_match(&self) -> Option<i64> {
        self.if_match
            .as_deref()
            .and_then(|v| v.trim_start_matches("W/").trim_matches('"').parse().ok())
    }
    /// The `Idempotency-Key` of a create.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.idempotency.as_deref().filter(|k| !k.is_empty() && k.len() <= 120)
    }
}

fn hats(
    tx: &mut Tx<'_>,
    account: &Account,
    now: Instant,
) -> Result<Vec<(GrantId, access::Role, String)>> {
    let mut out = Vec::new();
    for g in access::live_grants(tx, &account.id, now.day())? {
        let place = registry::region::name_of(tx, &g.region)?;
        out.push((g.id, g.role, place));
    }
    Ok(out)
}

impl FromRequestParts<Shell> for Req {
    type Rejection = PageError;
    async fn from_request_parts(
        parts: &mut Parts,
        _: &Shell,
    ) -> std::result::Result<Self, PageError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Error::Broken("a handler outside the gate".into()).into())
    }
}
