//! A measure call bound to the facts' vocabulary: names become table look-ups.
use std::collections::BTreeMap;

use super::Eligible;
use crate::catalogue::MeasureId;
use crate::facts::{Facts, Vocab, flag};
use crate::pack::{Arg, Args, Call};
use crate::verdict::Options;

/// Kind → number: 0 is "not asked for", otherwise 1 + the bit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lut(Box<[u8]>);
impl Lut {
    /// A table in which each of these words has its place.
    pub(crate) fn of(vocab: &Vocab, words: &[String]) -> Self {
        let mut lut = vec![0; vocab.len()];
        for (bit, w) in words.iter().enumerate().take(64) {
            if let Some(slot) = vocab.find(w).and_then(|k| lut.get_mut(k as usize)) {
                *slot = u8::try_from(bit + 1).unwrap_or(0);
            }
        }
        Self(lut.into())
    }
    /// 1 + the bit of this kind, or 0.
    #[inline]
    pub(crate) fn at(&self, kind: u16) -> u8 {
        self.0.get(kind as usize).copied().unwrap_or(0)
    }
    #[inline]
    pub(crate) fn has(&self, kind: u16) -> bool {
        self.at(kind) != 0
    }
}

/// What a measure may be asked with. Most measures use two or three of these.
#[derive(Clone, Debug, Default)]
pub(crate) struct SlotArgs {
    /// Roles, project kinds, fund kinds, list kinds, honour.
    pub kind: Option<Lut>,
    /// Affiliations, document class, focus, levels.
    pub sub: Option<Lut>,
    /// Training mode.
    pub aux: Option<Lut>,
    /// Certificates any of which qualifies.
    pub quals: Option<Lut>,
    /// Ranks of supervisors.
    pub ranks: Option<Lut>,
    pub fulltime: bool,
    /// Only part-time posts.
    pub part_time: bool,
    /// The head of a third-party station: (`head`, `third_party`), left out of the count.
    pub not_head: Option<(u16, u16)>,
    /// A kind that never counts.
    pub not_kind: Option<u16>,
    /// `except_when`: these roles under this mode are exempt.
    pub except: Option<(Lut, u16)>,
    /// Supervisor and certified worker must be different people.
    pub disjoint: bool,
    /// First day counted; a period begins here and ends with the day asked.
    pub since: Option<i32>,
    /// Kinds a set is made of.
    pub want: Lut,
    pub wanted: Vec<String>,
    pub fresh: Option<i32>,
    pub flags: u8,
    pub dims: u32,
    pub min: i64,
    /// Unit kind a roll-up counts.
    pub unit: Option<crate::rows::UnitKind>,
    pub villages: bool,
    /// An agreement alone counts as landed.
    pub agreement_enough: bool,
    pub per_site: bool,
    pub combined: bool,
    pub share: bool,
    pub pair: Option<Box<(Slot, Slot)>>,
    pub rule: Option<String>,
    pub eligible: Option<Box<Eligible>>,
}

/// A measure ready to be asked.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub measure: MeasureId,
    pub args: SlotArgs,
}

const CERTIFIED: [&str; 3] = ["sw_assistant", "sw", "sw_senior"];
const SUPERVISORS: [&str; 4] =
    ["supervisor_assistant", "supervisor_city", "supervisor_province", "supervisor_nation"];

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

/// `talent_city+` names that rank and every rank above it; other words name themselves.
pub(crate) fn ladder(word: &str) -> Vec<String> {
    const RANKS: [&str; 4] = ["district", "city", "province", "nation"];
    let Some(base) = word.strip_suffix('+') else { return vec![word.to_owned()] };
    let Some((stem, rank)) = base.rsplit_once('_') else { return vec![base.to_owned()] };
    let up = RANKS.iter().skip_while(|r| **r != rank);
    if stem == "supervisor_assistant" {
        // An assistant stands at the foot of the supervisors' own ladder.
        let mut out = owned(&["supervisor_assistant"]);
        out.extend(up.map(|r| format!("supervisor_{r}")));
        return out;
    }
    up.map(|r| format!("{stem}_{r}")).collect()
}

fn texts(args: &Args, key: &str) -> Option<Vec<String>> {
    args.get(key).map(|a| a.texts().to_vec()).filter(|t| !t.is_empty())
}

