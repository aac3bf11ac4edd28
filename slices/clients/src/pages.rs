//! What a person sees: the list, taking somebody in, a client by tabs, requests that wait.
mod client;
mod list;
mod requests;
mod taking;
mod view;

use web::Gate;

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/clients", "clients.read", list::list)
        .get("/clients/new", "clients.write", taking::blank)
        .post("/clients/new", "clients.write", taking::take_in)
        .get("/clients/requests", "clients.read", requests::list)
        .post("/clients/requests/{id}", "clients.read", requests::decide)
        .get("/clients/{id}", "clients.read", client::overview)
        .post("/clients/{id}/numbers", "clients.read", client::numbers)
        .get("/clients/{id}/timeline", "clients.read", client::timeline)
}
