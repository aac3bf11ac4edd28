//! The tree that follows a list.
use std::collections::{HashMap, HashSet};

use access::Cx;
use db::{Event, Result, Tx};
use kernel::{Day, Refusal, Refusals, RegionId};
use registry::region::{self, Region, RegionAlias, RegionCode, RegionKind};
use serde_json::json;

use super::{Change, Line};
use crate::store;

/// The tree as it stands while the list is followed.
pub(super) struct Follow<'a> {
    cx: &'a Cx,
    as_of: Day,
    all: HashMap<RegionId, Region>,
    by_code: HashMap<String, RegionId>,
    /// Regions that a line names.
    met: HashSet<RegionId>,
    /// Parents that have children in the list.
    listed: HashSet<RegionId>,
    changes: Vec<Change>,
}

impl<'a> Follow<'a> {
    pub(super) fn begin(tx: &mut Tx<'_>, cx: &'a Cx, as_of: Day) -> Result<Self> {
        let all: HashMap<RegionId, Region> =
            region::all(tx)?.into_iter().map(|r| (r.id.clone(), r)).collect();
        // An open region wins its code over a closed one.
        let mut by_code = HashMap::new();
        for open in [false, true] {
            for r in all.values().filter(|r| r.until.is_none() == open) {
                by_code.insert(r.code.clone(), r.id.clone());
            }
        }
        Ok(Self {
            cx,
            as_of,
            all,
            by_code,
            met: HashSet::new(),
            listed: HashSet::new(),
            changes: Vec::new(),
        })
    }

    pub(super) fn all(mut self, tx: &mut Tx<'_>, lines: &[Line]) -> Result<Vec<Change>> {
        self.same_district(lines)?;
        let mut no = Refusals::none();
        let coded: HashSet<&str> = lines.iter().map(|l| l.code.as_str()).collect();
        for line in lines {
            let parent = if line.parent.is_empty() {
                None
            } else {
                match self.by_code.get(&line.parent) {
                    Some(id) => Some(id.clone()),
                    None => {
                        let field = format!("row.{}", line.row);
                        no.push(
                            Refusal::at(field, "exchange.region.parent")
                                .with("row", line.row)
                                .with("code", &line.parent),
                        );
                        continue;
                    }
                }
            };
            let id = self.line(tx, line, parent.as_ref(), &coded)?;
            self.met.insert(id);
            self.listed.extend(parent);
        }
        no.done()?;
        self.close_vanished(tx)?;
        Ok(self.changes)
    }

    /// A database is one district's: a list of another is a mistake.
    fn same_district(&self, lines: &[Line]) -> Result<()> {
        let here = self.all.values().find(|r| r.kind == RegionKind::District && r.until.is_none());
        let there = lines.iter().find(|l| l.kind == RegionKind::District);
        match (here, there) {
            (Some(h), Some(t)) if h.code != t.code && h.name != t.name => {
                Err(Refusal::new("exchange.region.other_district")
                    .with("here", &h.name)
                    .with("there", &t.name)
                    .into())
            }
            _ => Ok(()),
        }
    }

    fn line(
        &mut self,
        tx: &mut Tx<'_>,
        line: &Line,
        parent: Option<&RegionId>,
        coded: &HashSet<&str>,
    ) -> Result<RegionId> {
        let found =
            self.by_code.get(&line.code).cloned().or_else(|| self.recoded(line, parent, coded));
        let Some(before) = found.and_then(|id| self.all.get(&id).cloned()) else {
            return self.add(tx, line, parent);
        };
        let mut after = before.clone();
        if before.until.is_some() {
            after.until = None;
            self.tell("reopened", line, String::new());
        }
        if before.name != line.name {
            self.alias(tx, &before)?;
            after.name.clone_from(&line.name);
            self.tell("renamed", line, before.name.clone());
        }
        if before.code != line.code {
            self.recode(tx, &before, &line.code)?;
            after.code.clone_from(&line.code);
            self.tell("recoded", line, before.code.clone());
        }
        after.kind = line.kind;
        // A list that begins below the top says nothing of what is above.
        let moved = parent.is_some() && before.parent.as_ref() != parent;
        if moved {
            after.parent = parent.cloned();
            after.path = format!("{}{}/", self.above(parent), before.id);
            let from = before.parent.as_ref().and_then(|p| self.all.get(p));
            self.tell("moved", line, from.map_or_else(String::new, |p| p.name.clone()));
        }
        if after != before {
            self.keep(tx, &before, after.clone(), if moved { "moved" } else { "amended" })?;
        }
        if moved {
            self.carry(tx, &before.path, &after.path)?;
        }
        Ok(before.id)
    }

    /// A region whose code is gone from the list and that bears this name under this parent: it has a new code.
    fn recoded(
        &self,
        line: &Line,
        parent: Option<&RegionId>,
        coded: &HashSet<&str>,
    ) -> Option<RegionId> {
        let mut same = self.all.values().filter(|r| {
            r.until.is_none()
                && r.name == line.name
                && r.kind == line.kind
                && r.parent.as_ref() == parent
                && !coded.contains(r.code.as_str())
                && !self.met.contains(&r.id)
        });
        // Two of one name: nobody can tell which it is.
        match (same.next(), same.next()) {
            (Some(one), None) => Some(one.id.clone()),
            _ => None,
        }
    }

