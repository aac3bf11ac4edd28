//! What a person sees of the standards.
mod board;
mod district;
mod policy;
mod waivers;
mod whatif;
mod why;

use ::policy::Verdict;
use web::{Gate, Req};

use crate::live::{Snapshot, gravity, sees};

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/board", "board.read", board::list)
        .get("/board/rules/{rule}", "board.read", board::rule)
        .get("/board/{unit}", "board.read", board::show)
        .get("/board/{unit}/sheet.xlsx", "export.run", board::sheet)
        .get("/board/{unit}/why/{rule}", "board.read", why::show)
        .post("/board/{unit}/why/{rule}/waivers", "waivers.write", waivers::grant)
        .post("/waivers/{id}/end", "waivers.write", waivers::end)
        .get("/waivers", "board.read", waivers::list)
        .get("/district", "district.read", district::show)
        .get("/district/sheet.xlsx", "export.run", district::sheet)
        .get("/whatif", "whatif.run", whatif::start)
        .post("/whatif", "whatif.run", whatif::ask)
        .get("/policy", "policy.read", policy::show)
        .get("/policy/text", "policy.bind", policy::bind_form)
        .post("/policy/text", "policy.bind", policy::bind)
        .get("/policy/options/{name}", "policy.read", policy::option)
        .post("/policy/options/{name}", "options.switch", policy::switch)
}

/// A verdict that differs between two judgements.
#[derive(Clone, Debug)]
pub(crate) struct Flip {
    pub(crate) unit: String,
    pub(crate) rule: String,
    pub(crate) before: Verdict,
    pub(crate) after: Verdict,
}

/// What differs between two judgements, in the viewer's scope, turns for the worse first.
pub(crate) fn flips(req: &Req, before: &Snapshot, after: &Snapshot) -> Vec<Flip> {
    let Ok(cx) = req.cx() else { return Vec::new() };
    let mut earlier: std::collections::HashMap<(&str, &str), Verdict> =
        before.findings.iter().map(|f| ((f.unit.as_str(), f.rule.as_str()), f.verdict)).collect();
    let mut found: Vec<(&str, &str, Verdict, Verdict)> = Vec::new();
    for f in &after.findings {
        let was = earlier.remove(&(f.unit.as_str(), f.rule.as_str())).unwrap_or(Verdict::Absent);
        if was != f.verdict {
            found.push((&f.unit, &f.rule, was, f.verdict));
        }
    }
    found.extend(earlier.into_iter().map(|((u, r), was)| (u, r, was, Verdict::Absent)));
    let name = |id: &str| {
        let unit = after.units.get(id).or_else(|| before.units.get(id));
        unit.filter(|u| sees(cx, u)).map(|u| u.short.clone())
    };
    let mut out: Vec<Flip> = found
        .into_iter()
        .filter_map(|(unit, rule, before, after_verdict)| {
            let title = &after.pack.rule(rule)?.title;
            let rule = req.lang.pick(&title.zh, &title.en).to_owned();
            Some(Flip { unit: name(unit)?, rule, before, after: after_verdict })
        })
        .collect();
    out.sort_by_key(|f| (gravity(f.after), gravity(f.before), f.unit.clone(), f.rule.clone()));
    out
}
