//! The columnar mirror of the facts: one struct of arrays per table, the rows of an owner side by side.
//!
//! An owner is a unit or a person. Each table knows, per owner, through which day it was reported; an owner without rows
//! and without a report is unknown, never zero. Texts live in one arena, kinds in a small vocabulary, so a row is a few
//! integers and a pass over a nation touches no string.
mod build;
mod column;
mod texts;

use std::collections::HashMap;

use kernel::Day;

pub(crate) use column::{Column, Core, NEVER, flag};
pub(crate) use texts::{Texts, Vocab};

use crate::rows::{Table, UnitKind};

/// No unit.
pub(crate) const NONE: u32 = u32::MAX;

/// The facts at hand, ready to be measured.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub(crate) texts: Texts,
    pub(crate) vocab: Vocab,
    pub(crate) units: Units,
    pub(crate) persons: Persons,
    pub(crate) tables: Vec<Column>,
    /// Owners that rows named and nobody introduced.
    pub(crate) orphans: Vec<String>,
}

/// Units, column by column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Units {
    pub id: Vec<u32>,
    pub kind: Vec<UnitKind>,
    pub parent: Vec<u32>,
    pub first_child: Vec<u32>,
    pub next: Vec<u32>,
    /// Registered name (text), when it never changed.
    pub name: Vec<u32>,
    pub short: Vec<u32>,
    pub from: Vec<i32>,
    pub to: Vec<i32>,
    pub flags: Vec<u8>,
    /// Project stage (vocabulary).
    pub stage: Vec<u16>,
    /// Project kind (vocabulary), taken from its row in a programme.
    pub project_kind: Vec<u16>,
    by_id: HashMap<u64, u32>,
}

/// Persons, column by column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Persons {
    pub id: Vec<u32>,
    pub name: Vec<u32>,
    /// First post row of a person; the next one stands in the posts' `next`.
    pub first_post: Vec<u32>,
    by_id: HashMap<u64, u32>,
}

/// Something rules are asked of, inside the mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Owner {
    Unit(u32),
    Person(u32),
}
impl Owner {
    pub(crate) const fn ix(self) -> u32 {
        match self {
            Self::Unit(i) | Self::Person(i) => i,
        }
    }
}

/// Is the table owned by persons rather than units?
pub(crate) const fn of_persons(t: Table) -> bool {
    matches!(
        t,
        Table::Qualifications
            | Table::WorkHistory
            | Table::Agreements
            | Table::Payments
            | Table::Attendances
            | Table::Appraisals
            | Table::Supervisors
    )
}

