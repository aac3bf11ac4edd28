//! The state of a mirror as a board and as findings: the same, in the same order, as a full pass gives.
use std::collections::HashMap;

use super::{Mirror, asked};
use crate::board::{Board, KindBoard};
use crate::facts::Owner;
use crate::finding::Finding;
use crate::plan::KindPlan;
use crate::verdict::Verdict;

impl Mirror {
    /// The verdicts at hand.
    pub fn board(&self) -> Board {
        let engine = self.engine();
        let kinds = self.state.plan.kinds.iter().map(|kind| {
            let rules = kind.rules.clone();
            let (mut owners, mut verdicts) = (Vec::new(), Vec::new());
            for owner in engine.owners(kind) {
                let line = self.line(kind, owner);
                if line.len() == rules.len()
                    && (!kind.kind.is_person() || line.iter().any(|v| *v != Verdict::Absent))
                {
                    owners.push(owner);
                    verdicts.extend_from_slice(line);
                }
            }
            KindBoard { rules, owners, verdicts }
        });
        Board { clocks: self.clocks, kinds: kinds.collect() }
    }
    /// Every verdict with its value and threshold. Findings of `before` are taken over unless their unit is among `anew`.
    pub fn findings(
        &self,
        before: &[Finding],
        anew: &std::collections::BTreeSet<String>,
    ) -> Vec<Finding> {
        let kept = before.iter().filter(|f| !anew.contains(&f.unit));
        let kept: HashMap<(&str, &str), &Finding> =
            kept.map(|f| ((f.unit.as_str(), f.rule.as_str()), f)).collect();
        let engine = self.engine();
        let board = self.board();
        let one = |(rule, owner, verdict): (u32, Owner, Verdict)| {
            let id = self.pack.rules.get(rule as usize)?.id.as_str();
            let same = kept.get(&(self.facts.owner_id(owner), id));
            match same.filter(|f| f.verdict == verdict) {
                Some(f) => Some((*f).clone()),
                None => engine.finding_of(rule, owner, verdict),
            }
        };
        board.cells().filter_map(one).collect()
    }
    /// The verdicts of an owner under the rules of one kind.
    fn line(&self, kind: &KindPlan, owner: Owner) -> &[Verdict] {
        let plans = asked(&self.state.plan, &self.facts, owner);
        let before: usize = plans.take_while(|k| k.kind != kind.kind).map(|k| k.rules.len()).sum();
        let all = self.state.lines.get(&owner).map_or(&[][..], Vec::as_slice);
        all.get(before..before + kind.rules.len()).unwrap_or_default()
    }
}
