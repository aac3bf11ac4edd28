//! Records as a person reads them: words for choices, names for ids, numbers masked.
use std::collections::HashMap;

use access::Cx;
use db::{Result, Tx};
use kernel::{Day, Period, numbers};
use serde_json::Value as Json;
use web::register::{Field, Kind, Object, Register, text};
use web::{Choice, Req};

use crate::model::{Evidence, EvidenceState};
use crate::store;

/// One cell of a table: what it says and where it leads.
#[derive(Clone, Debug, Default)]
pub(crate) struct CellView {
    pub label: String,
    pub text: String,
    pub href: String,
}

/// One record.
#[derive(Clone, Debug)]
pub(crate) struct RowView {
    pub id: String,
    pub cells: Vec<CellView>,
    /// `live`, `ended` or `ahead`.
    pub state: &'static str,
    pub edit: String,
    /// Where evidence is added; empty for whoever may not.
    pub prove: String,
    pub proofs: Vec<Proof>,
}

/// One register of a site or person.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    pub name: &'static str,
    pub title: String,
    pub heads: Vec<String>,
    pub rows: Vec<RowView>,
    /// Where a record is added; empty for whoever may not.
    pub add: String,
    /// Nothing recorded and nobody said that there is none.
    pub silent: bool,
    /// Somebody said that there is none.
    pub none: bool,
    /// Where that is said.
    pub say_none: String,
}

/// A piece of evidence beside its record.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub id: String,
    pub file: String,
    pub image: bool,
    pub state: &'static str,
    pub colour: &'static str,
    pub note: String,
    pub taken: String,
    pub reason: String,
    pub by: String,
    pub mine: bool,
    pub what: String,
    pub site: String,
    pub site_href: String,
}

/// Names of what ids point to, asked once each.
#[derive(Default)]
pub(crate) struct Names(HashMap<String, String>);

impl Names {
    /// The name behind a reference; the id when it is out of sight.
    pub(crate) fn of(&mut self, tx: &mut Tx<'_>, cx: &Cx, kind: Kind, id: &str) -> Result<String> {
        if id.is_empty() {
            return Ok(String::new());
        }
        if let Some(name) = self.0.get(id) {
            return Ok(name.clone());
        }
        let name = match kind {
            // A record that may be seen names its person: the name goes with the record, the file behind it does not.
            Kind::Person => registry::people::find(tx, &id.into())?.map(|p| p.name),
            Kind::Org => registry::org::find(tx, &id.into())?.map(|o| o.name),
            Kind::Site => store::site(tx, cx, id)?.map(|s| s.name),
            Kind::Region => Some(registry::region::name_of(tx, &id.into())?),
            _ => None,
        }
        .unwrap_or_else(|| "—".to_owned());
        self.0.insert(id.to_owned(), name.clone());
        Ok(name)
    }
}

/// A field of a record in words.
pub(crate) fn cell(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    names: &mut Names,
    register: &Register,
    field: &Field,
    o: &Object,
) -> Result<CellView> {
    let plain = match o.get(field.name) {
        Some(Json::String(s)) => s.clone(),
        Some(Json::Number(n)) => n.to_string(),
        Some(Json::Bool(b)) => if *b { "✓" } else { "" }.to_owned(),
        _ => String::new(),
    };
    let word = |w: &str| req.t(&format!("{}.{}.{w}", register.name, field.name));
    let mut href = String::new();
    let text = match field.kind {
        _ if plain.is_empty() => String::new(),
        Kind::Choice(_) => word(&plain),
        Kind::Many(_) => plain.split(',').map(word).collect::<Vec<_>>().join(" · "),
        Kind::IdNumber => numbers::mask_id(&plain),
        Kind::Phone => numbers::mask_phone(&plain),
        Kind::Person | Kind::Org | Kind::Site | Kind::Region => {
            href = match field.kind {
                Kind::Person if req.can("people.read") => format!("/people/{plain}"),
                Kind::Site => format!("/sites/{plain}"),
                _ => String::new(),
            };
            names.of(tx, cx, field.kind, &plain)?
        }
        _ => plain,
    };
    Ok(CellView { label: req.t(&format!("{}.{}", register.name, field.name)), text, href })
}

/// Does a stretch hold on a day?
pub(crate) fn state(since: Option<Day>, until: Option<Day>, today: Day) -> &'static str {
    let mine = Period { from: since.unwrap_or(Day::MIN), to: until };
    if mine.holds_on(today) {
        "live"
    } else if mine.from > today {
        "ahead"
    } else {
        "ended"
    }
}

/// The records of a register under one parent, as a table. Columns that no record fills are left out.
pub(crate) fn grid(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    register: &'static Register,
    parent: &str,
    evidence: &[Evidence],
) -> Result<Grid> {
    let records = register.of_parent(tx, parent)?;
    table(tx, cx, req, register, parent, records, evidence)
}

