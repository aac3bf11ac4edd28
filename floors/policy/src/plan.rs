//! Compiles a pack for one set of facts and one day: every measure call becomes a slot, every rule a comparison with it.
//!
//! Calls that are the same share a slot. Dated bounds are resolved here, once, so the pass over the units compares numbers only.
mod quick;

use quick::Fused;
pub(crate) use quick::{Ask, Quick};

use kernel::{Day, Ratio};

use crate::facts::Facts;
use crate::measure::{Ctx, Eligible, Lut, Slot, ladder};
use crate::pack::{
    Args, Bound, Call, Dated, Empty, Modality, Pack, Pattern, Rule, RuleKind, When, Who,
};
use crate::rows::UnitKind;
use crate::verdict::{Clocks, Options, Settings};

/// A compiled pack.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub ctx: Ctx,
    pub slots: Vec<Slot>,
    /// One per rule of the pack, in its order.
    pub rules: Vec<RulePlan>,
    /// Per kind of unit: the rules asked of it.
    pub kinds: Vec<KindPlan>,
    groups: Vec<Fused>,
    /// Per slot: its place in `groups`.
    group: Vec<Option<u16>>,
}

/// What is asked of one kind of unit.
#[derive(Clone, Debug)]
pub(crate) struct KindPlan {
    pub kind: UnitKind,
    pub rules: Vec<u32>,
    /// The same rules for a pass over many units.
    pub asks: Vec<Ask>,
}

/// One rule, compiled.
#[derive(Clone, Debug)]
pub(crate) struct RulePlan {
    /// Does the rule stand on the day whose law is asked?
    pub stands: bool,
    pub slot: Option<u32>,
    pub test: Test,
    pub conditions: Vec<Condition>,
    pub modality: Modality,
    pub empty: Empty,
    pub who: Option<WhoPlan>,
    /// Readings in use, by option name.
    pub options: Options,
}

/// A condition bound to the vocabulary.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Mode(Lut),
    Flag(u8, bool),
    Kind(Lut),
}

/// A holder of a role, bound to the vocabulary.
#[derive(Clone, Debug)]
pub(crate) struct WhoPlan {
    pub role: Option<u16>,
    pub unit: Option<UnitKind>,
    pub mode: Option<u16>,
    pub grade: Option<u16>,
}

/// How a value is judged.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// No bound: shown only.
    Show,
    /// The bound has no value on this day.
    NoBound,
    /// A person decides.
    Judgement,
    Range(Option<Ratio>, Option<Ratio>),
    Equals(Ratio),
    All(u64),
    Any(u64),
    /// Stage (vocabulary) → what must be there when a project stands at it.
    Until(Vec<(u16, u64)>),
    Matches(Pattern, bool),
    /// A duty: what makes it done, and whether its deadline is behind us.
    Duty {
        done: Box<Test>,
        closed: bool,
    },
    /// A target's path on this day.
    Path(Path),
    /// A grade the post must carry.
    Grade,
    /// Fen to be paid for the month; is the month over?
    Allowance {
        amount: Option<Ratio>,
        closed: bool,
        eligible: Box<Eligible>,
    },
}

/// A target's neighbourhood of the day asked.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    /// The last point reached by the calendar: its minimum, and whether today is its very day.
    pub behind: Option<(Ratio, bool)>,
    /// The next point.
    pub ahead: Option<Ratio>,
    /// What the line between the two asks for today.
    pub line: Option<Ratio>,
    /// The slot of the point ahead, when its arguments differ.
    pub slot_ahead: Option<u32>,
}

/// The value of a dated bound on a day.
pub(crate) fn on(bounds: &[Dated], day: Day) -> Option<&Dated> {
    bounds.iter().rev().find(|d| d.from <= day && d.to.is_none_or(|t| day < t))
}

/// Does the rule stand on this day?
pub(crate) fn stands(pack: &Pack, rule: &Rule, law: Day) -> bool {
    let within = |from: Option<Day>, to: Option<Day>| {
        from.is_none_or(|f| f <= law) && to.is_none_or(|t| law < t)
    };
    within(rule.from, rule.to) && within(pack.in_force.0, pack.in_force.1)
}

