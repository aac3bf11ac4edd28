//! What a person sees: the list, a case by tabs, its documents, attachments and notes, what waits for approval or for a supervisor, reports of harm.
mod attachments;
mod case;
mod changes;
mod document;
mod inbox;
mod list;
mod new;
mod note;
mod print;
mod queue;
mod report;

use web::{Choice, Gate, Req};

pub(crate) use case::clock_href;

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/cases", "cases.read", list::list)
        .get("/cases/new", "cases.write", new::blank)
        .post("/cases/new", "cases.write", new::open)
        .get("/cases/inbox", "cases.write", inbox::inbox)
        .post("/cases/requests/{request}/decision", "cases.read", inbox::decide)
        .post("/cases/requests/{request}/taking", "cases.write", inbox::take)
        .get("/cases/supervision", "cases.supervise", queue::queue)
        .post("/cases/supervision", "cases.supervise", queue::review)
        .get("/cases/{id}", "cases.read", case::overview)
        .get("/cases/{id}/{tab}", "cases.read", case::tab)
        .post("/cases/{id}/stage", "cases.write", changes::stage)
        .post("/cases/{id}/closing", "cases.write", changes::closing)
        .post("/cases/{id}/suspension", "cases.write", changes::suspend)
        .post("/cases/{id}/resumption", "cases.write", changes::resume)
        .post("/cases/{id}/referral_out", "cases.write", changes::refer_out)
        .post("/cases/{id}/reopening", "cases.write", changes::reopen)
        .post("/cases/{id}/archiving", "cases.write", changes::archive)
        .post("/cases/{id}/transfer", "cases.write", changes::transfer)
        .post("/cases/{id}/tasks", "cases.write", changes::task)
        .post("/cases/{id}/tasks/{task}/tick", "cases.write", changes::tick)
        .post("/cases/{id}/goals/{goal}", "cases.write", changes::goal)
        .post("/cases/{id}/reviews/{review}/answer", "cases.write", changes::reply)
        .post("/cases/{id}/addenda", "cases.write", changes::addendum)
        .get("/cases/{id}/notes/new", "cases.write", note::blank)
        .post("/cases/{id}/notes/new", "cases.write", note::add)
        .get("/cases/{id}/notes/{note}", "cases.write", note::edit)
        .post("/cases/{id}/notes/{note}", "cases.write", note::amend)
        .get("/cases/{id}/forms/{form}", "cases.write", document::blank)
        .post("/cases/{id}/forms/{form}", "cases.write", document::keep)
        .get("/cases/{id}/documents/{answer}", "cases.read", document::show)
        .get("/cases/{id}/documents/{answer}/paper", "cases.read", document::paper)
        .get("/cases/{id}/attachments", "cases.read", attachments::list)
        .post("/cases/{id}/attachments", "cases.write", attachments::add)
        .get("/cases/{id}/attachments/{attachment}", "cases.read", attachments::show)
        .post("/cases/{id}/attachments/{attachment}/removal", "cases.write", attachments::remove)
        .get("/cases/{id}/file/print", "cases.read", print::page_of)
        .get("/cases/{id}/file/docx", "cases.read", print::docx)
        .get("/cases/{id}/file/pdf", "cases.read", print::pdf)
        .get("/reports", "reports.write", report::list)
        .get("/reports/new", "reports.write", report::blank)
        .post("/reports/new", "reports.write", report::add)
        .get("/reports/{id}", "reports.write", report::show)
        .post("/reports/{id}", "reports.write", report::complete)
        .post("/reports/{id}/reporter", "reports.write", report::reporter)
}

/// The words of a set as choices, named by the locale under a key.
pub(crate) fn choices(req: &Req, key: &str, words: &[&str]) -> Vec<Choice> {
    words
        .iter()
        .map(|w| Choice { value: (*w).to_owned(), label: req.t(&format!("{key}.{w}")) })
        .collect()
}

/// The colour of a risk grade.
pub(crate) const fn grade_colour(grade: registry::client::RiskGrade) -> &'static str {
    use registry::client::RiskGrade;
    match grade {
        RiskGrade::Critical => "red",
        RiskGrade::High => "yellow",
        RiskGrade::Medium => "blue",
        RiskGrade::Low => "green",
    }
}