/// These records of a register as a table.
pub(crate) fn table(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    register: &'static Register,
    parent: &str,
    records: Vec<Object>,
    evidence: &[Evidence],
) -> Result<Grid> {
    let writes = req.can(register.write);
    let proves = req.can("evidence.add") && register.parent == web::register::Parent::Site;
    let hidden = ["external_id", "duty", "note"];
    let columns: Vec<&Field> = register
        .fields
        .iter()
        .filter(|f| !hidden.contains(&f.name))
        .filter(|f| {
            f.name == "since"
                || records.iter().any(|o| o.get(f.name).is_some_and(|v| !v.is_null() && v != ""))
        })
        .collect();
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(records.len());
    for o in &records {
        let id = text(o, "id").to_owned();
        let mut cells = Vec::with_capacity(columns.len());
        for field in &columns {
            cells.push(cell(tx, cx, req, &mut names, register, field, o)?);
        }
        let mut proofs = Vec::new();
        for e in evidence.iter().filter(|e| e.subject == register.subject && e.record == id) {
            proofs.push(proof(tx, cx, req, e)?);
        }
        rows.push(RowView {
            state: state(
                web::register::day(o, "since"),
                web::register::day(o, "until"),
                cx.today(),
            ),
            cells,
            edit: if writes { format!("/records/{}/{id}", register.name) } else { String::new() },
            prove: if proves {
                format!("/records/{}/{id}/evidence", register.name)
            } else {
                String::new()
            },
            proofs,
            id,
        });
    }
    // What holds comes first.
    rows.sort_by_key(|r| ["live", "ahead", "ended"].iter().position(|s| *s == r.state));
    let of_site = register.parent == web::register::Parent::Site;
    let none =
        of_site && rows.is_empty() && store::reported(tx, &parent.into(), register.name)?.is_some();
    Ok(Grid {
        name: register.name,
        title: req.t(&format!("{}.heading", register.name)),
        heads: columns.iter().map(|f| req.t(&format!("{}.{}", register.name, f.name))).collect(),
        add: if writes {
            format!("/records/{}/new?of={parent}", register.name)
        } else {
            String::new()
        },
        silent: of_site && rows.is_empty() && !none,
        none,
        say_none: if writes && of_site {
            format!("/sites/{parent}/{}/none", register.name)
        } else {
            String::new()
        },
        rows,
    })
}

/// A piece of evidence in words.
pub(crate) fn proof(tx: &mut Tx<'_>, cx: &Cx, req: &Req, e: &Evidence) -> Result<Proof> {
    let file = registry::file::find(tx, &e.file)?;
    let by = author(tx, req, &e.by_account)?;
    let state = e.state(cx.today());
    let what = match crate::registers::of_subject(&e.subject) {
        Some(register) => match register.find(tx, &e.record)? {
            Some(o) => title(tx, cx, req, register, &o)?,
            None => req.t(&format!("subject.{}", e.subject)),
        },
        None => e.subject.clone(),
    };
    let site = store::site(tx, cx, e.site.as_str())?.map_or_else(String::new, |s| s.name);
    Ok(Proof {
        id: e.id.0.clone(),
        file: format!("/evidence/{}/file", e.id),
        image: file.is_some_and(|f| f.mime.starts_with("image/")),
        state: state.as_str(),
        colour: match state {
            EvidenceState::Waiting => "blue",
            EvidenceState::Accepted => "green",
            EvidenceState::Returned => "red",
            EvidenceState::Stale => "yellow",
        },
        note: e.note.clone().unwrap_or_default(),
        taken: e.taken.to_string(),
        reason: e.reason.clone().unwrap_or_default(),
        mine: e.by_account == cx.actor.account().0,
        by,
        what,
        site,
        site_href: format!("/sites/{}", e.site),
    })
}

/// Who did something, by name; what the program did by itself is the system's.
pub(crate) fn author(tx: &mut Tx<'_>, req: &Req, account: &str) -> Result<String> {
    Ok(match access::find_account(tx, &account.into())? {
        Some(a) => a.name,
        None if account == "system" => req.t("sites.system"),
        None => account.to_owned(),
    })
}

/// A record in a few words, as a heading or a line of the history.
pub(crate) fn title(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    register: &Register,
    o: &Object,
) -> Result<String> {
    let mut names = Names::default();
    let mut words = Vec::new();
    for name in ["person", "name", "title", "role", "mode", "honour", "kind", "level"] {
        let Some(field) = register.field(name) else { continue };
        if words.len() == 2 || (words.len() == 1 && !matches!(name, "role" | "level")) {
            continue;
        }
        let shown = cell(tx, cx, req, &mut names, register, field, o)?.text;
        if !shown.is_empty() {
            words.push(shown);
        }
    }
    Ok(words.join(" · "))
}

/// The options of a field's choice: its words, or what a reference may point to in the asker's scope.
pub(crate) fn options(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    register: &Register,
    field: &Field,
) -> Result<Vec<Choice>> {
    let choice = |value: &str, label: String| Choice { value: value.to_owned(), label };
    Ok(match field.kind {
        Kind::Choice(words) | Kind::Many(words) => words
            .iter()
            .map(|w| choice(w, req.t(&format!("{}.{}.{w}", register.name, field.name))))
            .collect(),
        Kind::Person => store::people(tx, cx)?
            .iter()
            .map(|p| choice(p.id.as_str(), with_key(&p.name, p.external_id.as_deref())))
            .collect(),
        Kind::Org => registry::org::all(tx, None)?
            .iter()
            .map(|o| choice(o.id.as_str(), o.name.clone()))
            .collect(),
        Kind::Site => {
            store::sites(tx, cx)?.iter().map(|s| choice(s.id.as_str(), s.name.clone())).collect()
        }
        Kind::Region => regions(tx, cx)?,
        _ => Vec::new(),
    })
}

fn with_key(name: &str, key: Option<&str>) -> String {
    key.map_or_else(|| name.to_owned(), |k| format!("{name}（{k}）"))
}

/// The regions of the asker's scope, each under its street.
pub(crate) fn regions(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Choice>> {
    use registry::region::RegionKind as K;
    let mut street = String::new();
    Ok(registry::region::under(tx, &cx.actor.scope().path)?
        .into_iter()
        .filter(|r| !matches!(r.kind, K::Province | K::City))
        .map(|r| {
            if r.kind == K::Street {
                street.clone_from(&r.name);
            }
            let label =
                if r.is_neighbourhood() { format!("{street} / {}", r.name) } else { r.name };
            Choice { value: r.id.0, label }
        })
        .collect())
}
