//! What a person sees: the list behind the bell, one's calendar, and the administrator's webhooks.
mod calendar;
mod list;
mod webhooks;

pub(crate) use list::{MOST, sentence};
use web::Gate;

/// The pages.
pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/notices", "home", list::list)
        .post("/notices/reading", "home", list::read_all)
        .post("/notices/{id}/reading", "home", list::open)
        .get("/me/calendar", "home", calendar::show)
        .post("/me/calendar", "home", calendar::subscribe)
        .post("/me/calendar/removal", "home", calendar::unsubscribe)
        .get("/calendar/{file}", "public", calendar::feed)
        .get("/webhooks", "accounts.manage", webhooks::list)
        .post("/webhooks", "accounts.manage", webhooks::add)
        .get("/webhooks/{id}", "accounts.manage", webhooks::show)
        .post("/webhooks/{id}/pause", "accounts.manage", webhooks::pause)
        .post("/webhooks/{id}/ping", "accounts.manage", webhooks::ping)
        .post("/webhooks/{id}/removal", "accounts.manage", webhooks::remove)
        .post("/webhooks/deliveries/{id}/again", "accounts.manage", webhooks::again)
}
