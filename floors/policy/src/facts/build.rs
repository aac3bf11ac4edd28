//! Rows into columns, and one owner's rows in the place of those it had.
use kernel::Day;

use super::column::{Cells, flag};
use super::{Facts, NONE, Owner, of_persons, texts};
use crate::rows::*;

/// Rows of one table on their way into columns: owner and cells.
type Batch = Vec<(u32, Cells)>;

const fn end(to: Option<Day>) -> i32 {
    match to {
        Some(d) => d.0,
        None => Day::MAX.0,
    }
}
const fn span(from: Day, to: Option<Day>) -> Cells {
    Cells {
        from: from.0,
        to: end(to),
        kind: 0,
        sub: 0,
        aux: 0,
        who: 0,
        n: 0,
        flags: 0,
        rec: 0,
        label: 0,
    }
}
const fn on(day: Day) -> Cells {
    span(day, Some(day.plus_days(1)))
}
const fn bit(set: bool, bit: u8) -> u8 {
    if set { bit } else { 0 }
}

/// The days of a calendar year, half-open.
pub(crate) fn year_days(year: i32) -> (Day, Day) {
    let day = |y: i32| Day::of(i16::try_from(y).unwrap_or(1), 1, 1).unwrap_or(Day::MIN);
    (day(year), day(year + 1))
}

impl Facts {
    /// Adds these rows to those at hand. Units and persons already known are brought up to date.
    pub fn append(&mut self, rows: &Rows) {
        for u in &rows.units {
            self.put_unit(u);
        }
        for u in &rows.units {
            self.hang(u);
        }
        for p in &rows.persons {
            let ix = self.add_person(&p.id);
            let name = self.texts.add(&p.name);
            if let Some(n) = self.persons.name.get_mut(ix as usize) {
                *n = name;
            }
        }
        for p in &rows.projects {
            self.put_project_unit(p);
        }
        self.put_site_rows(rows);
        self.put_project_rows(rows);
        self.put_person_rows(rows);
        self.put_district_rows(rows);
        self.put_names_and_modes(rows);
        for r in &rows.reports {
            self.report(r);
        }
    }

    /// Puts `rows` in the place of everything these owners (units or persons) had. Other owners keep theirs.
    pub fn replace(&mut self, owners: &[&str], rows: &Rows) {
        self.replace_in(Table::ALL, owners, rows);
    }
    /// The same in these tables alone: what stands in others stays.
    pub fn replace_in(&mut self, tables: &[Table], owners: &[&str], rows: &Rows) {
        for id in owners {
            let Some(owner) = self.owner(id) else { continue };
            let persons = matches!(owner, Owner::Person(_));
            if !persons && tables.contains(&Table::Posts) {
                self.unchain(owner.ix());
            }
            for t in tables {
                if of_persons(*t) == persons
                    && let Some(c) = self.tables.get_mut(*t as usize)
                {
                    c.clear(owner.ix());
                }
            }
        }
        self.append(rows);
        if self.tables.iter().any(super::Column::wasteful) {
            self.compact();
        }
    }

    /// Leaves behind the rows and texts that changes have replaced.
    fn compact(&mut self) {
        let mut texts = super::Texts::new();
        let (units, persons) = (&mut self.units, &mut self.persons);
        for column in
            [&mut units.id, &mut units.name, &mut units.short, &mut persons.id, &mut persons.name]
        {
            for t in column {
                *t = texts.take(&self.texts, *t);
            }
        }
        for column in &mut self.tables {
            *column = column.compacted(|t| texts.take(&self.texts, t));
        }
        self.texts = texts;
        self.persons.first_post.fill(NONE);
        for unit in 0..u32::try_from(self.unit_count()).unwrap_or(0) {
            self.chain(unit);
        }
    }

    /// Hands back memory that growing left over; worth it once, after a large load.
    pub fn shrink(&mut self) {
        self.tables.iter_mut().for_each(super::Column::shrink);
    }

