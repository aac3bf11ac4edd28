//! Every endpoint of the house, as its gates enrol them.
use access::{Role, matrix};
use serde_json::{Value, json};
use web::Enrolled;

/// An endpoint and the slice that has it.
#[derive(Clone, Debug)]
pub struct Door {
    pub slice: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    /// A capability of the matrix, or `public`.
    pub capability: &'static str,
}

impl Door {
    fn of(slice: &'static str, e: Enrolled) -> Self {
        Self { slice, method: e.method, path: e.path, capability: e.capability }
    }
    /// Is it for machines?
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}

/// All of them.
pub fn all() -> Vec<Door> {
    let slices = wushe::slices::all();
    let of = |s: &web::Slice| {
        let name = s.name;
        let both = (s.pages)().enrolled().into_iter().chain((s.api)().enrolled());
        both.map(move |e| Door::of(name, e)).collect::<Vec<_>>()
    };
    slices.iter().flat_map(of).collect()
}

/// What the matrix says of every question that needs no id, for each account of the demonstration:
/// `[{path, open: [login], closed: [login]}]`.
pub fn expected() -> Value {
    let people = demo::people::introduced();
    let asks = all().into_iter().filter(|d| d.method == "GET" && !d.path.contains('{'));
    asks.map(|d| {
        let may = |role: &str| {
            d.capability == "public"
                || Role::parse(role).is_some_and(|r| matrix::allows(r, d.capability))
        };
        let (open, closed): (Vec<_>, Vec<_>) = people.iter().partition(|(_, role, _)| may(role));
        let logins = |some: Vec<&(String, &str, String)>| {
            some.iter().map(|p| p.0.clone()).collect::<Vec<_>>()
        };
        json!({ "path": d.path, "open": logins(open), "closed": logins(closed) })
    })
    .collect()
}
