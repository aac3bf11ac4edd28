//! Each typed row into the cells of its table.
use kernel::Day;

use super::{Batch, bit, on, span, year_days};
use crate::facts::Facts;
use crate::facts::column::{Cells, flag};
use crate::rows::*;

/// Lays the rows of one field: `lay!(self, table, rows, owner of r, cells of r)`.
macro_rules! lay {
    ($self:ident, $table:ident, $rows:expr, |$r:ident| $owner:expr, $cells:expr) => {{
        let mut batch = Batch::with_capacity($rows.len());
        for $r in &$rows {
            let owner: Option<u32> = $owner;
            let Some(owner) = owner else { continue };
            let cells: Cells = $cells;
            let rec = $self.texts.add(&$r.id);
            batch.push((owner, Cells { rec, ..cells }));
        }
        $self.lay(Table::$table, batch);
    }};
}

impl Facts {
    pub(super) fn put_site_rows(&mut self, rows: &Rows) {
        lay!(
            self,
            Posts,
            rows.posts,
            |r| self.owner_of(&r.unit),
            Cells {
                kind: self.vocab.add(&r.role),
                sub: self.vocab.add(&r.affiliation),
                aux: self.vocab.add(&r.grade),
                who: self.add_person(&r.person),
                flags: bit(r.fulltime, flag::FULLTIME) | bit(r.volunteer, flag::VOLUNTEER),
                ..span(r.from, r.to)
            }
        );
        let mut rooms = Batch::new();
        for r in &rows.rooms {
            let Some(owner) = self.owner_of(&r.unit) else { continue };
            let (rec, label) = (self.texts.add(&r.id), self.texts.add(&r.name));
            if r.functions.is_empty() {
                rooms.push((owner, Cells { rec, label, ..span(r.from, r.to) }));
            }
            // A room with several functions is one row per function, all of one record.
            for f in &r.functions {
                rooms.push((
                    owner,
                    Cells { kind: self.vocab.add(f), rec, label, ..span(r.from, r.to) },
                ));
            }
        }
        self.lay(Table::Rooms, rooms);
        lay!(
            self,
            Facilities,
            rows.facilities,
            |r| self.owner_of(&r.unit),
            Cells {
                kind: self.vocab.add(&r.kind),
                label: self.texts.add(&r.name),
                ..span(r.from, r.to)
            }
        );
        lay!(
            self,
            Documents,
            rows.documents,
            |r| self.owner_of(&r.unit),
            Cells {
                kind: self.vocab.add(&r.kind),
                sub: self.vocab.add(&r.class),
                label: self.texts.add(&r.title),
                ..span(r.from, r.to)
            }
        );
        lay!(
            self,
            Lists,
            rows.lists,
            |r| self.owner_of(&r.unit),
            Cells { kind: self.vocab.add(&r.kind), n: r.items, ..span(r.updated, r.to) }
        );
        lay!(
            self,
            Brands,
            rows.brands,
            |r| self.owner_of(&r.unit),
            Cells {
                kind: self.vocab.add(&r.kind),
                label: self.texts.add(&r.name),
                ..span(r.from, r.to)
            }
        );
        lay!(
            self,
            Services,
            rows.services,
            |r| self.owner_of(&r.unit),
            Cells { flags: bit(r.admin, flag::ADMIN), label: self.texts.add(&r.title), ..on(r.on) }
        );
        // An administrative entry counts only when it was entered as a service; beside the services it is honest book-keeping.
        lay!(
            self,
            Worklogs,
            rows.worklogs,
            |r| self.owner_of(&r.unit),
            Cells {
                flags: bit(r.admin && r.as_service, flag::ADMIN),
                label: self.texts.add(&r.title),
                ..on(r.on)
            }
        );
        lay!(self, FeatureCases, rows.feature_cases, |r| self.owner_of(&r.unit), {
            let label = self.texts.add(&r.title);
            // A case not accepted stands on the day it was written and is told apart by its empty stretch.
            let day = r.accepted.or(r.written).unwrap_or(Day::MIN);
            Cells { label, to: if r.accepted.is_some() { day.0 + 1 } else { day.0 }, ..on(day) }
        });
        lay!(
            self,
            SupervisionLinks,
            rows.supervision_links,
            |r| self.owner_of(&r.unit),
            Cells { who: self.add_person(&r.person), ..span(r.from, r.to) }
        );
        lay!(
            self,
            Honours,
            rows.honours,
            |r| self.owner_of(&r.unit),
            Cells {
                kind: self.vocab.add(&r.honour),
                sub: self.vocab.add(&r.level),
                ..span(r.from, r.to)
            }
        );
        lay!(
            self,
            Partnerships,
            rows.partnerships,
            |r| self.owner_of(&r.unit),
            Cells { label: self.texts.add(&r.name), ..span(r.from, r.to) }
        );
        lay!(
            self,
            Publicity,
            rows.publicity,
            |r| self.owner_of(&r.unit),
            Cells { label: self.texts.add(&r.title), ..on(r.on) }
        );
        lay!(
            self,
            Contests,
            rows.contests,
            |r| self.owner_of(&r.unit),
            Cells { label: self.texts.add(&r.title), ..on(r.on) }
        );
        lay!(
            self,
            Funds,
            rows.funds,
            |r| self.owner_of(&r.unit),
            Cells { kind: self.vocab.add(&r.kind), n: r.amount, ..on(r.on) }
        );
    }

