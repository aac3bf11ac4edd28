//! What a person sees: who is due, the form of a visit, the visit, how often and when one goes, how many were met.
mod conflicts;
mod list;
mod offline;
mod plan;
mod rate;
mod record;
mod show;

use web::Gate;

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/visits", "visits.read", list::list)
        .post("/visits/turns", "visits.write", plan::batch)
        .post("/visits/turns/{client}/removal", "visits.write", plan::drop_turn)
        .get("/visits/new", "visits.write", record::blank)
        .post("/visits/new", "visits.write", record::record)
        .get("/visits/rate", "visits.read", rate::rate)
        .get("/offline", "public", offline::shell)
        .get("/visits/conflicts", "visits.read", conflicts::list)
        .post("/visits/conflicts/{id}/decision", "visits.read", conflicts::decide)
        .get("/visits/of/{client}", "visits.read", plan::of_client)
        .post("/visits/of/{client}/plan", "visits.write", plan::set)
        .get("/visits/{id}", "visits.read", show::show)
        .get("/visits/{id}/correction", "visits.write", record::correcting)
        .post("/visits/{id}/correction", "visits.write", record::correct)
        .post("/visits/{id}/withdrawal", "visits.write", show::withdraw)
        .post("/visits/{id}/needs/{need}/answer", "visits.write", show::answer)
}
