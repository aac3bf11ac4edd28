//! Values and bounds as people read them: `2 人`, `66.7%（4 / 6）`, `5 / 5`, `12.0 万元`.
use kernel::{Money, Ratio};
use policy::catalogue::Returns;
use policy::{Finding, Measured, Table, Threshold};
use web::Req;
use web::register::{Parent, Register};

/// What was measured, against what it is asked.
pub(crate) fn value(req: &Req, f: &Finding) -> String {
    match (&f.value, &f.threshold) {
        (Measured::Set { kinds }, Threshold::Includes { kinds: wanted }) => {
            format!("{} / {}", kinds.iter().filter(|k| wanted.contains(k)).count(), wanted.len())
        }
        // Of a set only what was asked for counts as the answer.
        (Measured::Set { kinds }, Threshold::AnyOf { kinds: wanted }) => {
            let found: Vec<String> = kinds.iter().filter(|k| wanted.contains(k)).cloned().collect();
            measured(req, &Measured::Set { kinds: found }, f.returns)
        }
        (value, _) => measured(req, value, f.returns),
    }
}

/// A measured value by itself.
pub(crate) fn measured(req: &Req, value: &Measured, returns: Option<Returns>) -> String {
    match value {
        Measured::Number { n } => number(req, *n, returns),
        Measured::Ratio { of, to } => match Ratio::new(*of, *to).percent() {
            // Sums of money are counted in fen; head counts never reach this size.
            Some(p) if *to > 100_000 => {
                let money = |n: i64| req.fill("web.wan", &[("n", Money(n).in_wan())]);
                format!("{p}%（{} / {}）", money(*of), money(*to))
            }
            Some(p) => format!("{p}%（{of} / {to}）"),
            None => "—".into(),
        },
        Measured::Set { kinds } if kinds.is_empty() => req.t("standards.none"),
        Measured::Set { kinds } => names(req, kinds),
        Measured::Day { day } => day.map_or_else(|| req.t("standards.none"), |d| d.to_string()),
        Measured::Text { text } => text.clone(),
        Measured::Unknown { .. } => req.t("standards.not_recorded"),
        Measured::NotApplicable => "—".into(),
    }
}

/// A row's own number in the unit of its measure.
pub(crate) fn amount(req: &Req, n: i64, returns: Returns) -> String {
    number(req, n, Some(returns))
}

/// What it is held against.
pub(crate) fn bound(req: &Req, f: &Finding) -> String {
    threshold(req, &f.threshold, f.returns)
}

/// A threshold of a measure that answers so.
pub(crate) fn threshold(req: &Req, t: &Threshold, returns: Option<Returns>) -> String {
    let show = |r: &Ratio| match returns {
        Some(Returns::Ratio) => {
            r.percent().map_or_else(String::new, |p| format!("{}%", p.trim_end_matches(".0")))
        }
        // Bounds are whole in the measure's inside unit.
        returns => number(req, r.of / r.to.max(1), returns),
    };
    match t {
        Threshold::None => String::new(),
        Threshold::Range { min: Some(a), max: Some(b) } => format!("{} – {}", show(a), show(b)),
        Threshold::Range { min: Some(a), max: None } => format!("≥ {}", show(a)),
        Threshold::Range { min: None, max: Some(b) } => format!("≤ {}", show(b)),
        Threshold::Range { .. } => String::new(),
        Threshold::Equals { value } => format!("= {}", show(value)),
        Threshold::Includes { kinds } => names(req, kinds),
        Threshold::AnyOf { kinds } => {
            kinds.iter().map(|k| kind(req, k)).collect::<Vec<_>>().join(&req.t("standards.or"))
        }
        Threshold::Shape { text } => text.clone(),
    }
}

fn number(req: &Req, n: i64, returns: Option<Returns>) -> String {
    match returns {
        Some(Returns::Money) => req.fill("web.wan", &[("n", Money(n).in_wan())]),
        Some(Returns::Days) => {
            let days =
                if n % 10 == 0 { (n / 10).to_string() } else { format!("{}.{}", n / 10, n % 10) };
            req.fill("standards.days", &[("n", days)])
        }
        Some(Returns::Years) => req.fill("standards.years", &[("n", n.to_string())]),
        Some(Returns::Number) => format!("{}.{:02}", n / 100, n % 100),
        _ => n.to_string(),
    }
}

/// The register that keeps records of a kind that facts name, if one does.
pub(crate) fn register(req: &Req, kind: &str) -> Option<&'static Register> {
    let name = match Table::ALL.iter().find(|t| t.record() == kind)? {
        Table::Modes => "operations",
        Table::Honours => "designations",
        Table::Units => "sites",
        table => table.name(),
    };
    req.shell.slices.iter().flat_map(|s| (s.registers)()).find(|r| r.name == name)
}

/// The table of a record that facts name, which is also the subject of its events.
pub(crate) fn subject(req: &Req, kind: &str) -> &'static str {
    match Table::ALL.iter().find(|t| t.record() == kind) {
        Some(Table::Schools) => "org",
        Some(Table::SchoolServices) => "school_placement",
        Some(Table::Services | Table::Worklogs) => "other_time",
        Some(table) => register(req, kind).map_or(table.record(), |r| r.subject),
        None => "",
    }
}

/// The page of a record that facts came from; empty when no register keeps such records, or the reader may not open it.
pub(crate) fn address(req: &Req, kind: &str, id: &str) -> String {
    // What plans list, time that was no service, and schools with their agreements have pages of their own.
    let own = match Table::ALL.iter().find(|t| t.record() == kind) {
        Some(Table::Schools) => Some(("schools.read", format!("/schools/{id}"))),
        Some(Table::SchoolServices) => Some(("schools.read", format!("/schools/placements/{id}"))),
        Some(Table::Services) => Some(("ledger.read", format!("/ledger/items#i-{id}"))),
        Some(Table::Worklogs) => Some(("ledger.rows", format!("/ledger/time?span=year#t-{id}"))),
        _ => None,
    };
    if let Some((capability, href)) = own {
        return if req.can(capability) { href } else { String::new() };
    }
    match register(req, kind) {
        Some(r) if !id.is_empty() && (r.parent != Parent::Person || req.can("people.read")) => {
            format!("/records/{}/{id}", r.name)
        }
        _ => String::new(),
    }
}

/// A value given to a measure: a word of the vocabulary, or yes and no.
pub(crate) fn argument(req: &Req, name: &str, value: &str) -> String {
    match (name, value) {
        (_, "true") => req.t("standards.yes"),
        (_, "false") => req.t("standards.no"),
        ("role", role) => kind_in(req, "posts", role),
        (_, "year") => req.t("standards.this_year"),
        (_, "month") => req.t("standards.this_month"),
        (_, word) => kind(req, word),
    }
}

/// The name of a kind as its own table says it: a worker in posts is a person, among rooms a room.
pub(crate) fn kind_in(req: &Req, table: &str, word: &str) -> String {
    if table == "posts" {
        let key = format!("posts.role.{word}");
        let said = req.t(&key);
        if said != key {
            return said;
        }
    }
    kind(req, word)
}

/// The name of a kind of the pack's vocabulary.
pub(crate) fn kind(req: &Req, word: &str) -> String {
    let key = format!("policy.kind.{word}");
    let said = req.t(&key);
    if said == key { word.to_owned() } else { said }
}

fn names(req: &Req, kinds: &[String]) -> String {
    kinds.iter().map(|k| kind(req, k)).collect::<Vec<_>>().join(&req.t("standards.comma"))
}
