//! Why a verdict is what it is: clause, formula with its numbers, rows counted and not counted with the reason, what would mend it.
//!
//! Nothing of this is kept; asking re-runs one rule on one unit with a recorder that listens. Texts of the pack come in both
//! languages; everything else is a key with arguments whose sentence stands in the locale.
mod fill;
mod lines;

use kernel::{Day, Ratio};
use serde::Serialize;

use crate::catalogue::Returns;
use crate::facts::{Facts, Owner};
use crate::finding::{Measured, Threshold};
use crate::measure::{Recorder, Value, Why};
use crate::pack::{Arg, Bound, Creates, Evidence, Modality, Nth, Pack, RuleKind, Severity, Text};
use crate::plan::{self, Test};
use crate::rows::{Table, UnitKind};
use crate::run::Engine;
use crate::verdict::{Clocks, Settings, Verdict, Waiver};

/// A key whose sentence stands in the locale, and what fills its holes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Say {
    pub key: String,
    pub args: Vec<(&'static str, String)>,
}

/// A record a page can link to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct RecordRef {
    /// Such as `post`.
    pub kind: &'static str,
    /// Such as `posts`.
    pub table: &'static str,
    pub id: String,
}

/// A row of facts as the explanation lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub record: RecordRef,
    /// Person, title or unit it names.
    pub label: String,
    /// Kind from the vocabulary (role, room function, certificate); locale key `policy.kind.…`.
    pub kind: String,
    /// First day, when it has one.
    pub from: Option<Day>,
    /// First day on which it no longer holds.
    pub to: Option<Day>,
    /// Its number, in the table's inside unit.
    pub n: Option<i64>,
    /// Why it was not counted.
    pub because: Option<Say>,
    /// Rows that bear on it: the certificate of a post, the post elsewhere.
    pub also: Vec<Line>,
}

/// The clause a rule stands in.
#[derive(Clone, Debug, Serialize)]
pub struct ClauseRef {
    pub id: String,
    /// The item inside it, such as `4A.3-5`.
    pub item: String,
    pub heading: String,
    /// Our restatement.
    pub says: Text,
    pub quote: Option<String>,
    pub nth: Option<Nth>,
}

/// A reading in use where the text allows several.
#[derive(Clone, Debug, Serialize)]
pub struct Reading {
    pub option: String,
    pub value: String,
    pub says: Text,
    /// The note that explains it.
    pub note: String,
}

/// One side of the formula: a measure with its value and its rows.
#[derive(Clone, Debug, Serialize)]
pub struct Term {
    pub measure: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub args: Vec<(String, String)>,
    pub returns: Returns,
    pub value: Measured,
    pub counted: Vec<Line>,
    /// Near misses first.
    pub rejected: Vec<Line>,
}

/// The whole answer to "why?".
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    pub rule: String,
    pub kind: RuleKind,
    pub title: Text,
    pub clause: ClauseRef,
    pub unit: String,
    pub unit_kind: UnitKind,
    pub unit_name: String,
    pub clocks: Clocks,
    pub verdict: Verdict,
    pub modality: Modality,
    pub severity: Severity,
    /// Shown as `measure = value`; a ratio has its two terms after it.
    pub terms: Vec<Term>,
    pub value: Measured,
    pub threshold: Threshold,
    /// The day from which this bound holds; missing when it always did.
    pub since: Option<Day>,
    /// What the path of a target asks for today, exactly.
    pub line: Option<Ratio>,
    /// When a duty or target falls due.
    pub due: Option<Day>,
    /// The verdict of the same rule at the end of the year before, for duties.
    pub previous: Option<(Day, Verdict)>,
    pub readings: Vec<Reading>,
    /// What the verdict rests on in one sentence.
    pub because: Say,
    /// Kinds a set lacks.
    pub missing: Vec<String>,
    /// How far the value is from the bound, in the measure's inside unit.
    pub gap: Option<i64>,
    pub evidence: Option<Evidence>,
    /// The pack's words, filled in.
    pub remedy: Option<Text>,
    pub creates: Option<Creates>,
    pub waiver: Option<Waiver>,
    /// Notes on this rule, by id.
    pub notes: Vec<String>,
}

/// Explains one verdict with the pack's default readings. `None` when the rule is not asked of the unit.
pub fn explain(
    pack: &Pack,
    facts: &Facts,
    clocks: Clocks,
    rule: &str,
    unit: &str,
) -> Option<Explanation> {
    Engine::new(pack, facts, clocks, &Settings::default()).explain(rule, unit)
}