    pub(super) fn put_project_rows(&mut self, rows: &Rows) {
        for own in [false, true] {
            // A project stands in its site's programme and, with its money, under itself.
            lay!(
                self,
                Projects,
                rows.projects,
                |r| if own { r.funds.and(self.unit(&r.id)) } else { self.owner_of(&r.unit) },
                Cells {
                    kind: self.vocab.add(&r.kind),
                    label: self.texts.add(&r.title),
                    who: u32::from(r.funds.is_some()),
                    n: r.funds.unwrap_or(0),
                    ..span(r.from, r.to)
                }
            );
        }
        lay!(
            self,
            ProjectStages,
            rows.project_stages,
            |r| self.owner_of(&r.project),
            Cells { kind: self.vocab.add(&r.stage), ..span(r.on, None) }
        );
        lay!(
            self,
            ProjectPartners,
            rows.project_partners,
            |r| self.owner_of(&r.project),
            Cells {
                kind: self.vocab.add(&r.sector),
                label: self.texts.add(&r.name),
                ..span(r.from, r.to)
            }
        );
        lay!(
            self,
            ProjectStaff,
            rows.project_staff,
            |r| self.owner_of(&r.project),
            Cells {
                who: self.add_person(&r.person),
                flags: bit(r.volunteer, flag::VOLUNTEER),
                ..span(r.from, r.to)
            }
        );
        lay!(
            self,
            Expenditures,
            rows.expenditures,
            |r| self.owner_of(&r.project),
            Cells {
                kind: self.vocab.add(&r.kind),
                n: r.amount,
                flags: bit(r.basis == "plan", flag::PLAN),
                ..span(r.on, None)
            }
        );
        lay!(
            self,
            SchoolServices,
            rows.school_services,
            |r| self.owner_of(&r.school),
            Cells {
                who: if r.person.is_empty() { super::NONE } else { self.add_person(&r.person) },
                n: r.first_service.map_or(i64::MAX, |d| i64::from(d.0)),
                ..span(r.from, r.to)
            }
        );
    }

