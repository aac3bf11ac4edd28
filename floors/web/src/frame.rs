//! The frame that every page renders into: navigation, viewer, language, and the sentences.
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Day, Money, Refusal};
use locale::{Catalogue, Lang};

use crate::{NavEntry, PageError, Req, assets};

/// An entry of the side bar.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub href: &'static str,
    pub icon: &'static str,
    pub label: String,
    pub active: bool,
    /// Does it stand in the bottom bar of a phone?
    pub on_the_way: bool,
}

/// A hat the viewer may put on.
#[derive(Clone, Debug)]
pub struct Hat {
    pub id: String,
    pub label: String,
    pub active: bool,
}

/// Who looks.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub name: String,
    pub role: String,
    pub place: String,
    pub hats: Vec<Hat>,
    /// Unread messages, for the bell.
    pub unread: i64,
    /// Are there urgent ones among them?
    pub urgent: bool,
    /// May they record a visit? Then one key does it anywhere.
    pub visits: bool,
    /// May they paste and import rows?
    pub pastes: bool,
}

/// A message carried over a redirect.
#[derive(Clone, Debug)]
pub struct Flash {
    /// `ok`, `warn` or `bad`.
    pub kind: &'static str,
    pub text: String,
}

/// What the frame's templates need.
#[derive(Clone)]
pub struct Frame {
    pub lang: &'static str,
    pub title: String,
    pub pretitle: String,
    pub brand: String,
    pub demo: bool,
    pub csrf: String,
    /// The address of this page with its query, for the language switch and "back here after sign-in".
    pub path: String,
    /// The side bar: one entry for each room the viewer has a door in.
    pub nav: Vec<NavItem>,
    /// The doors of this page's room, when the page is itself a door and the room has several.
    pub doors: Vec<NavItem>,
    /// Every address that the viewer's doors lead to.
    pub(crate) open: Vec<&'static str>,
    pub viewer: Option<Viewer>,
    pub flash: Option<Flash>,
    pub css: &'static str,
    pub js: &'static str,
    pub icons: &'static str,
    pub logo: &'static str,
    pub today: String,
    pub(crate) language: Lang,
    pub(crate) catalogue: Arc<Catalogue>,
}

impl Frame {
    /// Does the side bar lead there? A door that is closed to the viewer is not offered elsewhere either.
    pub fn leads_to(&self, href: &str) -> bool {
        self.open.contains(&href)
    }
    /// The bottom bar of a phone: what people do on the way, then what else there is, four in all.
    pub fn bar(&self) -> impl Iterator<Item = &NavItem> {
        let rest = self.nav.iter().filter(|n| !n.on_the_way);
        self.nav.iter().filter(|n| n.on_the_way).chain(rest).take(4)
    }
    /// The frame of a page whose title is the sentence of `key`.
    pub fn new(req: &Req, key: &str) -> Self {
        let title = req.t(key);
        Self::titled(req, title)
    }

    /// The frame of a page with this very title (a site's name).
    pub fn titled(req: &Req, title: String) -> Self {
        let (nav, doors, open) = rooms(req);
        let viewer = req.signed.as_ref().map(|s| Viewer {
            name: s.cx.actor.name().to_owned(),
            role: s.cx.actor.role().map_or_else(String::new, |r| req.t(&format!("role.{r}"))),
            place: s.place.clone(),
            unread: s.waiting.0,
            urgent: s.waiting.1 > 0,
            visits: s.cx.actor.can("visits.write"),
            pastes: s.cx.actor.can("import.run"),
            hats: s
                .hats
                .iter()
                .map(|(grant, role, place)| Hat {
                    id: grant.0.clone(),
                    label: format!("{} · {place}", req.t(&format!("role.{role}"))),
                    active: grant == s.cx.actor.grant(),
                })
                .collect(),
        });
        let today = req.now.day();
        Self {
            lang: req.lang.tag(),
            title,
            pretitle: String::new(),
            brand: req.shell.settings.brand.clone(),
            demo: req.shell.settings.demo,
            csrf: req.csrf().to_owned(),
            path: req.path.clone(),
            nav,
            doors,
            open,
            viewer,
            flash: req.flash.as_ref().map(|(kind, key)| Flash { kind, text: req.t(key) }),
            css: assets::CSS,
            js: assets::JS,
            icons: assets::ICONS,
            logo: assets::LOGO,
            today: format!("{today} {}", req.t(&format!("web.weekday.{}", today.weekday()))),
            language: req.lang,
            catalogue: Arc::clone(&req.shell.catalogue),
        }
    }

