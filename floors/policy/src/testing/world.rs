//! From a case's shorthand to rows: a unit with its street and community, posts with their certificates, projects in one line.
use kernel::Day;
use toml::{Table as Toml, Value as Plain};

use super::World;
use crate::catalogue::MeasureId;
use crate::measure::Value;
use crate::pack::Test;
use crate::pack::node::{Node, Val};
use crate::pack::number;
use crate::rows::*;
use crate::verdict::Verdict;

/// Why a case cannot be built, and where.
pub(crate) struct Broken {
    pub line: usize,
    pub field: String,
    pub what: String,
}
type Result<T> = std::result::Result<T, Broken>;

const DISTRICT: &str = "区";
const KNOWN: [&str; 12] = [
    "name", "kind", "as_of", "law_at", "unit", "district", "project", "posts", "expect", "why",
    "options", "waivers",
];

fn broken<T>(line: usize, field: &str, what: impl Into<String>) -> Result<T> {
    Err(Broken { line, field: field.to_owned(), what: what.into() })
}

/// Builds the facts of a case.
pub(crate) fn build(t: &Test) -> Result<World> {
    let body = &t.body;
    let day = |key: &str| match body.get(key).map(|n| &n.val) {
        Some(Val::Date(d)) => Some(*d),
        _ => None,
    };
    let Some(as_of) = day("as_of") else { return broken(t.line, "as_of", "as_of") };
    let mut b =
        Builder { rows: Rows::default(), subject: DISTRICT.to_owned(), kind: UnitKind::District };
    b.unit(DISTRICT, UnitKind::District, None);
    if let Some(n) = body.get("unit") {
        b.subject_of(n)?;
    }
    if let Some(n) = body.get("posts") {
        b.posts(n)?;
    }
    for p in body.get("project").map(Node::items).unwrap_or_default() {
        b.project(p)?;
    }
    let mut tables = Toml::new();
    for (key, node) in body.entries() {
        if KNOWN.contains(&key.as_str()) {
            continue;
        }
        let Some(table) = Table::by_name(key) else { return broken(node.line, key, "unknown key") };
        tables.insert(key.clone(), b.table(table, node));
        b.report(table, "*");
    }
    let first =
        body.entries().iter().find(|(k, _)| tables.contains_key(k)).map_or(t.line, |(_, n)| n.line);
    let rows: Rows = match Plain::Table(tables).try_into() {
        Ok(rows) => rows,
        Err(e) => return broken(first, "", e.message()),
    };
    b.merge(rows);
    let mut given = Vec::new();
    for (name, n) in body.get("district").map(Node::entries).unwrap_or_default() {
        let Some(measure) = MeasureId::by_name(name) else {
            return broken(n.line, name, "unknown measure");
        };
        let Some(value) = given_value(n, measure) else {
            return broken(n.line, name, "not a number");
        };
        given.push((measure, value));
    }
    let expect = texts(body.get("expect"))?;
    for (k, v) in &expect {
        if Verdict::by_name(v).is_none() {
            return broken(t.line, &format!("expect.{k}"), format!("no verdict `{v}`"));
        }
    }
    let waivers = match body.get("waivers") {
        None => Vec::new(),
        Some(n) => match n.plain().try_into() {
            Ok(w) => w,
            Err(e) => return broken(n.line, "waivers", e.message()),
        },
    };
    let (why, options) = (texts(body.get("why"))?, texts(body.get("options"))?);
    Ok(World {
        rows: b.rows,
        as_of,
        law_at: day("law_at"),
        subject: b.subject,
        given,
        expect,
        why,
        options,
        waivers,
    })
}

fn texts(n: Option<&Node>) -> Result<std::collections::BTreeMap<String, String>> {
    let mut out = std::collections::BTreeMap::new();
    for (k, v) in n.map(Node::entries).unwrap_or_default() {
        let Some(s) = v.str() else { return broken(v.line, k, "not a string") };
        out.insert(k.clone(), s.to_owned());
    }
    Ok(out)
}

fn given_value(n: &Node, m: MeasureId) -> Option<Value> {
    match &n.val {
        Val::Int(i) => Some(Value::Int(i * m.entry().returns.scale())),
        // Not reduced: 198:199 is 198 of 199.
        Val::Str(s) => number::ratio(s).map(|r| Value::Ratio { of: r.of, to: r.to }),
        _ => None,
    }
}

struct Builder {
    rows: Rows,
    subject: String,
    kind: UnitKind,
}

