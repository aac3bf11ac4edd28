//! Running sheets through the registers' own acts: the dry run and the commit are the same run, one of them undone.
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use access::Cx;
use db::{Error, Result, Tx};
use kernel::{Refusal, Refusals};
use papers::{Cell, Table, TableRow};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use web::register::acts::{Outcome, add, amend, parent_of};
use web::register::{Input, Kind, Object, Register, text};

use crate::house::House;
use crate::model::{Changed, Report, RowFault, SheetCount, Slot};
use crate::sheet::{input_of, parent_kind};

/// Faults that are kept for showing; the rest are counted.
const MOST_FAULTS: usize = 500;

/// One sheet of an upload and what its columns are taken for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SheetDraft {
    pub register: String,
    pub table: Table,
    pub map: Vec<Slot>,
}

impl SheetDraft {
    /// Required columns that no column of the upload is taken for; none are needed where rows are found by their id.
    pub fn lacking(&self, register: &Register) -> Vec<Slot> {
        if self.map.contains(&Slot::Id) {
            return Vec::new();
        }
        let parent = parent_kind(register).map(|_| Slot::Parent);
        let fields = register.fields.iter().filter(|f| f.required);
        parent
            .into_iter()
            .chain(fields.map(|f| Slot::Field(f.name.to_owned())))
            .filter(|s| !self.map.contains(s))
            .collect()
    }
}

/// Runs the sheets in the registers' order, so that later sheets may point to rows of earlier ones. Rows that are refused are reported
/// and leave no trace; the others are kept in this transaction. `progress` counts rows.
///
/// # Errors
/// Denied, or the engine's fault; refusals of rows are in the report.
pub fn run(
    tx: &mut Tx<'_>,
    cx: &Cx,
    house: &House,
    sheets: &[SheetDraft],
    progress: &AtomicUsize,
) -> Result<Report> {
    cx.may("import.run")?;
    let mut report = Report::default();
    for register in house.registers.iter() {
        for sheet in sheets.iter().filter(|s| s.register == register.name) {
            cx.may(register.write)?;
            let mut run = SheetRun::begin(tx, cx, house, register, sheet)?;
            for row in &sheet.table.rows {
                let outcome = tx.attempt(|tx| run.row(tx, row));
                run.note(row, outcome, &mut report)?;
                progress.fetch_add(1, Ordering::Relaxed);
            }
            report.sheets.push(run.count);
        }
    }
    Ok(report)
}

/// A record found by what names it: its roster key, its number, or its parent with its keys.
#[derive(Default)]
struct Known {
    by_key: HashMap<Vec<String>, String>,
    /// By external id or number: the id, and the external id it bears.
    by_name: HashMap<(&'static str, String), (String, String)>,
}

struct SheetRun<'a> {
    cx: &'a Cx,
    house: &'a House,
    register: &'static Register,
    sheet: &'a SheetDraft,
    known: Known,
    /// Records this sheet touched, and in which row.
    seen: HashMap<String, u32>,
    parents: HashMap<String, String>,
    count: SheetCount,
}

struct Touched {
    outcome: Outcome,
    id: String,
    seq: i64,
    before: Option<Object>,
}

impl Known {
    fn learn(&mut self, register: &Register, o: &Object) {
        let id = text(o, "id").to_owned();
        let external = text(o, "external_id").to_owned();
        for field in naming(register) {
            let name = text(o, field).to_owned();
            if !name.is_empty() {
                self.by_name.insert((field, name), (id.clone(), external.clone()));
            }
        }
        if let Some(key) = key_of(register, o) {
            self.by_key.insert(key, id);
        }
    }
}

/// Fields whose value names one record all by itself.
fn naming(register: &Register) -> impl Iterator<Item = &'static str> {
    let alone = |f: &&web::register::Field| f.name == "external_id" || f.kind == Kind::IdNumber;
    register.fields.iter().filter(alone).map(|f| f.name)
}