    /// A frame without a request, for tests of what stands in frames.
    #[cfg(test)]
    pub(crate) fn bare(language: Lang) -> Self {
        let texts = [crate::LOCALES, forms::LOCALES];
        Self {
            lang: language.tag(),
            title: "t".into(),
            pretitle: String::new(),
            brand: "b".into(),
            demo: false,
            csrf: "c".into(),
            path: "/".into(),
            nav: Vec::new(),
            doors: Vec::new(),
            open: Vec::new(),
            viewer: None,
            flash: None,
            css: assets::CSS,
            js: assets::JS,
            icons: assets::ICONS,
            logo: assets::LOGO,
            today: "2026-11-23".into(),
            language,
            catalogue: Arc::new(Catalogue::load(&texts).unwrap()),
        }
    }
    /// With a line above the title.
    #[must_use]
    pub fn under(mut self, pretitle: impl Into<String>) -> Self {
        self.pretitle = pretitle.into();
        self
    }
    /// The sentence of a key.
    pub fn t(&self, key: &str) -> String {
        self.catalogue.text(self.language, key).to_owned()
    }
    /// The sentence with one `{name}` filled.
    pub fn tf1(&self, key: &str, name: &str, value: impl std::fmt::Display) -> String {
        self.catalogue.fill(self.language, key, &[(name, value.to_string())])
    }
    /// The sentence with two `{name}`s filled.
    pub fn tf2(
        &self,
        key: &str,
        a: &str,
        x: impl std::fmt::Display,
        b: &str,
        y: impl std::fmt::Display,
    ) -> String {
        self.catalogue.fill(self.language, key, &[(a, x.to_string()), (b, y.to_string())])
    }
    /// A refusal as a sentence.
    pub fn refusal(&self, r: &Refusal) -> String {
        self.catalogue.refusal(self.language, r)
    }
    /// One of two texts by language.
    pub fn pick(&self, zh: &str, en: &str) -> String {
        self.language.pick(zh, en).to_owned()
    }
    /// A day, or a dash for none.
    pub fn day(&self, day: &Option<Day>) -> String {
        day.map_or_else(|| "—".to_owned(), |d| d.to_string())
    }
    /// An amount for boards.
    pub fn wan(&self, m: Money) -> String {
        self.tf1("web.wan", "n", m.in_wan())
    }
    /// A random-looking but fresh key for a create form, so that a double submit creates once.
    pub const fn language(&self) -> Lang {
        self.language
    }
}

/// The side bar, the doors of the room this page is a door of, and every open address.
fn rooms(req: &Req) -> (Vec<NavItem>, Vec<NavItem>, Vec<&'static str>) {
    let here = req.path.split('?').next().unwrap_or_default();
    let may = |n: &&NavEntry| req.signed.as_ref().is_some_and(|s| s.cx.actor.can(n.capability));
    let mut doors: Vec<_> = req.shell.slices.iter().flat_map(|s| s.nav).filter(may).collect();
    doors.sort_by_key(|n| (n.room, n.order));
    let under = |root: &str| here == root || here.starts_with(&format!("{root}/"));
    let also = req.shell.slices.iter().flat_map(|s| s.nav_also).copied();
    // The longest address that leads here says which door is lit.
    let lit = doors
        .iter()
        .map(|n| (n.href, n.href))
        .chain(also)
        .filter(|(root, _)| under(root))
        .max_by_key(|(root, _)| root.len())
        .and_then(|(_, door)| doors.iter().find(|n| n.href == door));
    let item = |n: &NavEntry, icon, label: &str, active| NavItem {
        href: n.href,
        icon,
        label: req.t(label),
        active,
        on_the_way: n.room.on_the_way(),
    };
    let nav = doors
        .chunk_by(|a, b| a.room == b.room)
        .filter_map(|room| {
            let first = room.first()?;
            // A room with one door is called by it.
            let (icon, label) = match room {
                [only] => (only.icon, only.key),
                _ => (first.room.icon(), first.room.key()),
            };
            Some(item(first, icon, label, lit.is_some_and(|l| l.room == first.room)))
        })
        .collect();
    let tabs: Vec<_> = doors
        .iter()
        .filter(|n| lit.is_some_and(|l| l.room == n.room && l.href == here))
        .map(|n| item(n, n.icon, n.key, n.href == here))
        .collect();
    let tabs = if tabs.len() > 1 { tabs } else { Vec::new() };
    (nav, tabs, doors.iter().map(|n| n.href).collect())
}

/// Renders a page.
///
/// # Errors
/// The template's fault.
pub fn page(t: &impl askama::Template) -> Result<Response, PageError> {
    page_with(StatusCode::OK, t)
}

/// Renders a page under a status (422 for a refused form).
///
/// # Errors
/// The template's fault.
pub fn page_with(status: StatusCode, t: &impl askama::Template) -> Result<Response, PageError> {
    let mut response = (status, t.render()?).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