impl Builder {
    fn unit(&mut self, id: &str, kind: UnitKind, parent: Option<&str>) -> &mut UnitRow {
        let at = self.rows.units.iter().position(|u| u.id == id).unwrap_or_else(|| {
            self.rows.units.push(UnitRow {
                id: id.to_owned(),
                kind,
                name: String::new(),
                names: Vec::new(),
                short_name: String::new(),
                parent: parent.map(str::to_owned),
                from: Day::MIN,
                to: None,
                modes: Vec::new(),
                village: false,
                purchased_by_government: false,
                professional: false,
                stage: String::new(),
            });
            self.rows.units.len() - 1
        });
        #[expect(
            clippy::indexing_slicing,
            reason = "the place was found or made on the lines above"
        )]
        &mut self.rows.units[at]
    }

    fn report(&mut self, table: Table, unit: &str) {
        self.rows.reports.push(ReportRow { table, unit: unit.to_owned(), through: Day::MAX });
    }

    /// `unit = { kind, street, community, operator, name, … }`.
    fn subject_of(&mut self, n: &Node) -> Result<()> {
        let text = |k: &str| n.get(k).and_then(Node::str);
        let Some(kind) = text("kind").and_then(UnitKind::by_name) else {
            return broken(n.line, "unit.kind", "kind");
        };
        self.kind = kind;
        let mut above = DISTRICT.to_owned();
        for (key, kind, suffix) in
            [("street", UnitKind::Street, "街道"), ("community", UnitKind::Community, "社区")]
        {
            if let Some(name) = text(key) {
                let id = format!("{name}{suffix}");
                name.clone_into(&mut self.unit(&id, kind, Some(&above)).short_name);
                above = id;
            }
        }
        if kind.is_person() {
            text("id").unwrap_or("人").clone_into(&mut self.subject);
            return Ok(());
        }
        if let (UnitKind::Street | UnitKind::Community, true) = (kind, above != DISTRICT) {
            self.subject = above;
            return Ok(());
        }
        if kind == UnitKind::District {
            return Ok(());
        }
        let id = text("id").or_else(|| text("name")).unwrap_or(kind.name()).to_owned();
        let mut plain = match n.plain() {
            Plain::Table(t) => t,
            _ => return broken(n.line, "unit", "not a table"),
        };
        for short in ["street", "community"] {
            plain.remove(short);
        }
        let modes = match plain.remove("operator").and_then(|o| o.as_str().map(str::to_owned)) {
            Some(mode) => vec![ModeRow { mode, from: Day::MIN, to: None }],
            None => Vec::new(),
        };
        plain.insert("id".to_owned(), Plain::String(id.clone()));
        let mut row: UnitRow = match Plain::Table(plain).try_into() {
            Ok(r) => r,
            Err(e) => return broken(n.line, "unit", e.message()),
        };
        row.modes.extend(modes);
        row.parent = Some(above);
        self.rows.units.push(row);
        self.subject = id;
        Ok(())
    }

    /// Posts of the unit; `quals` lists all the holder's certificates; none when left out.
    fn posts(&mut self, n: &Node) -> Result<()> {
        self.report(Table::Posts, "*");
        for item in n.items() {
            let Plain::Table(mut plain) = item.plain() else {
                return broken(item.line, "posts", "not a table");
            };
            let quals = plain.remove("quals");
            if !plain.contains_key("unit") {
                plain.insert("unit".to_owned(), Plain::String(self.subject.clone()));
            }
            let post: PostRow = match Plain::Table(plain).try_into() {
                Ok(p) => p,
                Err(e) => return broken(item.line, "posts", e.message()),
            };
            let kind = self.kind;
            self.unit(&post.unit, kind, Some(DISTRICT));
            self.report(Table::Qualifications, &post.person);
            if let Some(Plain::Array(list)) = quals {
                for q in list {
                    let mut t = match q {
                        Plain::String(kind) => {
                            Toml::from_iter([("kind".to_owned(), Plain::String(kind))])
                        }
                        Plain::Table(t) => t,
                        _ => return broken(item.line, "posts.quals", "not a kind"),
                    };
                    t.insert("person".to_owned(), Plain::String(post.person.clone()));
                    match Plain::Table(t).try_into::<QualificationRow>() {
                        Ok(q) if self.rows.qualifications.contains(&q) => {}
                        Ok(q) => self.rows.qualifications.push(q),
                        Err(e) => return broken(item.line, "posts.quals", e.message()),
                    }
                }
            }
            self.rows.posts.push(post);
        }
        Ok(())
    }

    /// `{ id, staff_total, staff_professional, labour_cost, funds, … }`, money in yuan.
    fn project(&mut self, n: &Node) -> Result<()> {
        let Plain::Table(mut plain) = n.plain() else {
            return broken(n.line, "project", "not a table");
        };
        let mut int = |key: &str| plain.remove(key).and_then(|v| v.as_integer());
        let (total, pro) = (int("staff_total"), int("staff_professional"));
        let (labour, funds) = (int("labour_cost"), int("funds"));
        let id = plain.get("id").and_then(Plain::as_str).unwrap_or("项目").to_owned();
        let kind =
            plain.remove("kind").and_then(|k| k.as_str().map(str::to_owned)).unwrap_or_default();
        plain.insert("id".to_owned(), Plain::String(id.clone()));
        plain.insert("kind".to_owned(), Plain::String("project".to_owned()));
        let row: UnitRow = match Plain::Table(plain).try_into() {
            Ok(r) => r,
            Err(e) => return broken(n.line, "project", e.message()),
        };
        self.rows.units.push(UnitRow {
            parent: row.parent.clone().or_else(|| Some(DISTRICT.to_owned())),
            ..row
        });
        self.rows.projects.push(ProjectRow {
            id: id.clone(),
            unit: String::new(),
            kind,
            title: String::new(),
            funds: funds.map(|y| y * 100),
            from: Day::MIN,
            to: None,
        });
        if let Some(total) = total {
            self.report(Table::ProjectStaff, &id);
            for i in 0..total {
                let person = format!("{id}-{}", i + 1);
                self.report(Table::Qualifications, &person);
                if i < pro.unwrap_or(0) {
                    self.rows.qualifications.push(QualificationRow {
                        id: String::new(),
                        person: person.clone(),
                        kind: "sw".to_owned(),
                        from: Day::MIN,
                        to: None,
                    });
                }
                self.rows.project_staff.push(ProjectStaffRow {
                    id: String::new(),
                    project: id.clone(),
                    person,
                    volunteer: false,
                    from: Day::MIN,
                    to: None,
                });
            }
        }
        if let Some(yuan) = labour {
            self.report(Table::Expenditures, &id);
            self.rows.expenditures.push(ExpenditureRow {
                id: String::new(),
                project: id,
                kind: "labour".to_owned(),
                basis: String::new(),
                amount: yuan * 100,
                on: Day::MIN,
            });
        }
        Ok(())
    }

    /// A table of rows; the owner may be left out, and units it names are made on the way.
    fn table(&mut self, table: Table, n: &Node) -> Plain {
        let (key, kind) = match table {
            Table::Qualifications
            | Table::WorkHistory
            | Table::Agreements
            | Table::Payments
            | Table::Attendances => ("person", None),
            Table::Assessments => ("subject", None),
            Table::SchoolServices => ("school", Some(UnitKind::School)),
            Table::ProjectStages
            | Table::ProjectPartners
            | Table::ProjectStaff
            | Table::Expenditures => ("project", Some(UnitKind::Project)),
            Table::Supervisors => ("unit", Some(UnitKind::District)),
            _ => ("unit", Some(self.kind)),
        };
        let rows = n.items().iter().map(|item| {
            let Plain::Table(mut plain) = item.plain() else { return item.plain() };
            if table == Table::Units {
                return Plain::Table(plain);
            }
            if key != "person" || !plain.contains_key("person") {
                let default =
                    if table == Table::Supervisors { DISTRICT } else { &self.subject }.to_owned();
                plain.entry(key).or_insert(Plain::String(default));
            }
            let mut made = kind;
            if table == Table::Honours
                && let Some(Plain::String(k)) = plain.remove("kind")
            {
                made = UnitKind::by_name(&k);
            }
            if let (Some(Plain::String(id)), Some(kind)) = (plain.get(key).cloned(), made) {
                self.unit(&id, kind, Some(DISTRICT));
            }
            Plain::Table(plain)
        });
        Plain::Array(rows.collect())
    }

    fn merge(&mut self, more: Rows) {
        let r = &mut self.rows;
        r.units.retain(|u| !more.units.iter().any(|m| m.id == u.id));
        r.units.extend(more.units);
        r.qualifications.extend(more.qualifications);
        r.posts.extend(more.posts);
        r.project_staff.extend(more.project_staff);
        r.expenditures.extend(more.expenditures);
        r.projects.extend(more.projects);
        r.reports.extend(more.reports);
        let (units, persons) = (std::mem::take(&mut r.units), std::mem::take(&mut r.persons));
        let kept = Rows {
            units,
            persons: persons.into_iter().chain(more.persons).collect(),
            qualifications: std::mem::take(&mut r.qualifications),
            posts: std::mem::take(&mut r.posts),
            project_staff: std::mem::take(&mut r.project_staff),
            expenditures: std::mem::take(&mut r.expenditures),
            projects: std::mem::take(&mut r.projects),
            reports: std::mem::take(&mut r.reports),
            work_history: more.work_history,
            rooms: more.rooms,
            facilities: more.facilities,
            documents: more.documents,
            lists: more.lists,
            brands: more.brands,
            project_stages: more.project_stages,
            project_partners: more.project_partners,
            services: more.services,
            worklogs: more.worklogs,
            feature_cases: more.feature_cases,
            supervisors: more.supervisors,
            supervision_links: more.supervision_links,
            agreements: more.agreements,
            assessments: more.assessments,
            payments: more.payments,
            trainings: more.trainings,
            attendances: more.attendances,
            budgets: more.budgets,
            funds: more.funds,
            honours: more.honours,
            school_services: more.school_services,
            partnerships: more.partnerships,
            publicity: more.publicity,
            contests: more.contests,
        };
        *r = kept;
    }
}
