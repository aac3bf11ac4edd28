//! What this slice testifies to the policy: units, posts, certificates, rooms, signs, documents, honours.
//!
//! The rows come from the tables (now) or from the event log (as known at an earlier instant) through one [`World`], so both say
//! the same. Silence is not zero: a table of a site counts as reported from its first record on, or when somebody said it is empty.
use db::event::Entry;
use db::{Record, Result, Tx};
use kernel::{Day, Instant};
use policy::rows::{
    DocumentRow, FacilityRow, HonourRow, ModeRow, NameRow, PersonRow, PostRow, QualificationRow,
    ReportRow, RoomRow, Rows, Table, UnitKind, UnitRow, WorkHistoryRow,
};
use registry::people::{Level, Person, Qualification, QualificationKind, WorkHistory};
use registry::region::{Region, RegionKind};

use crate::model::{
    Designation, Employment, Facility, Mode, Operation, Post, RegisterReport, Room, RuleDoc, Site,
    SiteKind, SiteName,
};
use crate::store::those;

/// Tables whose changes touch the facts.
pub(crate) const SUBJECTS: &[&str] = &[
    "site",
    "site_name",
    "operation",
    "person",
    "post",
    "qualification",
    "work_history",
    "room",
    "facility",
    "rule_doc",
    "designation",
    "register_report",
];

/// Every record that testifies, as known at one instant.
#[derive(Default)]
struct World {
    regions: Vec<Region>,
    sites: Vec<Site>,
    names: Vec<SiteName>,
    operations: Vec<Operation>,
    people: Vec<Person>,
    posts: Vec<Post>,
    qualifications: Vec<Qualification>,
    work: Vec<WorkHistory>,
    rooms: Vec<Room>,
    facilities: Vec<Facility>,
    documents: Vec<RuleDoc>,
    designations: Vec<Designation>,
    reports: Vec<RegisterReport>,
}

/// Adds what is known now, or was known at an instant, to the engine's input.
///
/// # Errors
/// The engine's fault, or an entry of the log that does not fit its record.
pub(crate) fn rows(tx: &mut Tx<'_>, known: Option<Instant>, out: &mut Rows) -> Result<()> {
    World::load(tx, known)?.testify(out);
    Ok(())
}

/// Tables of which a few units or persons can be told anew.
pub(crate) const TABLES: &[Table] = &[
    Table::Posts,
    Table::Rooms,
    Table::Facilities,
    Table::Documents,
    Table::Honours,
    Table::Qualifications,
    Table::WorkHistory,
];

/// Whose rows an entry of the log changes: the site or the person of the record, before and after. Sites themselves change more than rows.
pub(crate) fn owners(entry: &Entry) -> Option<Vec<String>> {
    let field = match entry.subject.as_str() {
        "post" | "room" | "facility" | "rule_doc" | "designation" => "site",
        "register_report" => {
            // What was said to be complete is unsaid again: who knows what that leaves.
            entry.after.as_ref()?;
            "site"
        }
        "qualification" | "work_history" => "person",
        "person" => {
            entry.after.as_ref()?;
            return Some(vec![entry.id.clone()]);
        }
        _ => return None,
    };
    let mut out = Vec::new();
    for state in [&entry.before, &entry.after].into_iter().flatten() {
        let owner = state.get(field)?.as_str()?.to_owned();
        if !out.contains(&owner) {
            out.push(owner);
        }
    }
    Some(out)
}

/// Adds the rows of these sites and persons as they stand now.
///
/// # Errors
/// The engine's fault.
pub(crate) fn rows_of(tx: &mut Tx<'_>, owners: &[String], out: &mut Rows) -> Result<()> {
    let world = World::of(tx, owners)?;
    world.staff(out);
    world.premises(out);
    world.reports(out);
    Ok(())
}

fn load<R: Record>(tx: &mut Tx<'_>, known: Option<Instant>) -> Result<Vec<R>> {
    let Some(at) = known else {
        return crate::store::whole(tx);
    };
    let mut states = db::event::states_at(tx, &[R::TABLE], at)?;
    states.sort_by(|a, b| a.id.cmp(&b.id));
    states.into_iter().map(|s| Ok(serde_json::from_value(s.after)?)).collect()
}