    pub(super) fn put_person_rows(&mut self, rows: &Rows) {
        lay!(
            self,
            Qualifications,
            rows.qualifications,
            |r| Some(self.add_person(&r.person)),
            Cells { kind: self.vocab.add(&r.kind), ..span(r.from, r.to) }
        );
        lay!(
            self,
            WorkHistory,
            rows.work_history,
            |r| Some(self.add_person(&r.person)),
            Cells { kind: self.vocab.add(&r.kind), ..span(r.from, r.to) }
        );
        for by_unit in [false, true] {
            let table = if by_unit { Table::Teams } else { Table::Supervisors };
            let mut batch = Batch::with_capacity(rows.supervisors.len());
            for r in &rows.supervisors {
                let who = self.add_person(&r.person);
                let owner = if by_unit { self.owner_of(&r.unit) } else { Some(who) };
                let Some(owner) = owner else { continue };
                let cells = Cells {
                    kind: self.vocab.add(&r.source),
                    sub: self.vocab.add(&r.level),
                    aux: self.vocab.add(&r.project_level),
                    who,
                    flags: bit(r.fulltime, flag::FULLTIME)
                        | bit(r.social_worker, flag::SOCIAL_WORKER),
                    rec: self.texts.add(&r.id),
                    ..span(r.from, r.to)
                };
                batch.push((owner, cells));
            }
            self.lay(table, batch);
        }
        lay!(
            self,
            Agreements,
            rows.agreements,
            |r| Some(self.add_person(&r.person)),
            Cells { n: r.signed.map_or(i64::MAX, |d| i64::from(d.0)), ..span(r.from, r.to) }
        );
        let (mut sites, mut people) = (Batch::new(), Batch::new());
        for r in &rows.assessments {
            let mut mask = 0;
            for (i, d) in ["ability", "quality", "results", "conduct"].iter().enumerate() {
                mask |= u32::from(r.dims.iter().any(|x| x == d)) << i;
            }
            let day = r.completed.unwrap_or(Day::MAX);
            let cells = Cells {
                kind: self.vocab.add(&r.result),
                sub: u16::try_from(r.year).unwrap_or(0),
                who: mask,
                n: r.score.unwrap_or(i64::MIN),
                rec: self.texts.add(&r.id),
                ..span(day, None)
            };
            match self.unit(&r.subject) {
                Some(u) => sites.push((u, cells)),
                None => people.push((self.add_person(&r.subject), cells)),
            }
        }
        self.lay(Table::Assessments, sites);
        self.lay(Table::Appraisals, people);
        lay!(
            self,
            Payments,
            rows.payments,
            |r| Some(self.add_person(&r.person)),
            Cells {
                n: r.amount,
                ..span(r.month.start_of_month(), Some(r.month.start_of_month().plus_months(1)))
            }
        );
        lay!(
            self,
            Attendances,
            rows.attendances,
            |r| Some(self.add_person(&r.person)),
            Cells { n: r.tenths, ..on(r.on) }
        );
    }

    pub(super) fn put_district_rows(&mut self, rows: &Rows) {
        let mut days = Batch::new();
        for r in &rows.trainings {
            let Some(owner) = self.owner_of(&r.unit) else { continue };
            let cells = Cells {
                kind: self.vocab.add(&r.kind),
                sub: self.vocab.add(&r.focus),
                aux: self.vocab.add(&r.mode),
                n: r.tenths,
                rec: self.texts.add(&r.id),
                label: self.texts.add(&r.title),
                ..on(r.from)
            };
            // One row per day held, at most a year of them.
            let last = r.to.map_or(r.from.0 + 1, |t| t.0.min(r.from.0 + 366)).max(r.from.0 + 1);
            days.extend((r.from.0..last).map(|d| (owner, Cells { from: d, to: d + 1, ..cells })));
        }
        self.lay(Table::Trainings, days);
        lay!(self, Budgets, rows.budgets, |r| self.owner_of(&r.unit), {
            let (first, after) = year_days(r.year);
            Cells {
                kind: self.vocab.add(&r.r#use),
                n: r.amount,
                from: r.on.unwrap_or(first).0.max(first.0),
                ..span(first, Some(after))
            }
        });
    }
}