/// Remembers what a kernel says of each row.
#[derive(Default)]
pub(crate) struct Trace {
    pub rows: Vec<(Table, u32, Option<Why>)>,
    /// (place in `rows`, table, row)
    pub also: Vec<(usize, Table, u32)>,
}
impl Recorder for Trace {
    fn counted(&mut self, t: Table, row: u32) {
        self.rows.push((t, row, None));
    }
    fn rejected(&mut self, t: Table, row: u32, why: Why) {
        self.rows.push((t, row, Some(why)));
    }
    fn also(&mut self, t: Table, row: u32) {
        if let Some(at) = self.rows.len().checked_sub(1) {
            self.also.push((at, t, row));
        }
    }
}

impl Engine<'_> {
    /// Explains one verdict. `None` when the rule is not asked of the unit.
    pub fn explain(&self, rule: &str, unit: &str) -> Option<Explanation> {
        let ix = self.rule_ix(rule)?;
        let owner = self.facts.owner(unit)?;
        let verdict = self.verdict_of(ix, owner);
        if verdict == Verdict::Absent {
            return None;
        }
        let r = self.pack.rules.get(ix as usize)?;
        let p = self.plan.rules.get(ix as usize)?;
        let slot = p.shown_slot();
        let (terms, value) = self.terms(slot, owner);
        let finding = self.finding_of(ix, owner, verdict)?;
        let threshold = finding.threshold;
        let clause = self.pack.clause_of(r);
        let path = if let Test::Path(path) = &p.test { Some(path) } else { None };
        let point = path.and_then(|_| {
            let at = self.clocks.as_of;
            r.points
                .iter()
                .find(|q| q.by > at)
                .or_else(|| r.points.iter().rev().find(|q| q.by <= at))
        });
        let quote = r.quote.as_ref().or_else(|| point.and_then(|q| q.quote.as_ref()));
        let missing = self.missing(ix, owner, value, &terms);
        let gap = fill::gap(value, &threshold);
        let mut e = Explanation {
            rule: r.id.clone(),
            kind: r.kind,
            title: r.title.clone(),
            clause: ClauseRef {
                id: clause.map(|c| c.id.clone()).unwrap_or_default(),
                item: r.item.clone(),
                heading: clause.map(|c| c.heading.clone()).unwrap_or_default(),
                says: clause.map(|c| c.says.clone()).unwrap_or_default(),
                quote: quote.map(|q| q.words.clone()),
                nth: quote.map(|q| q.nth),
            },
            unit: unit.to_owned(),
            unit_kind: finding.kind,
            unit_name: self.facts.label(unit),
            clocks: self.clocks,
            verdict,
            modality: r.modality,
            severity: r.severity,
            value: self.shown(slot, value),
            threshold,
            since: self.since(&r.bound, &r.amount),
            line: path.and_then(|q| q.line),
            due: self.due(ix, point.map(|q| q.by)),
            previous: self.previous(ix, owner),
            readings: self.readings(ix),
            because: Say { key: format!("policy.because.{}", verdict.name()), args: Vec::new() },
            missing,
            gap,
            evidence: r.evidence.clone(),
            remedy: None,
            creates: r.creates.clone(),
            waiver: self.waivers.get(&(ix, owner)).cloned(),
            notes: self.pack.notes_on(&r.id).map(|n| n.id.clone()).collect(),
            terms,
        };
        if let Value::Unknown(t) = value {
            e.because = Say {
                key: "policy.because.not_recorded".to_owned(),
                args: vec![("table", t.name().to_owned())],
            };
        }
        e.remedy = r.remedy.as_ref().filter(|_| !verdict.good()).map(|t| fill::remedy(t, &e));
        Some(e)
    }

    /// The measure with its rows; a ratio is followed by its two sides.
    fn terms(&self, slot: Option<u32>, owner: Owner) -> (Vec<Term>, Value) {
        let Some((ix, s)) = slot.and_then(|ix| Some((ix, self.plan.slots.get(ix as usize)?)))
        else {
            return (Vec::new(), Value::NotApplicable);
        };
        let mut trace = Trace::default();
        let value = self.value(ix, owner, &mut trace);
        let args = |rule_slot: u32| -> Vec<(String, String)> {
            let rule = self.plan.rules.iter().position(|p| p.shown_slot() == Some(rule_slot));
            let call = rule.and_then(|r| self.pack.rules.get(r)).and_then(|r| r.call.as_ref());
            call.map(|c| c.args.iter().map(|(k, v)| (k.clone(), shown_arg(v))).collect())
                .unwrap_or_default()
        };
        let mut out = Vec::new();
        if let Some(pair) = &s.args.pair {
            let entry = s.measure.entry();
            out.push(Term {
                measure: entry.name,
                zh: entry.zh,
                en: entry.en,
                args: args(ix),
                returns: entry.returns,
                value: self.shown(Some(ix), value),
                counted: Vec::new(),
                rejected: Vec::new(),
            });
            for side in [&pair.0, &pair.1] {
                let mut trace = Trace::default();
                let v =
                    crate::measure::measure(self.facts, &self.plan.ctx, side, owner, &mut trace);
                out.push(self.term(side.measure.entry(), Vec::new(), self.shown(None, v), &trace));
            }
        } else {
            let shown = self.shown(Some(ix), value);
            out.push(self.term(s.measure.entry(), args(ix), shown, &trace));
        }
        (out, value)
    }
    fn term(
        &self,
        entry: &'static crate::catalogue::Entry,
        args: Vec<(String, String)>,
        value: Measured,
        trace: &Trace,
    ) -> Term {
        let (counted, rejected) = lines::split(self.facts, trace);
        Term {
            measure: entry.name,
            zh: entry.zh,
            en: entry.en,
            args,
            returns: entry.returns,
            value,
            counted,
            rejected,
        }
    }

    /// Kinds a set lacks, or the units a share lacks.
    fn missing(&self, ix: u32, owner: Owner, value: Value, terms: &[Term]) -> Vec<String> {
        let Some(p) = self.plan.rules.get(ix as usize) else { return Vec::new() };
        match (self.threshold(ix, owner), value) {
            (Threshold::Includes { kinds }, Value::Set(_)) => {
                let Measured::Set { kinds: have } = self.shown(p.slot, value) else {
                    return kinds;
                };
                kinds.into_iter().filter(|k| !have.contains(k)).collect()
            }
            (Threshold::AnyOf { kinds }, Value::Set(0)) => kinds,
            (_, Value::Ratio { .. }) => terms
                .iter()
                .flat_map(|t| &t.rejected)
                .filter(|l| {
                    l.because.as_ref().is_some_and(|b| {
                        b.key.ends_with(".no_studio")
                            || b.key.ends_with(".no_service")
                            || b.key.ends_with(".not_assessed")
                    })
                })
                .map(|l| l.label.clone())
                .collect(),
            _ => Vec::new(),
        }
    }

    fn since(&self, bound: &Bound, amount: &[crate::pack::Dated]) -> Option<Day> {
        let law = self.clocks.law();
        let dated = match bound {
            Bound::Range { min, max } => plan::on(min, law).or_else(|| plan::on(max, law)),
            Bound::Equals(e) => plan::on(e, law),
            _ => plan::on(amount, law),
        };
        dated.map(|d| d.from).filter(|d| *d > Day::MIN)
    }
    fn due(&self, ix: u32, point: Option<Day>) -> Option<Day> {
        let rule = self.pack.rules.get(ix as usize)?;
        let year = i16::try_from(self.plan.ctx.year).ok()?;
        point.or_else(|| rule.due.and_then(|d| Day::of(year, d.month, d.day)))
    }
    /// How a duty stood when the year before ended.
    fn previous(&self, ix: u32, owner: Owner) -> Option<(Day, Verdict)> {
        let rule = self.pack.rules.get(ix as usize).filter(|r| r.kind == RuleKind::Duty)?;
        let day = Day(self.plan.ctx.year0 - 1);
        let settings = Settings {
            options: self
                .plan
                .rules
                .get(ix as usize)
                .map(|p| p.options.clone())
                .unwrap_or_default(),
            waivers: Vec::new(),
        };
        let one = Pack { rules: vec![rule.clone()], ..self.pack.shell() };
        let law_at = self.clocks.law_at;
        let then =
            Engine::new(&one, self.facts, Clocks { as_of: day, law_at, ..self.clocks }, &settings);
        Some((day, then.verdict_of(0, owner))).filter(|(_, v)| *v != Verdict::Absent)
    }
    fn readings(&self, ix: u32) -> Vec<Reading> {
        let Some(p) = self.plan.rules.get(ix as usize) else { return Vec::new() };
        self.pack
            .notes
            .iter()
            .filter_map(|n| {
                let option = n.option.clone()?;
                let value = p.options.get(&option)?.clone();
                let choice = n.choices.iter().find(|c| c.value == value);
                let says =
                    choice.map(|c| Text { zh: c.zh.clone(), en: c.en.clone() }).unwrap_or_default();
                Some(Reading { option, value, says, note: n.id.clone() })
            })
            .collect()
    }
}

fn shown_arg(a: &Arg) -> String {
    match a {
        Arg::Bool(b) => b.to_string(),
        Arg::Int(n) => n.to_string(),
        Arg::Texts(t) => t.join(", "),
        Arg::Map(m) => {
            m.iter().map(|(k, v)| format!("{k}={}", shown_arg(v))).collect::<Vec<_>>().join(", ")
        }
    }
}