    fn put_unit(&mut self, u: &UnitRow) {
        let ix = self.add_unit(&u.id, u.kind);
        let (name, short) = (self.texts.add(&u.name), self.texts.add(&u.short_name));
        let stage = self.vocab.add(&u.stage);
        let at = ix as usize;
        let units = &mut self.units;
        let flags = bit(u.village, flag::VILLAGE)
            | bit(u.purchased_by_government, flag::PURCHASED)
            | bit(u.professional, flag::PROFESSIONAL);
        let set = |col: &mut Vec<u32>, v| {
            if let Some(c) = col.get_mut(at) {
                *c = v;
            }
        };
        set(&mut units.name, name);
        set(&mut units.short, short);
        if let (Some(f), Some(t)) = (units.from.get_mut(at), units.to.get_mut(at)) {
            (*f, *t) = (u.from.0, end(u.to));
        }
        if let (Some(f), Some(s)) = (units.flags.get_mut(at), units.stage.get_mut(at)) {
            (*f, *s) = (flags, stage);
        }
    }

    fn add_unit(&mut self, id: &str, kind: UnitKind) -> u32 {
        if let Some(ix) = self.unit(id) {
            return ix;
        }
        let ix = u32::try_from(self.units.id.len()).unwrap_or(NONE);
        texts::remember(&mut self.units.by_id, id, ix);
        let id = self.texts.add(id);
        let u = &mut self.units;
        u.id.push(id);
        u.kind.push(kind);
        u.parent.push(NONE);
        u.first_child.push(NONE);
        u.next.push(NONE);
        u.name.push(0);
        u.short.push(0);
        u.from.push(Day::MIN.0);
        u.to.push(Day::MAX.0);
        u.flags.push(0);
        u.stage.push(0);
        u.project_kind.push(0);
        ix
    }

    fn add_person(&mut self, id: &str) -> u32 {
        if let Some(ix) = self.person(id) {
            return ix;
        }
        let ix = u32::try_from(self.persons.id.len()).unwrap_or(NONE);
        texts::remember(&mut self.persons.by_id, id, ix);
        let id = self.texts.add(id);
        self.persons.id.push(id);
        self.persons.name.push(0);
        self.persons.first_post.push(NONE);
        ix
    }

    /// Hangs a unit under its parent, taking it from another one if need be.
    fn hang(&mut self, u: &UnitRow) {
        let parent = u.parent.as_deref().and_then(|p| self.unit(p)).unwrap_or(NONE);
        if let Some(ix) = self.unit(&u.id) {
            self.hang_under(ix, parent);
        }
    }

    fn hang_under(&mut self, ix: u32, parent: u32) {
        let units = &mut self.units;
        let old = units.parent.get(ix as usize).copied().unwrap_or(NONE);
        if old == parent {
            return;
        }
        let after = units.next.get(ix as usize).copied().unwrap_or(NONE);
        if let Some(first) = units.first_child.get(old as usize).copied() {
            if first == ix {
                if let Some(f) = units.first_child.get_mut(old as usize) {
                    *f = after;
                }
            } else if let Some(before) = units.next.iter_mut().find(|n| **n == ix) {
                *before = after;
            }
        }
        let mut head = NONE;
        if let Some(first) = units.first_child.get_mut(parent as usize) {
            head = *first;
            *first = ix;
        }
        if let (Some(n), Some(p)) =
            (units.next.get_mut(ix as usize), units.parent.get_mut(ix as usize))
        {
            (*n, *p) = (head, parent);
        }
    }

    fn put_project_unit(&mut self, p: &ProjectRow) {
        let ix = self.add_unit(&p.id, UnitKind::Project);
        let (title, kind) = (self.texts.add(&p.title), self.vocab.add(&p.kind));
        if let Some(k) = self.units.project_kind.get_mut(ix as usize) {
            *k = kind;
        }
        if let Some(n) = self.units.name.get_mut(ix as usize).filter(|n| **n == 0) {
            *n = title;
        }
        if let (Some(f), Some(t)) =
            (self.units.from.get_mut(ix as usize), self.units.to.get_mut(ix as usize))
            && *f == Day::MIN.0
            && *t == Day::MAX.0
        {
            (*f, *t) = (p.from.0, end(p.to));
        }
        if self.parent(ix).is_none()
            && let Some(site) = self.unit(&p.unit)
        {
            self.hang_under(ix, site);
        }
    }

