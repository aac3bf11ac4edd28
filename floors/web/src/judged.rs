//! Verdicts, as the slice that judges hands them to all who ask: the board, the district's view, assessments, reports.
//!
//! [`Question`] is what is asked, [`Judged`] the answer, [`Judge`] how the slice that judges is called ([`crate::Slice::judges`]).
use std::collections::HashMap;
use std::sync::Arc;

use access::Cx;
use db::{Result, Tx};
use kernel::{Day, FileId, Refusals, SiteId};
use policy::{Clocks, Engine, Facts, Finding, Pack, Settings, UnitKind, Verdict};

use crate::{Error, Req, Shell};

/// What is asked: which day's facts, known when, and under which day's law.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Question {
    /// The day asked of; today when missing.
    pub as_of: Option<Day>,
    /// Only what had been recorded by the end of that day.
    pub known: Option<Day>,
    /// The day whose law is asked.
    pub law: Option<Day>,
}

impl Question {
    /// From `?as_of=…&known_at=…&law_at=…`.
    pub fn of(req: &Req) -> Self {
        let day = |name: &str| req.query(name).and_then(|d| d.parse().ok());
        Self { as_of: day("as_of"), known: day("known_at"), law: day("law_at") }
    }
    /// Today's facts on another day.
    pub fn on(day: Day) -> Self {
        Self { as_of: Some(day), ..Self::default() }
    }
    /// Parameters that should be days and are none: (name, what was typed).
    pub fn misread(req: &Req) -> Vec<(&'static str, String)> {
        let said = |name| req.query(name).filter(|d| !d.is_empty()).map(|d| (name, d));
        let all = ["as_of", "known_at", "law_at"].into_iter().filter_map(said);
        all.filter(|(_, d)| d.parse::<Day>().is_err()).collect()
    }
    /// The same, refusing what is no day.
    ///
    /// # Errors
    /// Refusals at the parameters.
    pub fn strict(req: &Req) -> std::result::Result<Self, Error> {
        let mut no = Refusals::none();
        for (name, _) in Self::misread(req) {
            no.require(false, name, "register.not_a_day");
        }
        no.done()?;
        Ok(Self::of(req))
    }
}

/// A unit as pages show it.
#[derive(Clone, Debug)]
pub struct Unit {
    pub id: String,
    pub kind: UnitKind,
    pub name: String,
    /// The name without its city and district, for lists where these go without saying.
    pub short: String,
    pub parent: Option<String>,
    /// The region path it lies under: scope is a prefix of it.
    pub path: String,
    pub village: bool,
}

/// Everything judged, at one state of the log, for one question.
pub struct Judged {
    pub pack: Arc<Pack>,
    pub facts: Arc<Facts>,
    pub units: Arc<HashMap<String, Unit>>,
    pub settings: Settings,
    pub clocks: Clocks,
    pub findings: Vec<Finding>,
    /// SHA-256 of all verdicts, for the receipt.
    pub hash: String,
}

impl Judged {
    /// Judges these facts.
    pub fn judge(
        pack: Arc<Pack>,
        (facts, units): (Arc<Facts>, Arc<HashMap<String, Unit>>),
        settings: Settings,
        clocks: Clocks,
    ) -> Self {
        let engine = Engine::new(&pack, &facts, clocks, &settings);
        let board = engine.board();
        let findings = board.findings(&engine).collect();
        let hash = board.hash(&engine);
        Self { findings, hash, pack: Arc::clone(&pack), facts, units, settings, clocks }
    }
    /// The engine that gave these verdicts, for explanations.
    pub fn engine(&self) -> Engine<'_> {
        Engine::new(&self.pack, &self.facts, self.clocks, &self.settings)
    }
    /// How many units in the actor's scope stand at each verdict of a rule, the gravest first.
    pub fn counts(&self, cx: &Cx, rule: &str) -> Vec<(Verdict, usize)> {
        let mut out: Vec<(Verdict, usize)> = Vec::new();
        let mine = |f: &&Finding| f.rule == rule && self.seen(cx, &f.unit).is_some();
        for f in self.findings.iter().filter(mine) {
            match out.iter_mut().find(|(v, _)| *v == f.verdict) {
                Some(c) => c.1 += 1,
                None => out.push((f.verdict, 1)),
            }
        }
        out.sort_by_key(|(v, _)| gravity(*v));
        out
    }
    /// The reading of an option in force here.
    pub fn option(&self, name: &str) -> String {
        let default = || {
            self.pack
                .notes
                .iter()
                .find(|n| n.option.as_deref() == Some(name))
                .and_then(|n| n.default.clone())
        };
        self.settings.options.get(name).cloned().or_else(default).unwrap_or_default()
    }
    /// The same facts under another reading.
    #[must_use]
    pub fn with_option(&self, name: &str, value: &str) -> Self {
        let mut settings = self.settings.clone();
        settings.options.insert(name.into(), value.into());
        let gathered = (Arc::clone(&self.facts), Arc::clone(&self.units));
        Self::judge(Arc::clone(&self.pack), gathered, settings, self.clocks)
    }
    /// The same facts on another day, if nothing is recorded meanwhile.
    #[must_use]
    pub fn on(&self, day: Day) -> Self {
        let gathered = (Arc::clone(&self.facts), Arc::clone(&self.units));
        let clocks = Clocks { as_of: day, ..self.clocks };
        Self::judge(Arc::clone(&self.pack), gathered, self.settings.clone(), clocks)
    }
    /// Findings of one unit, the gravest first.
    pub fn of_unit(&self, unit: &str) -> Vec<&Finding> {
        let mut out: Vec<&Finding> = self.findings.iter().filter(|f| f.unit == unit).collect();
        out.sort_by_key(|f| (gravity(f.verdict), self.severity(&f.rule)));
        out
    }
    /// Is the rule asked of the unit? An exception from what nobody asks is none.
    pub fn asks(&self, unit: &str, rule: &str) -> bool {
        self.findings.iter().any(|f| f.unit == unit && f.rule == rule)
    }
    /// A unit, if the actor's scope reaches it.
    pub fn seen<'a>(&'a self, cx: &Cx, id: &str) -> Option<&'a Unit> {
        self.units.get(id).filter(|u| sees(cx, u))
    }
    /// The street a unit lies in.
    pub fn street_of(&self, unit: &Unit) -> Option<&Unit> {
        let mut at = self.units.get(&unit.id);
        // A chain of parents is at most a handful long; the bound keeps a loop in the data from hanging a page.
        for _ in 0..6 {
            match at {
                Some(u) if u.kind == UnitKind::Street => return Some(u),
                Some(u) => at = u.parent.as_ref().and_then(|p| self.units.get(p)),
                None => break,
            }
        }
        None
    }
    /// How much a breach of the rule matters, the heaviest first.
    pub fn severity(&self, rule: &str) -> u8 {
        self.pack.rule(rule).map_or(9, |r| r.severity as u8)
    }
}

