//! The gate: every endpoint is enrolled with the capability it takes; nothing reaches a handler unauthenticated, forged or denied.
use std::convert::Infallible;

use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};

use crate::fields::Fields;
use crate::req::{Ask, Req};
use crate::{ApiError, Error, Limits, PageError, Shell};

/// One endpoint in the list that tests and the API description read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    pub method: &'static str,
    pub path: &'static str,
    /// `public` for the few that ask nobody who they are.
    pub capability: &'static str,
}

/// What the enrolment tells the guard.
#[derive(Clone, Copy, Debug)]
struct Demand {
    capability: &'static str,
    machine: bool,
}

/// Puts one endpoint on a router, behind the guard.
type Mount = Box<dyn FnOnce(Router<Shell>, &Shell) -> Router<Shell> + Send>;

/// A set of endpoints, each with its capability.
pub struct Gate {
    routes: Vec<(Enrolled, Mount)>,
    machine: bool,
}

impl Gate {
    /// Pages: HTML, cookies, forms.
    pub const fn pages() -> Self {
        Self { routes: Vec::new(), machine: false }
    }
    /// Endpoints for machines: JSON, cookies or access tokens.
    pub const fn api() -> Self {
        Self { routes: Vec::new(), machine: true }
    }
    /// A question.
    #[must_use]
    pub fn get<H: Handler<T, Shell>, T: 'static>(
        self,
        path: &'static str,
        capability: &'static str,
        h: H,
    ) -> Self {
        self.on("GET", MethodFilter::GET, path, capability, h)
    }
    /// An act.
    #[must_use]
    pub fn post<H: Handler<T, Shell>, T: 'static>(
        self,
        path: &'static str,
        capability: &'static str,
        h: H,
    ) -> Self {
        self.on("POST", MethodFilter::POST, path, capability, h)
    }
    /// A replacement.
    #[must_use]
    pub fn put<H: Handler<T, Shell>, T: 'static>(
        self,
        path: &'static str,
        capability: &'static str,
        h: H,
    ) -> Self {
        self.on("PUT", MethodFilter::PUT, path, capability, h)
    }
    /// A removal.
    #[must_use]
    pub fn delete<H: Handler<T, Shell>, T: 'static>(
        self,
        path: &'static str,
        capability: &'static str,
        h: H,
    ) -> Self {
        self.on("DELETE", MethodFilter::DELETE, path, capability, h)
    }

    fn on<H: Handler<T, Shell>, T: 'static>(
        mut self,
        method: &'static str,
        filter: MethodFilter,
        path: &'static str,
        capability: &'static str,
        handler: H,
    ) -> Self {
        let demand = Demand { capability, machine: self.machine };
        let mount = move |router: Router<Shell>, shell: &Shell| {
            // Layers run outside in: the demand is attached first, then the guard reads it.
            let route = on(filter, handler)
                .layer::<_, Infallible>(from_fn_with_state(shell.clone(), guard))
                .layer::<_, Infallible>(Extension(demand));
            router.route(path, route)
        };
        self.routes.push((Enrolled { method, path, capability }, Box::new(mount)));
        self
    }

    /// Every endpoint of this gate.
    pub fn enrolled(&self) -> Vec<Enrolled> {
        self.routes.iter().map(|(e, _)| e.clone()).collect()
    }

    /// The router behind the gate.
    pub fn into_router(self, shell: &Shell) -> Router<Shell> {
        self.routes.into_iter().fold(Router::new(), |router, (_, mount)| mount(router, shell))
    }
}

/// Where somebody with a one-time password may go: to change it, to sign out, to read in another language.
const FREE_OF_CHANGE: [&str; 3] = ["/me/password", "/api/v1/me/password", "/session/"];
/// Changes per minute and account that the API takes.
const MOST_WRITES: u32 = 600;

async fn guard(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    let demand = request.extensions().get::<Demand>().copied();
    let Some(demand) = demand else {
        return PageError::from(Error::Broken("no demand".into())).into_response();
    };
    match admit(shell, demand, request).await {
        Ok(request) => next.run(request).await,
        Err(e) if demand.machine => ApiError::from(e).into_response(),
        Err(e) => PageError::from(e).into_response(),
    }
}

async fn admit(shell: Shell, demand: Demand, request: Request) -> Result<Request, Error> {
    let (mut parts, body) = request.into_parts();
    let ask = Ask::of(&parts, demand.machine);
    let req = Req::recognise(shell, ask).await?;
    if demand.capability != "public" {
        let signed = req.signed.as_ref().ok_or(Error::NotSignedIn)?;
        signed.cx.may(demand.capability)?;
        if !signed.cx.actor.writes() && parts.method != Method::GET {
            return Err(kernel::Refusal::new("access.denied").into());
        }
        let at = parts.uri.path();
        if signed.must_change && !FREE_OF_CHANGE.iter().any(|free| at.starts_with(free)) {
            return Err(Error::MustChangePassword);
        }
    }
    let unsafe_method = !matches!(parts.method, Method::GET | Method::HEAD);
    if let (true, true, Some(signed)) = (unsafe_method, demand.machine, req.signed.as_ref()) {
        let limits = req.shell.parts.get::<Limits>();
        limits.take(signed.cx.actor.account().as_str(), "write", MOST_WRITES, req.now)?;
    }
    let by_cookie = req.signed.as_ref().is_none_or(|s| s.session.is_some());
    let mut body = body;
    if unsafe_method && by_cookie {
        if !req.same_origin {
            return Err(Error::Forged);
        }
        if demand.machine {
            if !req.csrf_matches(req.csrf_header.as_deref().unwrap_or_default()) {
                return Err(Error::Forged);
            }
        } else {
            let fields = Fields::read(&parts, std::mem::take(&mut body)).await?;
            if !req.csrf_matches(fields.text("_csrf"))
                && !req.csrf_matches(req.csrf_header.as_deref().unwrap_or_default())
            {
                return Err(Error::Forged);
            }
            parts.extensions.insert(fields);
        }
    }
    parts.extensions.insert(req);
    Ok(Request::from_parts(parts, body))
}
