//! The verdicts in memory: facts gathered from every slice, judged once per state of the log and per question, shared by all who ask.
//!
//! Reading order: [`Snapshot`] is what pages see, `keep` what the process remembers and refreshes, `gather` asks the slices.
mod gather;
mod keep;

use std::collections::HashMap;
use std::sync::Arc;

use access::Cx;
use db::{Result, Tx};
use kernel::{Day, Instant, Refusals};
use policy::{Clocks, Engine, Facts, Finding, Options, Pack, Settings, UnitKind, Verdict, Waiver};
use web::{Error, Req, Shell};

use crate::{acts, pack, store};
use gather::{Gathered, gather};
pub use keep::{current, gathers};

/// What is asked: which day's facts, known when, and under which readings beyond those in force.
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
    pub(crate) fn of(req: &Req) -> Self {
        let day = |name: &str| req.query(name).and_then(|d| d.parse().ok());
        Self { as_of: day("as_of"), known: day("known_at"), law: day("law_at") }
    }
    /// Parameters that should be days and are none: (name, what was typed).
    pub(crate) fn misread(req: &Req) -> Vec<(&'static str, String)> {
        let said = |name| req.query(name).filter(|d| !d.is_empty()).map(|d| (name, d));
        let all = ["as_of", "known_at", "law_at"].into_iter().filter_map(said);
        all.filter(|(_, d)| d.parse::<Day>().is_err()).collect()
    }
    /// The same, refusing what is no day.
    ///
    /// # Errors
    /// Refusals at the parameters.
    pub(crate) fn strict(req: &Req) -> std::result::Result<Self, Error> {
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
pub struct Snapshot {
    pub pack: Arc<Pack>,
    pub facts: Arc<Facts>,
    pub units: Arc<HashMap<String, Unit>>,
    pub settings: Settings,
    pub clocks: Clocks,
    pub findings: Vec<Finding>,
    /// SHA-256 of all verdicts, for the receipt.
    pub hash: String,
}

impl Snapshot {
    fn judge(pack: Arc<Pack>, gathered: &Gathered, settings: Settings, clocks: Clocks) -> Self {
        let engine = Engine::new(&pack, &gathered.facts, clocks, &settings);
        let board = engine.board();
        let findings = board.findings(&engine).collect();
        let hash = board.hash(&engine);
        let (facts, units) = (Arc::clone(&gathered.facts), Arc::clone(&gathered.units));
        Self { facts, units, findings, hash, pack: Arc::clone(&pack), settings, clocks }
    }
    /// The engine that gave these verdicts, for explanations.
    pub fn engine(&self) -> Engine<'_> {
        Engine::new(&self.pack, &self.facts, self.clocks, &self.settings)
    }
    /// How many units in the actor's scope stand at each verdict of a rule, the gravest first.
    pub(crate) fn counts(&self, cx: &Cx, rule: &str) -> Vec<(Verdict, usize)> {
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
    pub(crate) fn option(&self, name: &str) -> String {
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
    pub(crate) fn with_option(&self, name: &str, value: &str) -> Self {
        let mut settings = self.settings.clone();
        settings.options.insert(name.into(), value.into());
        let gathered = Gathered { facts: Arc::clone(&self.facts), units: Arc::clone(&self.units) };
        Self::judge(Arc::clone(&self.pack), &gathered, settings, self.clocks)
    }
    /// Findings of one unit, the gravest first.
    pub(crate) fn of_unit(&self, unit: &str) -> Vec<&Finding> {
        let mut out: Vec<&Finding> = self.findings.iter().filter(|f| f.unit == unit).collect();
        out.sort_by_key(|f| (gravity(f.verdict), self.severity(&f.rule)));
        out
    }
    /// Is the rule asked of the unit? An exception from what nobody asks is none.
    pub(crate) fn asks(&self, unit: &str, rule: &str) -> bool {
        self.findings.iter().any(|f| f.unit == unit && f.rule == rule)
    }
    /// A unit, if the actor's scope reaches it.
    pub(crate) fn seen<'a>(&'a self, cx: &Cx, id: &str) -> Option<&'a Unit> {
        self.units.get(id).filter(|u| sees(cx, u))
    }
    /// How much a breach of the rule matters, the heaviest first.
    pub(crate) fn severity(&self, rule: &str) -> u8 {
        self.pack.rule(rule).map_or(9, |r| r.severity as u8)
    }
}

/// Does the actor's scope reach the unit? What is asked of a person (agreement, appraisal, grade, allowance) is for the bureau alone, which may
/// open people's files and excuse them.
pub(crate) fn sees(cx: &Cx, unit: &Unit) -> bool {
    let bureau = cx.actor.can("people.read") && cx.actor.can("waivers.write");
    if unit.kind.is_person() && !bureau {
        return false;
    }
    let scope = cx.actor.scope();
    unit.path.starts_with(&scope.path) && scope.site.as_ref().is_none_or(|s| s.as_str() == unit.id)
}

/// Order of showing: what is wrong first, what does not concern last.
pub(crate) const fn gravity(v: Verdict) -> u8 {
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

/// The verdicts for a question as the log stands now; `None` asks about today.
pub(crate) async fn snapshot(
    req: &Req,
    question: Option<Question>,
) -> std::result::Result<Arc<Snapshot>, Error> {
    let shell = req.shell.clone();
    let question = question.unwrap_or_else(|| Question::of(req));
    req.ask(move |tx, cx| current(tx, cx.today(), &shell, &question)).await
}

/// The verdicts as this very transaction sees the tables, kept nowhere: what-if questions ask inside a rehearsal.
pub(crate) fn uncached(tx: &mut Tx<'_>, today: Day, shell: &Shell) -> Result<Snapshot> {
    let gathered = gather(tx, shell, None)?.0;
    Ok(Snapshot::judge(
        pack::current(tx)?,
        &gathered,
        settings(tx, today, None)?,
        Clocks::on(today),
    ))
}

/// Ends an exception of a unit in the asker's scope; any other looks absent.
///
/// # Errors
/// [`db::Error::Missing`].
pub(crate) async fn end_waiver(req: &Req, id: String) -> std::result::Result<(), Error> {
    let snap = snapshot(req, Some(Question::default())).await?;
    req.act(move |tx, cx| {
        let waiver = store::waiver(tx, &id)?.ok_or(db::Error::Missing)?;
        snap.seen(cx, &waiver.unit).ok_or(db::Error::Missing)?;
        acts::end_waiver(tx, cx, &id)
    })
    .await
}

/// What the district had decided for a day: now, or as known at an instant.
fn settings(tx: &mut Tx<'_>, day: Day, known: Option<Instant>) -> Result<Settings> {
    let (options, waivers) = match known {
        None => (store::options(tx, day)?, store::waivers(tx)?),
        Some(at) => (store::options_known(tx, day, at)?, store::waivers_known(tx, at)?),
    };
    let options: Options = options.into_iter().map(|o| (o.name, o.value)).collect();
    let waivers = waivers
        .into_iter()
        .filter(|w| w.since <= day)
        .map(|w| Waiver {
            rule: w.rule,
            unit: w.unit,
            reason: w.reason,
            approver: w.approver,
            expires: w.until,
        })
        .collect();
    Ok(Settings { options, waivers })
}