/// The readings a rule is asked under: what its notes offer, the district's choice before the default.
pub(crate) fn options_of(pack: &Pack, rule: &Rule, settings: &Settings) -> Options {
    let mut out = Options::new();
    for n in pack.notes_on(&rule.id) {
        let (Some(name), Some(default)) = (&n.option, &n.default) else { continue };
        let chosen = settings
            .options
            .get(name)
            .filter(|v| n.choices.is_empty() || n.choices.iter().any(|c| &c.value == *v));
        out.insert(name.clone(), chosen.unwrap_or(default).clone());
    }
    // “其中”: supervisors and certified workers are counted among the staff, so who is staff is settled for them too.
    let counts_staff = rule.call.as_ref().is_some_and(|c| {
        c.measure == crate::catalogue::MeasureId::StaffCount && !c.args.contains_key("role")
    });
    if counts_staff && rule.on.contains(&UnitKind::Station) {
        let name = "third_party_head_counts";
        let default = pack
            .notes
            .iter()
            .find(|n| n.option.as_deref() == Some(name))
            .and_then(|n| n.default.clone());
        let value =
            settings.options.get(name).cloned().or(default).unwrap_or_else(|| "false".to_owned());
        out.insert(name.to_owned(), value);
    }
    out
}

/// A slot still in words: a call, the kinds it is compared with, and the readings.
#[derive(PartialEq)]
struct Draft {
    call: Call,
    options: Options,
    wanted: Vec<String>,
}

impl Plan {
    /// Compiles.
    pub(crate) fn new(pack: &Pack, f: &Facts, clocks: &Clocks, settings: &Settings) -> Self {
        let ctx = Ctx::on(clocks.as_of);
        let law = clocks.law();
        let mut drafts: Vec<Draft> = Vec::new();
        let mut rules: Vec<RulePlan> = Vec::new();
        let mut kinds: Vec<KindPlan> = Vec::new();
        for (ix, rule) in pack.rules.iter().enumerate() {
            let ix = u32::try_from(ix).unwrap_or(u32::MAX);
            let options = options_of(pack, rule, settings);
            let slot = rule
                .call
                .as_ref()
                .filter(|_| rule.kind != RuleKind::Target)
                .map(|call| draft(&mut drafts, call, &options, &words(&rule.bound)));
            let mut plan = RulePlan {
                stands: stands(pack, rule, law),
                slot,
                test: Test::Show,
                conditions: conditions(f, rule),
                modality: rule.modality,
                empty: rule.empty,
                who: rule.who.as_ref().map(|w| who(f, w, rule)),
                options,
            };
            plan.test = match rule.kind {
                RuleKind::Target => path(rule, clocks.as_of, &mut drafts, &mut plan),
                RuleKind::Duty => {
                    let closed = rule.due.and_then(|d| {
                        let year = i16::try_from(ctx.year).ok()?;
                        // A deadline on 29 February falls on the 28th in a common year.
                        Day::of(year, d.month, d.day).or_else(|| Day::of(year, d.month, d.day - 1))
                    });
                    let closed = closed.is_some_and(|d| clocks.as_of >= d);
                    Test::Duty { done: Box::new(test(rule, law, &plan.options)), closed }
                }
                RuleKind::Entitle if rule.grade.is_some() => Test::Grade,
                RuleKind::Entitle if !rule.amount.is_empty() => Test::Allowance {
                    amount: on(&rule.amount, law).map(|d| d.value),
                    closed: ctx.as_of + 1 >= ctx.month1,
                    eligible: Box::new(eligible(f, rule, law, &plan.options)),
                },
                _ if rule.judgement => Test::Judgement,
                _ => test(rule, law, &plan.options),
            };
            if rule.kind != RuleKind::Permit {
                for kind in &rule.on {
                    enlist(&mut kinds, *kind, ix);
                }
            }
            rules.push(plan);
        }
        let allowance = pack.rules.iter().zip(&rules).find_map(|(_, p)| match &p.test {
            Test::Allowance { eligible, .. } => Some(eligible.clone()),
            _ => None,
        });
        let slots: Vec<Slot> = drafts
            .iter()
            .map(|d| {
                let mut s = Slot::bind(f, &ctx, &d.call, &d.wanted, &d.options);
                if s.measure == crate::catalogue::MeasureId::AllowanceDue {
                    s.args.eligible = allowance.clone();
                }
                s
            })
            .collect();
        for (rule, plan) in pack.rules.iter().zip(&mut rules) {
            if let Some(d) = plan.slot.and_then(|s| drafts.get(s as usize)) {
                let masks = masks(f, &rule.bound, &d.wanted);
                if let Some(t) = masks {
                    match &mut plan.test {
                        Test::Duty { done, .. } => **done = t,
                        other => *other = t,
                    }
                }
            }
        }
        let (groups, group) = Fused::of(&slots, f);
        for k in &mut kinds {
            let asked = k.rules.iter().filter_map(|r| Some((*r, rules.get(*r as usize)?)));
            k.asks = asked.map(|(r, plan)| Ask::new(r, plan)).collect();
            let slots: Vec<u32> = k.asks.iter().map(|a| a.slot).collect();
            for a in &mut k.asks {
                let grouped = group.get(a.slot as usize).is_some_and(Option::is_some);
                a.shared = grouped || slots.iter().filter(|s| **s == a.slot).count() > 1;
            }
        }
        Self { ctx, slots, rules, kinds, groups, group }
    }
}

