//! What a person sees: visits (who is due, the form, one of them, how many were met), the offline page, consultations, activities.
mod activities;
mod conflicts;
mod consultations;
mod list;
mod offline;
mod photos;
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
        .post("/visits/{id}/attachments", "visits.write", photos::add_to_visit)
        .get("/visits/{id}/attachments/{photo}", "visits.read", photos::of_visit)
        .post("/visits/{id}/attachments/{photo}/removal", "visits.write", photos::remove_from_visit)
        .post("/visits/{id}/needs/{need}/answer", "visits.write", show::answer)
        .get("/consultations", "visits.read", consultations::list)
        .get("/consultations/new", "visits.write", consultations::blank)
        .post("/consultations/new", "visits.write", consultations::record)
        .get("/consultations/{id}", "visits.read", consultations::show)
        .post("/consultations/{id}/follow-up", "visits.write", consultations::follow)
        .get("/activities", "activities.read", activities::list)
        .get("/activities/new", "activities.write", activities::blank)
        .post("/activities/new", "activities.write", activities::plan)
        .get("/activities/{id}", "activities.read", activities::show)
        .get("/activities/{id}/plan", "activities.write", activities::changing)
        .post("/activities/{id}/plan", "activities.write", activities::amend)
        .post("/activities/{id}/cancellation", "activities.write", activities::cancel)
        .post("/activities/{id}/signups", "activities.write", activities::add)
        .post("/activities/{id}/signups/{entry}/removal", "activities.write", activities::give_back)
        .post("/activities/{id}/signups/{entry}/coming", "activities.write", activities::coming)
        .get("/activities/{id}/record", "activities.write", activities::holding)
        .post("/activities/{id}/record", "activities.write", activities::hold)
        .get("/activities/{id}/closing", "activities.write", activities::closing)
        .post("/activities/{id}/closing", "activities.write", activities::close)
        .post("/activities/{id}/attachments", "activities.write", photos::add_to_activity)
        .get("/activities/{id}/attachments/{photo}", "activities.read", photos::of_activity)
        .post(
            "/activities/{id}/attachments/{photo}/removal",
            "activities.write",
            photos::remove_from_activity,
        )
        .get("/activities/{id}/opinion_code", "activities.write", activities::paper)
        .get("/opinion/{token}", "public", activities::ask)
        .post("/opinion/{token}", "public", activities::say)
        .get("/activities/{id}/sheet", "activities.write", activities::sheet)
        .get("/activities/{id}/poster", "activities.write", activities::poster)
        .get("/checkin/{token}", "public", activities::door)
        .post("/checkin/{token}", "public", activities::arrive)
}