impl World {
    fn load(tx: &mut Tx<'_>, known: Option<Instant>) -> Result<Self> {
        Ok(Self {
            // The map is dated itself and not kept in the log.
            regions: registry::region::all(tx)?,
            sites: load(tx, known)?,
            names: load(tx, known)?,
            operations: load(tx, known)?,
            people: load(tx, known)?,
            posts: load(tx, known)?,
            qualifications: load(tx, known)?,
            work: load(tx, known)?,
            rooms: load(tx, known)?,
            facilities: load(tx, known)?,
            documents: load(tx, known)?,
            designations: load(tx, known)?,
            reports: load(tx, known)?,
        })
    }

    fn of(tx: &mut Tx<'_>, owners: &[String]) -> Result<Self> {
        let mut world = Self::default();
        for id in owners {
            world.sites.append(&mut those(tx, "id", id)?);
            world.posts.append(&mut those(tx, "site", id)?);
            world.rooms.append(&mut those(tx, "site", id)?);
            world.facilities.append(&mut those(tx, "site", id)?);
            world.documents.append(&mut those(tx, "site", id)?);
            world.designations.append(&mut those(tx, "site", id)?);
            world.reports.append(&mut those(tx, "site", id)?);
            world.people.append(&mut those(tx, "id", id)?);
            world.qualifications.append(&mut those(tx, "person", id)?);
            world.work.append(&mut those(tx, "person", id)?);
        }
        Ok(world)
    }

    fn testify(&self, out: &mut Rows) {
        self.units(out);
        self.staff(out);
        self.premises(out);
        self.reports(out);
    }

    fn units(&self, out: &mut Rows) {
        out.units.extend(self.regions.iter().filter_map(region_unit));
        for site in &self.sites {
            let dated = self.names.iter().filter(|n| n.site == site.id);
            let mut names: Vec<NameRow> = dated
                .map(|n| NameRow { name: n.name.clone(), from: n.since, to: Some(n.until) })
                .collect();
            names.push(NameRow {
                name: site.name.clone(),
                from: site.named_since(),
                to: site.until,
            });
            names.sort_by_key(|n| n.from);
            let mut modes: Vec<ModeRow> = self
                .operations
                .iter()
                .filter(|o| o.site == site.id)
                .map(|o| ModeRow {
                    mode: if o.mode == Mode::SelfRun { "self" } else { "third_party" }.into(),
                    from: o.since,
                    to: o.until,
                })
                .collect();
            modes.sort_by_key(|m| m.from);
            let kind = match site.kind {
                SiteKind::Station => UnitKind::Station,
                SiteKind::SpecialStation => UnitKind::SpecialStation,
                SiteKind::Studio => UnitKind::Studio,
            };
            out.units.push(UnitRow {
                name: site.name.clone(),
                names,
                parent: Some(site.region.0.clone()),
                from: site.since,
                to: site.until,
                modes,
                ..unit(site.id.as_str(), kind)
            });
        }
    }

    fn staff(&self, out: &mut Rows) {
        out.persons.extend(
            self.people.iter().map(|p| PersonRow { id: p.id.0.clone(), name: p.name.clone() }),
        );
        out.posts.extend(self.posts.iter().map(|p| PostRow {
            id: p.id.0.clone(),
            unit: p.site.0.clone(),
            person: p.person.0.clone(),
            role: p.role.as_str().into(),
            fulltime: p.employment == Employment::FullTime,
            affiliation: p.affiliation.map_or("", |a| a.as_str()).into(),
            grade: p.grade.map_or("", |g| g.as_str()).into(),
            volunteer: p.role.unpaid(),
            from: p.since,
            to: p.until,
        }));
        out.qualifications.extend(self.qualifications.iter().filter_map(|q| {
            Some(QualificationRow {
                id: q.id.0.clone(),
                person: q.person.0.clone(),
                kind: qualification_kind(q.kind, q.level)?,
                from: q.since,
                to: q.until,
            })
        }));
        out.work_history.extend(self.work.iter().map(|w| WorkHistoryRow {
            id: w.id.0.clone(),
            person: w.person.0.clone(),
            kind: w.kind.as_str().into(),
            from: w.since,
            to: w.until,
        }));
    }