impl Slot {
    /// Binds a call. `wanted` are the kinds the rules on this slot compare with; `options` are those of the rule.
    pub(crate) fn bind(
        f: &Facts,
        c: &super::Ctx,
        call: &Call,
        wanted: &[String],
        options: &Options,
    ) -> Self {
        use MeasureId as M;
        let (v, m, args) = (&f.vocab, call.measure, &call.args);
        let lut = |key: &str| texts(args, key).map(|t| Lut::of(v, &t));
        let opt = |name: &str, value: &str| options.get(name).is_some_and(|o| o == value);
        let flag_arg = |key: &str| args.get(key) == Some(&Arg::Bool(true));
        let mut a = SlotArgs {
            kind: lut("kind")
                .or_else(|| lut("role"))
                .or_else(|| lut("honour"))
                .or_else(|| lut("uses")),
            sub: lut("affiliation")
                .or_else(|| lut("class"))
                .or_else(|| lut("focus"))
                .or_else(|| lut("levels")),
            aux: lut("mode"),
            fulltime: flag_arg("fulltime"),
            part_time: args.get("fulltime") == Some(&Arg::Bool(false)),
            want: Lut::of(v, wanted),
            wanted: wanted.to_vec(),
            ..SlotArgs::default()
        };
        a.since = match texts(args, "period")
            .or_else(|| texts(args, "window"))
            .and_then(|p| p.first().cloned())
            .as_deref()
        {
            Some("year") => Some(c.year0),
            Some("month") => Some(c.month0),
            _ => None,
        };
        if let Some(Arg::Int(days)) = args.get("fresh_days") {
            a.fresh = i32::try_from(*days).ok();
        }
        if let Some(Arg::Int(min)) = args.get("min") {
            a.min = min.saturating_mul(10);
        }
        let quals = texts(args, "qualification").or_else(|| texts(args, "any_of"));
        a.quals = quals.map(|words| {
            let mut all: Vec<String> = words.iter().flat_map(|w| ladder(w)).collect();
            if opt("licensed_means", "social_worker_and_above") {
                all.retain(|w| w != "sw_assistant");
            }
            if opt("studio_qualified_means", "certificate_or_degree") {
                all.push("sw_degree".to_owned());
            }
            Lut::of(v, &all)
        });
        let tp = v.find("third_party");
        match m {
            M::StaffCount => {
                if opt("third_party_head_counts", "false") {
                    a.not_head = v.find("head").zip(tp);
                }
                a.disjoint = a.fulltime
                    && a.quals.is_some()
                    && (opt("supervisor_licensed_overlap", "false")
                        || args.get("overlap") == Some(&Arg::Bool(false)));
                a.ranks = a.disjoint.then(|| Lut::of(v, &owned(&SUPERVISORS)));
            }
            M::StaffConcurrent => {
                if let (Some(Arg::Map(e)), Some(tp)) = (args.get("except_when"), tp) {
                    let roles = e.get("role").map(|r| r.texts().to_vec()).unwrap_or_default();
                    let mode =
                        e.get("operator").and_then(|o| v.find(o.texts().first()?)).unwrap_or(tp);
                    a.except = Some((Lut::of(v, &roles), mode));
                }
            }
            M::ProjectStaffProfessional => {
                let mut words = owned(&CERTIFIED);
                if opt("professional_means", "certificate_or_degree") {
                    words.push("sw_degree".to_owned());
                }
                a.quals = Some(Lut::of(v, &words));
            }
            M::FundsDistrictAllocated => a.kind = Some(Lut::of(v, &owned(&["district_allocated"]))),
            M::FundsStreetMatch => a.kind = Some(Lut::of(v, &owned(&["street_match"]))),
            M::FundsStationPurchase => a.kind = Some(Lut::of(v, &owned(&["station_purchase"]))),
            M::FundsVenture => a.kind = Some(Lut::of(v, &owned(&["venture"]))),
            M::ProjectLabourCost => {
                a.kind = Some(Lut::of(v, &owned(&["labour"])));
                a.flags = if texts(args, "basis").is_some_and(|b| b.iter().any(|b| b == "plan")) {
                    flag::PLAN
                } else {
                    0
                };
            }
            // A study visit is no central training, whatever its focus.
            M::TrainingDaysHeld => a.not_kind = v.find("visit"),
            M::TrainingVisitsHeld => a.kind = Some(Lut::of(v, &owned(&["visit"]))),
            M::StaffMaxExperienceYears => a.kind = Some(Lut::of(v, &owned(&["community"]))),
            M::HonoursCount => {
                a.kind = lut("honour");
                a.unit =
                    texts(args, "kind").and_then(|k| crate::rows::UnitKind::by_name(k.first()?));
                a.sub = lut("levels");
            }
            M::SupervisorsCount => {
                let levels =
                    texts(args, "levels").unwrap_or_else(|| owned(&["nation", "province", "city"]));
                a.sub = Some(Lut::of(v, &levels));
                let ranks: Vec<String> = levels.iter().map(|l| format!("supervisor_{l}")).collect();
                a.ranks = Some(Lut::of(v, &ranks));
            }
            M::SupervisionAssessed => {
                for (i, d) in ["ability", "quality", "results", "conduct"].iter().enumerate() {
                    let asked = texts(args, "dims").is_some_and(|t| t.iter().any(|x| x == d));
                    a.dims |= u32::from(asked) << i;
                }
            }
            M::VerdictsPassing => {
                a.rule = texts(args, "rule").and_then(|r| r.first().cloned());
                a.unit =
                    texts(args, "kind").and_then(|k| crate::rows::UnitKind::by_name(k.first()?));
            }
            _ => {}
        }
        a.villages = opt("count_villages", "true");
        a.agreement_enough = opt("school_landed", "agreement");
        a.per_site = opt("budget_scope", "per_site");
        a.combined = opt("purchase_scope", "combined");
        if m == M::Ratio {
            a.share = opt("match_base", "budget_share");
            a.pair = pair(f, c, args, options, a.share).map(Box::new);
        }
        Self { measure: m, args: a }
    }
}

fn pair(
    f: &Facts,
    c: &super::Ctx,
    args: &Args,
    options: &Options,
    share: bool,
) -> Option<(Slot, Slot)> {
    let one = |key: &str| {
        let mut measure = MeasureId::by_name(args.get(key)?.texts().first()?)?;
        let mut own: Args = BTreeMap::new();
        if share && key == "to" && measure == MeasureId::FundsDistrictAllocated {
            measure = MeasureId::BudgetDistrict;
        }
        for (k, v) in args.iter().filter(|(k, _)| measure.entry().args.contains(&k.as_str())) {
            own.insert(k.clone(), v.clone());
        }
        Some(Slot::bind(f, c, &Call { measure, args: own }, &[], options))
    };
    Some((one("of")?, one("to")?))
}