    pub(super) fn owner_of(&mut self, unit: &str) -> Option<u32> {
        let found = self.unit(unit);
        if found.is_none() && !unit.is_empty() && !self.orphans.iter().any(|o| o == unit) {
            self.orphans.push(unit.to_owned());
        }
        found
    }

    fn lay(&mut self, t: Table, mut batch: Batch) {
        batch.sort_by_key(|(owner, _)| *owner);
        for group in batch.chunk_by(|a, b| a.0 == b.0) {
            let Some((owner, _)) = group.first() else { continue };
            if t == Table::Posts {
                self.unchain(*owner);
            }
            if let Some(column) = self.tables.get_mut(t as usize) {
                column.put(*owner, group.iter().map(|(_, c)| *c));
            }
            if t == Table::Posts {
                self.chain(*owner);
            }
        }
    }

    /// Chains a unit's posts to the other posts of their holders, so that a post held elsewhere is found without a search.
    pub(super) fn chain(&mut self, owner: u32) {
        let Some(posts) = self.tables.get_mut(Table::Posts as usize) else { return };
        let (from, to) = posts.span(owner);
        for i in from..to {
            let Some(head) = self.persons.first_post.get_mut(posts.who(i) as usize) else {
                continue;
            };
            let before = std::mem::replace(head, i);
            if let Some(next) = posts.next.get_mut(i as usize) {
                *next = before;
            }
            if before != NONE {
                posts.mark_another(before);
                posts.mark_another(i);
            }
        }
    }
    /// Takes a unit's posts out of their holders' chains, before they move or go.
    fn unchain(&mut self, owner: u32) {
        let Some(posts) = self.tables.get_mut(Table::Posts as usize) else { return };
        let (from, to) = posts.span(owner);
        for i in from..to {
            let after = posts.next.get(i as usize).copied().unwrap_or(NONE);
            let Some(head) = self.persons.first_post.get_mut(posts.who(i) as usize) else {
                continue;
            };
            if *head == i {
                *head = after;
                continue;
            }
            let mut at = *head;
            while let Some(next) = posts.next.get_mut(at as usize) {
                if *next == i {
                    *next = after;
                    break;
                }
                at = *next;
            }
        }
    }

    fn report(&mut self, r: &ReportRow) {
        let mut put = |t: Table, owner: Option<u32>| {
            if let Some(c) = self.tables.get_mut(t as usize) {
                c.report(owner, r.through.0);
            }
        };
        if r.unit == "*" {
            put(r.table, None);
            match r.table {
                Table::Assessments => put(Table::Appraisals, None),
                Table::Supervisors => put(Table::Teams, None),
                _ => {}
            }
            return;
        }
        match (self.unit(&r.unit), self.person(&r.unit), r.table) {
            (Some(u), _, Table::Supervisors) => self.report_one(Table::Teams, u, r.through),
            (Some(u), _, t) if !of_persons(t) => self.report_one(t, u, r.through),
            (_, Some(p), Table::Assessments) => self.report_one(Table::Appraisals, p, r.through),
            (_, Some(p), t) if of_persons(t) => self.report_one(t, p, r.through),
            (None, None, t) if of_persons(t) => {
                let p = self.add_person(&r.unit);
                self.report_one(t, p, r.through);
            }
            _ => {}
        }
    }
    fn report_one(&mut self, t: Table, owner: u32, through: Day) {
        if let Some(c) = self.tables.get_mut(t as usize) {
            c.report(Some(owner), through.0);
        }
    }

    fn put_names_and_modes(&mut self, rows: &Rows) {
        let (mut names, mut modes) = (Batch::new(), Batch::new());
        for u in &rows.units {
            let Some(ix) = self.unit(&u.id) else { continue };
            for n in &u.names {
                let label = self.texts.add(&n.name);
                names.push((ix, Cells { label, ..span(n.from, n.to) }));
            }
            for m in &u.modes {
                let kind = self.vocab.add(&m.mode);
                modes.push((ix, Cells { kind, ..span(m.from, m.to) }));
            }
            // A unit row brings its whole history, so what stood before goes.
            for t in [Table::Units, Table::Modes] {
                if let Some(c) = self.tables.get_mut(t as usize) {
                    c.clear(ix);
                }
            }
        }
        self.lay(Table::Units, names);
        self.lay(Table::Modes, modes);
    }
}

mod tables;