    fn premises(&self, out: &mut Rows) {
        out.rooms.extend(self.rooms.iter().map(|r| RoomRow {
            id: r.id.0.clone(),
            unit: r.site.0.clone(),
            name: r.name.clone(),
            functions:
                r.functions.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
            from: r.since,
            to: r.until,
        }));
        out.facilities.extend(self.facilities.iter().map(|f| FacilityRow {
            id: f.id.0.clone(),
            unit: f.site.0.clone(),
            kind: f.kind.as_str().into(),
            name: f.name.clone().unwrap_or_default(),
            from: f.since,
            to: f.until,
        }));
        out.documents.extend(self.documents.iter().map(|d| DocumentRow {
            id: d.id.0.clone(),
            unit: d.site.0.clone(),
            class: d.class.as_str().into(),
            kind: d.kind.as_str().into(),
            title: d.title.clone(),
            from: d.since,
            to: d.until,
        }));
        out.honours.extend(self.designations.iter().map(|d| HonourRow {
            id: d.id.0.clone(),
            unit: d.site.0.clone(),
            honour: d.honour.as_str().into(),
            level: d.level.as_str().into(),
            from: d.since,
            to: d.until,
        }));
    }

    /// Which tables of which owner are complete: what a complete table does not hold is not there.
    fn reports(&self, out: &mut Rows) {
        let mut said = |table, unit: &str| {
            out.reports.push(ReportRow { table, unit: unit.to_owned(), through: Day::MAX });
        };
        // The bureau keeps these for the whole district.
        for table in [Table::Units, Table::Communities, Table::Honours] {
            said(table, "*");
        }
        // A person's file is one form: a certificate that is not in it is not held. Earlier work is often not asked for at all.
        self.people.iter().for_each(|p| said(Table::Qualifications, p.id.as_str()));
        let mut workers: Vec<&str> = self.work.iter().map(|w| w.person.as_str()).collect();
        workers.sort_unstable();
        workers.dedup();
        workers.into_iter().for_each(|p| said(Table::WorkHistory, p));
        for site in &self.sites {
            let id = &site.id;
            let empty = |register: &str| {
                self.reports.iter().any(|r| r.site == *id && r.register == register)
            };
            let tables = [
                (Table::Modes, "operations", self.operations.iter().any(|x| x.site == *id)),
                (Table::Posts, "posts", self.posts.iter().any(|x| x.site == *id)),
                (Table::Rooms, "rooms", self.rooms.iter().any(|x| x.site == *id)),
                (Table::Facilities, "facilities", self.facilities.iter().any(|x| x.site == *id)),
                (Table::Documents, "documents", self.documents.iter().any(|x| x.site == *id)),
            ];
            for (table, register, any) in tables {
                if any || empty(register) {
                    said(table, id.as_str());
                }
            }
        }
    }
}

fn unit(id: &str, kind: UnitKind) -> UnitRow {
    UnitRow {
        id: id.to_owned(),
        kind,
        name: String::new(),
        names: Vec::new(),
        short_name: String::new(),
        parent: None,
        from: Day::MIN,
        to: None,
        modes: Vec::new(),
        village: false,
        purchased_by_government: false,
        professional: false,
        stage: String::new(),
    }
}

fn region_unit(r: &Region) -> Option<UnitRow> {
    let kind = match r.kind {
        RegionKind::District => UnitKind::District,
        RegionKind::Street => UnitKind::Street,
        RegionKind::Community | RegionKind::Village => UnitKind::Community,
        RegionKind::Province | RegionKind::City => return None,
    };
    Some(UnitRow {
        name: r.name.clone(),
        short_name: r.short_name().to_owned(),
        parent: r.parent.as_ref().filter(|_| kind != UnitKind::District).map(|p| p.0.clone()),
        from: r.since,
        to: r.until,
        village: r.kind == RegionKind::Village,
        ..unit(r.id.as_str(), kind)
    })
}

/// The policy's word for what is held; registrations and checks are no rank.
fn qualification_kind(kind: QualificationKind, level: Option<Level>) -> Option<String> {
    let ranked = |head: &str| level.map(|l| format!("{head}_{l}"));
    match kind {
        QualificationKind::Supervisor => ranked("supervisor"),
        QualificationKind::LeadingTalent => ranked("talent"),
        QualificationKind::Registration | QualificationKind::BackgroundCheck => None,
        other => Some(other.as_str().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_carry_their_level() {
        use QualificationKind as K;
        let kind = |k, l| qualification_kind(k, l).unwrap_or_default();
        assert_eq!(kind(K::Supervisor, Some(Level::City)), "supervisor_city");
        assert_eq!(kind(K::LeadingTalent, Some(Level::Province)), "talent_province");
        assert_eq!(kind(K::SupervisorAssistant, Some(Level::City)), "supervisor_assistant");
        assert_eq!(kind(K::Intermediate, None), "sw");
        assert_eq!(kind(K::Registration, None), "");
    }
}