fn enlist(kinds: &mut Vec<KindPlan>, kind: UnitKind, rule: u32) {
    let at = kinds.iter().position(|k| k.kind == kind).unwrap_or_else(|| {
        kinds.push(KindPlan { kind, rules: Vec::new(), asks: Vec::new() });
        kinds.len() - 1
    });
    if let Some(k) = kinds.get_mut(at) {
        k.rules.push(rule);
    }
}

/// The slot of this call; one more when no other rule asked the same. Sets asked by several rules share one slot with all their kinds.
fn draft(drafts: &mut Vec<Draft>, call: &Call, options: &Options, words: &[String]) -> u32 {
    let found = drafts.iter_mut().position(|d| &d.call == call && &d.options == options);
    let at = found.unwrap_or_else(|| {
        drafts.push(Draft { call: call.clone(), options: options.clone(), wanted: Vec::new() });
        drafts.len() - 1
    });
    if let Some(d) = drafts.get_mut(at) {
        for w in words {
            if !d.wanted.contains(w) {
                d.wanted.push(w.clone());
            }
        }
    }
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn words(b: &Bound) -> Vec<String> {
    match b {
        Bound::Includes(w) | Bound::AnyOf(w) | Bound::Until(w) => w.clone(),
        _ => Vec::new(),
    }
}

fn masks(f: &Facts, b: &Bound, wanted: &[String]) -> Option<Test> {
    let bit = |w: &String| wanted.iter().position(|x| x == w).map_or(0, |p| 1_u64 << p.min(63));
    Some(match b {
        Bound::Includes(w) => Test::All(w.iter().map(bit).sum()),
        Bound::AnyOf(w) => Test::Any(w.iter().map(bit).sum()),
        Bound::Until(stages) => {
            let mut sum = 0;
            let mut out = Vec::new();
            for s in stages {
                // The stages before this one; the present one is still being worked on.
                out.extend(f.vocab.find(s).map(|k| (k, sum)));
                sum |= bit(s);
            }
            Test::Until(out)
        }
        _ => return None,
    })
}

fn test(rule: &Rule, law: Day, options: &Options) -> Test {
    match &rule.bound {
        Bound::None => Test::Show,
        Bound::Range { min, max } => {
            let (lo, hi) = (on(min, law), on(max, law));
            if (lo.is_none() && !min.is_empty()) || (hi.is_none() && !max.is_empty()) {
                return Test::NoBound;
            }
            Test::Range(lo.map(|d| d.value), hi.map(|d| d.value))
        }
        Bound::Equals(e) => on(e, law).map_or(Test::NoBound, |d| Test::Equals(d.value)),
        Bound::Matches(p) => Test::Matches(
            p.clone(),
            options.get("studio_name_brackets").is_some_and(|o| o == "optional"),
        ),
        Bound::Includes(_) | Bound::AnyOf(_) | Bound::Until(_) => Test::Show,
    }
}

fn conditions(f: &Facts, rule: &Rule) -> Vec<Condition> {
    use crate::facts::flag;
    rule.when
        .iter()
        .filter_map(|w| match w {
            When::Operator(o) => Some(Condition::Mode(Lut::of(&f.vocab, o))),
            When::PurchasedByGovernment(b) => Some(Condition::Flag(flag::PURCHASED, *b)),
            When::Professional(b) => Some(Condition::Flag(flag::PROFESSIONAL, *b)),
            When::Kind(k) => Some(Condition::Kind(Lut::of(&f.vocab, k))),
            // These two say whether an allowance is earned and are read there.
            When::ProjectLevel(_) | When::Assessment { .. } => None,
        })
        .collect()
}

fn who(f: &Facts, w: &Who, rule: &Rule) -> WhoPlan {
    // A word nobody has used in the facts has no number; no row can carry it.
    let word = |t: &Option<String>| t.as_ref().map(|t| f.vocab.find(t).unwrap_or(u16::MAX));
    WhoPlan { role: word(&w.role), unit: w.unit, mode: word(&w.operator), grade: word(&rule.grade) }
}

fn eligible(f: &Facts, rule: &Rule, law: Day, options: &Options) -> Eligible {
    use crate::measure::Part;
    let mut e = Eligible {
        fulltime: rule.who.as_ref().and_then(|w| w.fulltime).unwrap_or(false),
        social_worker: rule.who.as_ref().and_then(|w| w.social_worker).unwrap_or(false),
        levels: None,
        results: None,
        part: match options.get("allowance_part_month").map(String::as_str) {
            Some("full_month") => Part::FullMonth,
            Some("half_month") => Part::HalfMonth,
            _ => Part::AnyDay,
        },
        amount: on(&rule.amount, law).map_or(0, |d| d.value.of),
    };
    for w in &rule.when {
        match w {
            When::ProjectLevel(levels) => {
                let all: Vec<String> = levels.iter().flat_map(|l| ladder(l)).collect();
                e.levels = Some(Lut::of(&f.vocab, &all));
            }
            When::Assessment { result, latest } => {
                let latest = match options.get("allowance_appraisal_year").map(String::as_str) {
                    Some(o) => o == "latest",
                    None => *latest,
                };
                e.results = Some((Lut::of(&f.vocab, result), latest));
            }
            _ => {}
        }
    }
    e
}

fn path(rule: &Rule, as_of: Day, drafts: &mut Vec<Draft>, plan: &mut RulePlan) -> Test {
    let behind = rule.points.iter().rev().find(|p| p.by <= as_of);
    let ahead = rule.points.iter().find(|p| p.by > as_of);
    let mut slot_of = |p: &crate::pack::Point, plan: &RulePlan| {
        let mut call = p.call.clone();
        if p.by.year() == 2023
            && plan.options.get("count_national_2023").is_some_and(|o| o == "false")
        {
            drop_nation(&mut call.args);
        }
        draft(drafts, &call, &plan.options, &[])
    };
    let first = behind.map(|p| slot_of(p, plan));
    let next = ahead.map(|p| slot_of(p, plan));
    plan.slot = first.or(next);
    let line = match (behind, ahead) {
        (Some(b), Some(a)) if rule.linear => {
            let (span, gone) = (i64::from(a.by.0 - b.by.0), i64::from(as_of.0 - b.by.0));
            // b + (a − b)·gone/span, as one exact fraction.
            Some(Ratio::new(
                b.min.of * a.min.to * span + (a.min.of * b.min.to - b.min.of * a.min.to) * gone,
                b.min.to * a.min.to * span,
            ))
        }
        _ => None,
    };
    Test::Path(Path {
        behind: behind.map(|p| (p.min, p.by == as_of)),
        ahead: ahead.map(|p| p.min),
        line,
        slot_ahead: next.filter(|_| first.is_some() && first != next),
    })
}

fn drop_nation(args: &mut Args) {
    if let Some(crate::pack::Arg::Texts(levels)) = args.get_mut("levels") {
        levels.retain(|l| l != "nation");
    }
}