    fn add(&mut self, tx: &mut Tx<'_>, line: &Line, parent: Option<&RegionId>) -> Result<RegionId> {
        let id: RegionId = self.cx.id();
        let region = Region {
            path: format!("{}{id}/", self.above(parent)),
            id: id.clone(),
            kind: line.kind,
            code: line.code.clone(),
            name: line.name.clone(),
            parent: parent.cloned(),
            since: self.as_of,
            until: None,
        };
        region::insert(tx, &region)?;
        self.open_code(tx, &id, &line.code, self.as_of)?;
        self.log(tx, "added", None, &region)?;
        let under =
            parent.and_then(|p| self.all.get(p)).map_or_else(String::new, |p| p.name.clone());
        self.tell("added", line, under);
        self.by_code.insert(line.code.clone(), id.clone());
        self.all.insert(id.clone(), region);
        Ok(id)
    }

    fn recode(&mut self, tx: &mut Tx<'_>, before: &Region, code: &str) -> Result<()> {
        // A tree made before codes were dated has no open one: the code it bears becomes its history.
        let open = match store::open_code(tx, &before.id)? {
            Some(open) => open,
            None => self.open_code(tx, &before.id, &before.code, before.since)?,
        };
        tx.update(&RegionCode { until: Some(self.as_of), ..open })?;
        self.open_code(tx, &before.id, code, self.as_of)?;
        self.by_code.insert(code.to_owned(), before.id.clone());
        Ok(())
    }

    fn open_code(
        &self,
        tx: &mut Tx<'_>,
        region: &RegionId,
        code: &str,
        since: Day,
    ) -> Result<RegionCode> {
        let row = RegionCode {
            id: self.cx.id(),
            region: region.clone(),
            code: code.to_owned(),
            since,
            until: None,
        };
        tx.insert(&row)?;
        Ok(row)
    }

    fn alias(&self, tx: &mut Tx<'_>, before: &Region) -> Result<()> {
        if store::has_alias(tx, &before.id, &before.name)? {
            return Ok(());
        }
        let (id, region) = (self.cx.id(), before.id.clone());
        tx.insert(&RegionAlias { id, region, name: before.name.clone() })
    }

    /// Everything under a moved region goes with it, and says so in the log.
    fn carry(&mut self, tx: &mut Tx<'_>, from: &str, to: &str) -> Result<()> {
        let mut under: Vec<Region> = self
            .all
            .values()
            .filter(|r| r.path != from && r.path.starts_with(from))
            .cloned()
            .collect();
        under.sort_by(|a, b| a.path.cmp(&b.path));
        for before in under {
            let rest = before.path.strip_prefix(from).unwrap_or_default();
            let after = Region { path: format!("{to}{rest}"), ..before.clone() };
            self.keep(tx, &before, after, "moved")?;
        }
        Ok(())
    }

    fn close_vanished(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let mut gone: Vec<Region> = self
            .all
            .values()
            .filter(|r| r.until.is_none() && !self.met.contains(&r.id))
            .filter(|r| r.parent.as_ref().is_some_and(|p| self.listed.contains(p)))
            .cloned()
            .collect();
        let roots: Vec<String> = gone.iter().map(|r| r.path.clone()).collect();
        let deeper = self.all.values().filter(|r| {
            r.until.is_none()
                && !self.met.contains(&r.id)
                && roots.iter().any(|p| r.path != *p && r.path.starts_with(p))
        });
        let deeper: Vec<Region> = deeper.filter(|r| !gone.contains(r)).cloned().collect();
        gone.extend(deeper);
        gone.sort_by(|a, b| a.code.cmp(&b.code));
        for before in gone {
            let after = Region { until: Some(self.as_of), ..before.clone() };
            self.keep(tx, &before, after, "closed")?;
            self.changes.push(Change {
                what: "closed",
                code: before.code,
                name: before.name,
                detail: String::new(),
            });
        }
        Ok(())
    }

    fn keep(
        &mut self,
        tx: &mut Tx<'_>,
        before: &Region,
        after: Region,
        verb: &'static str,
    ) -> Result<()> {
        region::update(tx, &after)?;
        self.log(tx, verb, Some(before), &after)?;
        self.all.insert(after.id.clone(), after);
        Ok(())
    }

    fn log(
        &self,
        tx: &mut Tx<'_>,
        verb: &'static str,
        before: Option<&Region>,
        after: &Region,
    ) -> Result<()> {
        let event = Event {
            subject: "region",
            id: after.id.0.clone(),
            verb,
            unit: Some(after.id.0.clone()),
            before: before.map(|b| json!(b)),
            after: Some(json!(after)),
        };
        tx.record(&self.cx.stamp(), event)
    }

    fn above(&self, parent: Option<&RegionId>) -> &str {
        parent.and_then(|p| self.all.get(p)).map_or("/", |p| p.path.as_str())
    }

    fn tell(&mut self, what: &'static str, line: &Line, detail: String) {
        self.changes.push(Change {
            what,
            code: line.code.clone(),
            name: line.name.clone(),
            detail,
        });
    }
}
