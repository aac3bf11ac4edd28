//! What a person sees of the standards.
mod asked;
pub(crate) mod board;
mod district;
pub(crate) mod dossier;
mod policy;
mod waivers;
mod whatif;
pub(crate) mod why;

use ::policy::Verdict;
use web::{Gate, Req};

use crate::live::Snapshot;

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
        .get("/dossier", "dossier.run", dossier::show)
        .post("/dossier", "dossier.run", dossier::take)
        .get("/whatif", "whatif.run", whatif::start)
        .post("/whatif", "whatif.run", whatif::ask)
        .get("/policy", "policy.read", policy::show)
        .get("/policy/text", "policy.bind", policy::bind_form)
        .post("/policy/text", "policy.bind", policy::bind)
        .get("/policy/options/{name}", "policy.read", policy::option)
        .post("/policy/options/{name}", "options.switch", policy::switch)
}

/// A flip as pages show it.
#[derive(Clone, Debug)]
pub(crate) struct Flip {
    pub(crate) unit: String,
    pub(crate) rule: String,
    pub(crate) before: Verdict,
    pub(crate) after: Verdict,
}

/// Flips with the names of their rules.
pub(crate) fn named(req: &Req, snap: &Snapshot, flips: Vec<crate::flips::Flip>) -> Vec<Flip> {
    flips
        .into_iter()
        .filter_map(|f| {
            let title = &snap.pack.rule(&f.rule)?.title;
            let rule = req.lang.pick(&title.zh, &title.en).to_owned();
            Some(Flip { unit: f.unit_name, rule, before: f.before, after: f.after })
        })
        .collect()
}
