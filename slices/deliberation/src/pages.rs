//! What a person sees: the board of issues, one issue with its steps, its papers, neighbours' activities, resident leaders.
mod board;
mod leaders;
mod neighbours;
mod paper;
mod show;

pub(crate) use show::read;

use web::Gate;

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/deliberations", "deliberation.read", board::board)
        .get("/deliberations/new", "deliberation.write", board::blank)
        .post("/deliberations/new", "deliberation.write", board::add)
        .get("/deliberations/{id}", "deliberation.read", show::show)
        .post("/deliberations/{id}/participants", "deliberation.write", show::invite)
        .post(
            "/deliberations/{id}/participants/{who}/removal",
            "deliberation.write",
            show::disinvite,
        )
        .post("/deliberations/{id}/actions", "deliberation.write", show::add_action)
        .post("/deliberations/{id}/actions/{action}/completion", "deliberation.write", show::finish)
        .post("/deliberations/{id}/{verb}", "deliberation.write", show::step)
        .get("/deliberations/{id}/paper/{kind}", "deliberation.read", paper::paper)
        .get("/neighbours", "deliberation.read", neighbours::list)
        .get("/neighbours/new", "deliberation.write", neighbours::blank)
        .post("/neighbours/new", "deliberation.write", neighbours::add)
        .post("/neighbours/{id}/withdrawal", "deliberation.write", neighbours::withdraw)
        .get("/leaders", "deliberation.read", leaders::list)
        .get("/leaders/new", "deliberation.write", leaders::blank)
        .post("/leaders/new", "deliberation.write", leaders::add)
        .get("/leaders/{id}", "deliberation.read", leaders::show)
        .post("/leaders/{id}", "deliberation.write", leaders::amend)
        .post("/leaders/{id}/deeds", "deliberation.write", leaders::note)
        .post("/leaders/{id}/phone", "deliberation.write", leaders::phone)
}
