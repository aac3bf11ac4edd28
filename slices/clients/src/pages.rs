//! What a person sees: the list, taking somebody in, a client by tabs, the small forms, requests that wait, files that look alike.
mod around;
mod change;
mod client;
mod consents;
mod files;
mod list;
mod looks;
mod requests;
mod scales;
mod taking;
mod view;

use web::Gate;

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/clients", "clients.read", list::list)
        .get("/clients/new", "clients.write", taking::blank)
        .post("/clients/new", "clients.write", taking::take_in)
        .post("/clients/export", "clients.export", files::take)
        .get("/clients/requests", "clients.read", requests::list)
        .post("/clients/requests/{id}", "clients.read", requests::decide)
        .get("/clients/duplicates", "clients.merge", looks::duplicates)
        .post("/clients/duplicates/{id}/undo", "clients.merge", looks::undo)
        .get("/clients/{id}", "clients.file", client::overview)
        .post("/clients/{id}/numbers", "clients.read", client::numbers)
        .get("/clients/{id}/print", "clients.read", looks::file)
        .get("/clients/{id}/timeline", "clients.file", client::timeline)
        .get("/clients/{id}/relations", "clients.file", around::relations)
        .post("/clients/{id}/relations", "clients.write", around::relate)
        .post("/clients/{id}/relations/{row}/removal", "clients.write", around::unrelate)
        .post("/clients/{id}/supports", "clients.write", around::support)
        .post("/clients/{id}/supports/{row}/removal", "clients.write", around::unsupport)
        .get("/clients/{id}/consents", "clients.file", consents::list)
        .post("/clients/{id}/consents", "clients.write", consents::give)
        .post("/clients/{id}/consents/{row}/withdrawal", "clients.write", consents::withdraw)
        .post("/clients/{id}/consents/{row}/attachments", "clients.write", consents::attach_to)
        .get(
            "/clients/{id}/consents/{row}/attachments/{attachment}",
            "clients.read",
            consents::attached,
        )
        .get("/clients/{id}/scales", "clients.file", scales::list)
        .get("/clients/{id}/scales/new", "clients.write", scales::blank)
        .post("/clients/{id}/scales/new", "clients.write", scales::keep)
        .get("/clients/{id}/scales/{answer}", "clients.read", scales::show)
        .get("/clients/{id}/looks", "clients.read", looks::list)
        .get("/clients/{id}/looks/print", "clients.read", looks::print)
        .get("/clients/{id}/change/{what}", "clients.read", change::blank)
        .post("/clients/{id}/change/{what}", "clients.read", change::keep)
        .post("/clients/{id}/assignments/{row}/ending", "clients.assign", change::end_assignment)
        .post("/clients/{id}/categories/{row}/ending", "clients.write", change::end_category)
        .post("/clients/{id}/avoidances/{row}/removal", "clients.assign", change::unavoid)
        .post("/clients/{id}/reopening", "clients.write", change::reopen)
}
