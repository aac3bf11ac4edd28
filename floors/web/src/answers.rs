//! Any [`forms::Form`] as a page, on a phone, as read-only text and as A4 paper; and how a slice keeps what was answered.
//!
//! A slice shows a form and keeps it so:
//!
//! ```ignore
//! #[derive(askama::Template)]
//! #[template(path = "note.html")] // `<form method="post">{{ w::csrf() }}{{ view }}{{ field::submit(…) }}</form>`
//! struct NotePage { frame: Frame, view: FormView }
//!
//! async fn show(req: Req, Path(case): Path<String>) -> Result<Response, PageError> {
//!     let form = req.ask(|tx, _| forms::library::latest(tx, "contact_note")).await?;
//!     let kept = web::Form::of(form.prefill(&[("today", req.now.day().to_string())]));
//!     let frame = Frame::new(&req, "casework.note");
//!     page(&NotePage { view: FormView::new(&frame, &form, kept), frame })
//! }
//!
//! async fn keep(req: Req, Path(case): Path<String>, fields: Fields) -> Result<Response, PageError> {
//!     let form = req.ask(|tx, _| forms::library::latest(tx, "contact_note")).await?;
//!     let (asked, flat) = (form.clone(), fields.joined());
//!     let done = req.act(move |tx, cx| {
//!         // The slice's own right and scope first, then:
//!         let answers = asked.read(&flat)?;
//!         web::answers::keep(tx, cx, forms::Keeping { form: &asked, answers, subject: "case", subject_id: &case, client: None,
//!             stage: "final", on: cx.today(), of: None })
//!     }).await;
//!     match done {
//!         Ok(kept) => Ok(req.redirect("/cases", if kept.alerts.is_empty() { "casework.kept" } else { "casework.kept_alert" })),
//!         Err(Error::Act(db::Error::Refused(no))) => { /* show again with `web::Form::refused(&req, &fields, &no)`, status 422 */ }
//!         Err(e) => Err(e.into()),
//!     }
//! }
//! ```
//!
//! Prefilling, corrections and reading back: [`forms::Form::prefill`], `Keeping::of`, [`forms::answer::load`] with [`AnswerView`],
//! [`print`] for paper, [`crate::chart::trend`] for a client's totals.
use access::Cx;
use db::{Result, Tx};
use forms::{Hand, Keeping, Kept};

mod paper;
#[cfg(test)]
mod tests;
mod text;
mod view;

pub use paper::{PaperView, print};
pub use text::{AnswerView, ScoreView, shown};
pub use view::FormView;

/// Keeps answers as the actor of this context. The slice has checked right and scope before.
///
/// # Errors
/// As [`forms::answer::keep`].
pub fn keep(tx: &mut Tx<'_>, cx: &Cx, new: Keeping<'_>) -> Result<Kept> {
    forms::answer::keep(tx, &hand(cx), new)
}

/// The context as the floor of forms knows it.
pub fn hand(cx: &Cx) -> Hand<'_> {
    Hand { account: cx.actor.account().clone(), now: cx.now, ids: &cx.ids, stamp: cx.stamp() }
}
