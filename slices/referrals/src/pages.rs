//! What a person sees: the inbox, a referral, the form, the paper, who has room, and the page behind a link.
mod door;
mod enclosed;
mod inbox;
mod paper;
mod room;
mod show;
mod write;

pub(crate) use inbox::which;
pub(crate) use write::parse_to;

use web::Gate;

/// Rows of a page of a list.
pub(crate) const fn rows_most() -> i64 {
    inbox::MOST
}

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/referrals", "referrals.read", inbox::inbox)
        .get("/referrals/new", "referrals.write", write::blank)
        .post("/referrals/new", "referrals.write", write::add)
        .get("/referrals/capacity", "referrals.read", room::list)
        .post("/referrals/capacity", "referrals.answer", room::say)
        .post("/referrals/capacity/{id}/confirmation", "referrals.answer", room::confirm)
        .get("/referrals/{id}", "referrals.read", show::show)
        .get("/referrals/{id}/edit", "referrals.write", write::edit)
        .post("/referrals/{id}/edit", "referrals.write", write::amend)
        .post("/referrals/{id}/sending", "referrals.write", show::send)
        .post("/referrals/{id}/withdrawal", "referrals.write", show::withdraw)
        .post("/referrals/{id}/closing", "referrals.write", show::close)
        .post("/referrals/{id}/answer", "referrals.read", show::answer)
        .post("/referrals/{id}/link", "referrals.write", show::link)
        .post("/referrals/{id}/link/revocation", "referrals.write", show::revoke)
        .get("/referrals/{id}/sheet", "referrals.read", paper::sheet)
        .get("/referrals/{id}/attachments/{n}", "referrals.read", enclosed::signed_in)
        .get("/r/{token}", "public", door::knock)
        .get("/r/{token}/attachments/{n}", "public", enclosed::behind_link)
        .post("/r/{token}/code", "public", door::unlock)
        .post("/r/{token}/answer", "public", door::answer)
}