/// The parent and the keys of a record; none when all keys are empty.
fn key_of(register: &Register, o: &Object) -> Option<Vec<String>> {
    let parent = parent_kind(register).map(|_| parent_of(register, o).to_owned());
    let keys: Vec<String> = register.keys.iter().map(|k| plain(o.get(*k))).collect();
    if keys.iter().all(String::is_empty) {
        return None;
    }
    Some(parent.into_iter().chain(keys).collect())
}

fn plain(v: Option<&Json>) -> String {
    match v {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(s)) => s.clone(),
        Some(other) => other.to_string(),
    }
}

impl<'a> SheetRun<'a> {
    fn begin(
        tx: &mut Tx<'_>,
        cx: &'a Cx,
        house: &'a House,
        register: &'static Register,
        sheet: &'a SheetDraft,
    ) -> Result<Self> {
        let mut known = Known::default();
        for o in register.under(tx, cx)? {
            known.learn(register, &o);
        }
        let count = SheetCount {
            register: register.name.to_owned(),
            rows: sheet.table.rows.len(),
            ..SheetCount::default()
        };
        Ok(Self {
            cx,
            house,
            register,
            sheet,
            known,
            seen: HashMap::new(),
            parents: HashMap::new(),
            count,
        })
    }

    /// The cells of a row as input, its id and its parent's name.
    fn read(&self, row: &TableRow) -> std::result::Result<(Input, String, String), Refusals> {
        let (mut input, mut id, mut parent) = (Input::new(), String::new(), String::new());
        let mut no = Refusals::none();
        for (slot, cell) in self.sheet.map.iter().zip(&row.cells) {
            match slot {
                Slot::None => {}
                Slot::Id => id = cell.text(),
                Slot::Parent => parent = cell.text(),
                Slot::Field(name) => {
                    let Some(field) = self.register.field(name) else { continue };
                    match input_of(self.house, self.register, field, cell) {
                        Ok(typed) => {
                            input.insert(name.clone(), typed);
                        }
                        Err(r) => no.push(Refusal { field: Some(name.clone()), ..r }),
                    }
                }
            }
        }
        no.done().map(|()| (input, id, parent))
    }

    fn row(&mut self, tx: &mut Tx<'_>, row: &TableRow) -> Result<Touched> {
        let (input, id, parent) = self.read(row)?;
        let parent = self.parent(tx, &parent)?;
        let found =
            if id.is_empty() { self.find(tx, &input, parent.as_deref())? } else { Some(id) };
        if let Some(earlier) = found.as_ref().and_then(|id| self.seen.get(id)) {
            return Err(Refusal::new("exchange.twice").with("row", earlier).into());
        }
        let resolve = self.house.resolve;
        if let Some(id) = found {
            let before = self
                .register
                .find(tx, &id)?
                .ok_or_else(|| Error::from(Refusal::new("exchange.row_id_unknown")))?;
            if parent.is_some_and(|p| p != parent_of(self.register, &before)) {
                return Err(Refusal::at("@parent", "exchange.parent_moves").into());
            }
            let kept = amend(tx, self.cx, self.register, &id, &input, None, resolve)?;
            return Ok(Touched {
                outcome: kept.outcome,
                id,
                seq: kept.version,
                before: Some(before),
            });
        }
        let parent = match (parent, parent_kind(self.register)) {
            (None, Some(_)) => return Err(Refusal::at("@parent", "register.missing").into()),
            (parent, _) => parent.unwrap_or_default(),
        };
        let kept = add(tx, self.cx, self.register, &parent, &input, resolve)?;
        // A later row of this sheet may mean the same record.
        if let Some(o) = self.register.find(tx, &kept.id)? {
            self.known.learn(self.register, &o);
        }
        Ok(Touched { outcome: kept.outcome, id: kept.id, seq: kept.version, before: None })
    }

    fn parent(&mut self, tx: &mut Tx<'_>, typed: &str) -> Result<Option<String>> {
        let Some(kind) = parent_kind(self.register) else { return Ok(None) };
        if typed.is_empty() {
            return Ok(None);
        }
        if let Some(id) = self.parents.get(typed) {
            return Ok(Some(id.clone()));
        }
        let unknown =
            if kind == Kind::Site { "register.site_unknown" } else { "register.person_unknown" };
        let id = (self.house.resolve)(tx, self.cx, kind, typed)?
            .ok_or_else(|| Error::from(Refusal::at("@parent", unknown)))?;
        self.parents.insert(typed.to_owned(), id.clone());
        Ok(Some(id))
    }