impl Facts {
    /// Nothing known.
    pub fn new() -> Self {
        Self {
            tables: Table::ALL.iter().map(|t| Column::new(*t)).collect(),
            texts: Texts::new(),
            vocab: Vocab::new(),
            ..Self::default()
        }
    }
    /// All facts of these rows.
    pub fn from_rows(rows: &crate::rows::Rows) -> Self {
        let mut f = Self::new();
        f.append(rows);
        f
    }
    #[inline]
    pub(crate) fn table(&self, t: Table) -> &Column {
        self.tables.get(t as usize).unwrap_or(&column::EMPTY)
    }
    /// Units that rows named and no unit row introduced; their rows are left out.
    pub fn orphans(&self) -> &[String] {
        &self.orphans
    }
    /// How many units there are.
    pub fn unit_count(&self) -> usize {
        self.units.id.len()
    }
    /// How many persons there are.
    pub fn person_count(&self) -> usize {
        self.persons.id.len()
    }
    /// How many rows there are in all tables.
    pub fn row_count(&self) -> usize {
        self.tables.iter().map(Column::rows).sum()
    }
    /// Ids and kinds of all units, in the order they came.
    pub fn units(&self) -> impl Iterator<Item = (&str, UnitKind)> {
        self.units.id.iter().zip(&self.units.kind).map(|(id, k)| (self.texts.get(*id), *k))
    }
    /// The kind of a unit, or [`UnitKind::Person`] for a person.
    pub fn kind_of(&self, id: &str) -> Option<UnitKind> {
        match self.owner(id)? {
            Owner::Unit(u) => self.units.kind.get(u as usize).copied(),
            Owner::Person(_) => Some(UnitKind::Person),
        }
    }
    pub(crate) fn unit(&self, id: &str) -> Option<u32> {
        texts::find(&self.units.by_id, &self.texts, &self.units.id, id)
    }
    pub(crate) fn person(&self, id: &str) -> Option<u32> {
        texts::find(&self.persons.by_id, &self.texts, &self.persons.id, id)
    }
    pub(crate) fn owner(&self, id: &str) -> Option<Owner> {
        self.unit(id).map(Owner::Unit).or_else(|| self.person(id).map(Owner::Person))
    }
    pub(crate) fn owner_id(&self, o: Owner) -> &str {
        let ids = if let Owner::Unit(_) = o { &self.units.id } else { &self.persons.id };
        ids.get(o.ix() as usize).map_or("", |t| self.texts.get(*t))
    }
    pub(crate) fn parent(&self, unit: u32) -> Option<u32> {
        self.units.parent.get(unit as usize).copied().filter(|p| *p != NONE)
    }
    /// The unit itself or the nearest one above of this kind.
    pub(crate) fn above(&self, unit: u32, kind: UnitKind) -> Option<u32> {
        let mut at = Some(unit);
        // A region tree is shallow; the limit keeps a loop in bad data from hanging the engine.
        for _ in 0..16 {
            let u = at?;
            if self.units.kind.get(u as usize) == Some(&kind) {
                return Some(u);
            }
            at = self.parent(u);
        }
        None
    }
    /// Calls `f` for every unit below, the nearest first.
    pub(crate) fn below(&self, unit: u32, f: &mut impl FnMut(u32)) {
        self.below_to(unit, 0, f);
    }
    fn below_to(&self, unit: u32, depth: u32, f: &mut impl FnMut(u32)) {
        if depth > 16 {
            return;
        }
        let mut child = self.units.first_child.get(unit as usize).copied().unwrap_or(NONE);
        while child != NONE {
            f(child);
            self.below_to(child, depth + 1, f);
            child = self.units.next.get(child as usize).copied().unwrap_or(NONE);
        }
    }
    /// Does the unit exist on this day?
    #[inline]
    pub(crate) fn exists(&self, unit: u32, day: i32) -> bool {
        let u = unit as usize;
        matches!((self.units.from.get(u), self.units.to.get(u)), (Some(f), Some(t)) if *f <= day && day < *t)
    }
    pub(crate) fn unit_flag(&self, unit: u32, bit: u8) -> bool {
        self.units.flags.get(unit as usize).is_some_and(|f| f & bit != 0)
    }
    /// The registered name on this day (a text): a dated one, or the one it has now.
    #[inline]
    pub(crate) fn name_on(&self, unit: u32, day: i32) -> Option<u32> {
        let names = self.table(Table::Units);
        let dated = names.rows_of(unit).find(|(_, row)| row.live(day));
        let text = match dated {
            Some((i, _)) => names.label(i),
            None => self.units.name.get(unit as usize).copied().filter(|t| *t != 0)?,
        };
        Some(text)
    }
    pub(crate) fn short_name(&self, unit: u32) -> Option<&str> {
        self.units.short.get(unit as usize).map(|t| self.texts.get(*t)).filter(|t| !t.is_empty())
    }
    /// How the unit is run on this day (vocabulary), if recorded.
    pub(crate) fn mode_on(&self, unit: u32, day: i32) -> Option<u16> {
        self.table(Table::Modes).slice(unit).iter().find(|m| m.live(day)).map(|m| m.kind)
    }
    /// Through which day this table was reported for the unit or person of this id.
    pub fn reported_through(&self, table: Table, id: &str) -> Option<Day> {
        let through = self.table(table).reported(self.owner(id)?.ix());
        (through != NEVER).then_some(Day(through))
    }
    /// A name to show for a person, or for a unit now.
    pub fn label(&self, id: &str) -> String {
        match self.owner(id) {
            Some(Owner::Unit(u)) => self.unit_label(u).to_owned(),
            Some(Owner::Person(p)) => self.person_label(p).to_owned(),
            None => id.to_owned(),
        }
    }
    pub(crate) fn unit_label(&self, u: u32) -> &str {
        let name = self.units.name.get(u as usize).map_or("", |t| self.texts.get(*t));
        if name.is_empty() {
            self.short_name(u).unwrap_or_else(|| self.owner_id(Owner::Unit(u)))
        } else {
            name
        }
    }
    pub(crate) fn person_label(&self, p: u32) -> &str {
        let name = self.persons.name.get(p as usize).map_or("", |t| self.texts.get(*t));
        if name.is_empty() { self.owner_id(Owner::Person(p)) } else { name }
    }
}