/// Order of showing: what is wrong first, what does not concern last.
pub const fn gravity(v: Verdict) -> u8 {
    match v {
        Verdict::Fail | Verdict::Missed => 0,
        Verdict::Behind => 1,
        Verdict::Warn => 2,
        Verdict::Unknown => 3,
        Verdict::Judgement => 4,
        Verdict::NotYet => 5,
        Verdict::OnTrack => 6,
        Verdict::Pass | Verdict::Met => 7,
        Verdict::Waived => 8,
        Verdict::NotApplicable | Verdict::Absent => 9,
    }
}

/// Does the actor's scope reach the unit? What is asked of a person (agreement, appraisal, grade, allowance) is for the bureau alone, which may
/// open people's files and excuse them.
pub fn sees(cx: &Cx, unit: &Unit) -> bool {
    let bureau = cx.actor.can("people.read") && cx.actor.can("waivers.write");
    if unit.kind.is_person() && !bureau {
        return false;
    }
    let scope = cx.actor.scope();
    unit.path.starts_with(&scope.path) && scope.site.as_ref().is_none_or(|s| s.as_str() == unit.id)
}

/// How the slice that judges is called. One slice of the house has it.
#[derive(Clone, Copy)]
pub struct Judge {
    /// The verdicts for a question, as this transaction sees the log; the day is today.
    pub verdicts: fn(&mut Tx<'_>, Day, &Shell, &Question) -> Result<Arc<Judged>>,
    /// What was measured, as people read it.
    pub value: fn(&Req, &Finding) -> String,
    /// What it is held against, as people read it.
    pub bound: fn(&Req, &Finding) -> String,
}

/// The verdicts for a question; nothing when no slice of the house judges.
///
/// # Errors
/// The engine's fault.
pub fn verdicts(
    tx: &mut Tx<'_>,
    today: Day,
    shell: &Shell,
    question: &Question,
) -> Result<Option<Arc<Judged>>> {
    let judge = shell.slices.iter().find_map(|s| s.judges);
    judge.map(|j| (j.verdicts)(tx, today, shell, question)).transpose()
}

impl Req {
    /// The verdicts for a question as the log stands now.
    ///
    /// # Errors
    /// Not signed in; missing when no slice of the house judges.
    pub async fn judged(&self, question: Question) -> std::result::Result<Arc<Judged>, Error> {
        let shell = self.shell.clone();
        self.ask(move |tx, cx| {
            verdicts(tx, cx.today(), &shell, &question)?.ok_or(db::Error::Missing)
        })
        .await
    }
    /// A finding's value and bound as people read them.
    pub fn said(&self, f: &Finding) -> (String, String) {
        let judge = self.shell.slices.iter().find_map(|s| s.judges);
        judge.map_or_else(Default::default, |j| ((j.value)(self, f), (j.bound)(self, f)))
    }
}

/// A file that proves a record of a site: what an inspection is shown beside the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub site: SiteId,
    /// The table of the record it proves, and the record.
    pub subject: String,
    pub record: String,
    pub file: FileId,
    /// As it was called when it came.
    pub name: String,
    pub mime: String,
    pub digest: String,
    /// Where its bytes lie under the data directory's `files/`.
    pub path: String,
    pub taken: Day,
    /// Locale key of where it stands, such as accepted or waiting.
    pub state: &'static str,
    pub note: String,
}

/// The files of a place that the asker may see, known by a day, from every slice.
///
/// # Errors
/// The engine's fault.
pub fn proofs(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, path: &str, by: Day) -> Result<Vec<Proof>> {
    let mut all = Vec::new();
    for ask in shell.slices.iter().filter_map(|s| s.proofs) {
        all.extend(ask(tx, cx, path, by)?);
    }
    Ok(all)
}