    /// The record this row means, if it is there already.
    fn find(&self, tx: &mut Tx<'_>, input: &Input, parent: Option<&str>) -> Result<Option<String>> {
        let external = input.get("external_id").map(String::as_str).unwrap_or_default();
        for field in naming(self.register) {
            let Some(typed) = input.get(field).filter(|t| !t.is_empty()) else { continue };
            if let Some((id, bears)) = self.known.by_name.get(&(field, typed.clone())) {
                // The same number under another roster key is another row's person: the register says so.
                if field == "external_id" || external.is_empty() || bears.is_empty() {
                    return Ok(Some(id.clone()));
                }
            }
        }
        if !external.is_empty() && self.register.keys == ["external_id"] {
            return Ok(None);
        }
        let mut key: Vec<String> = parent.map(str::to_owned).into_iter().collect();
        for name in self.register.keys {
            let typed = input.get(*name).map(String::as_str).unwrap_or_default();
            let kind = self.register.field(name).map(|f| f.kind);
            key.push(match kind {
                Some(kind @ (Kind::Person | Kind::Org | Kind::Site | Kind::Region))
                    if !typed.is_empty() =>
                {
                    (self.house.resolve)(tx, self.cx, kind, typed)?.unwrap_or_default()
                }
                Some(Kind::Text(_)) => typed.split_whitespace().collect::<Vec<_>>().join(" "),
                _ => typed.to_owned(),
            });
        }
        Ok(self.known.by_key.get(&key).cloned())
    }

    /// Counts a row and keeps what was wrong with it.
    fn note(
        &mut self,
        row: &TableRow,
        outcome: Result<Touched>,
        report: &mut Report,
    ) -> Result<()> {
        let refusals = match outcome {
            Ok(t) => return self.kept(row, t, report),
            Err(Error::Refused(no)) => no.0,
            Err(Error::Missing) => vec![Refusal::new("exchange.out_of_sight")],
            Err(Error::Broken(cause)) => {
                tracing::warn!(cause, register = self.register.name, "a row broke");
                vec![Refusal::new("exchange.row_broken")]
            }
            Err(other) => return Err(other),
        };
        self.count.faulty += 1;
        for refusal in refusals {
            if report.faults.len() >= MOST_FAULTS {
                break;
            }
            let at = refusal.field.as_deref().and_then(|f| self.at(f));
            report.faults.push(RowFault {
                register: self.register.name,
                row: row.number,
                column: self.column(&refusal, at),
                cell: at.and_then(|i| row.cells.get(i)).map_or_else(String::new, short),
                refusal,
            });
        }
        Ok(())
    }

    fn kept(&mut self, row: &TableRow, t: Touched, report: &mut Report) -> Result<()> {
        match t.outcome {
            Outcome::Added => self.count.added += 1,
            Outcome::Amended => self.count.amended += 1,
            Outcome::Unchanged => self.count.unchanged += 1,
        }
        self.seen.insert(t.id.clone(), row.number);
        if t.outcome != Outcome::Unchanged {
            report.changed.push(Changed {
                register: self.register.name,
                subject: self.register.subject,
                id: t.id,
                seq: t.seq,
                before: t.before.map(Json::Object),
            });
        }
        Ok(())
    }

    fn at(&self, field: &str) -> Option<usize> {
        self.sheet.map.iter().position(|s| match s {
            Slot::Parent => field == "@parent",
            Slot::Field(name) => name == field,
            _ => false,
        })
    }
    fn column(&self, refusal: &Refusal, at: Option<usize>) -> String {
        at.and_then(|i| self.sheet.table.columns.get(i))
            .cloned()
            .or_else(|| refusal.field.clone())
            .unwrap_or_default()
    }
}

/// What a cell says, short enough for a table.
fn short(cell: &Cell) -> String {
    cell.text().chars().take(40).collect()
}
