//! The day a page is asked for. What is no day is said at the field, and the page shows today.
use web::Req;

use crate::live::{Question, Snapshot};

/// The field of the day, filled in.
pub(crate) struct Asked {
    pub(crate) day: String,
    /// What is wrong with what was typed; empty when nothing is.
    pub(crate) wrong: String,
}

impl Asked {
    pub(crate) fn of(req: &Req, snap: &Snapshot) -> Self {
        let day = snap.clocks.as_of.to_string();
        let said: Vec<String> = Question::misread(req).into_iter().map(|(_, said)| said).collect();
        if said.is_empty() {
            return Self { day, wrong: String::new() };
        }
        let said = said.join(&req.t("standards.comma"));
        let wrong = req.fill("standards.no_day", &[("said", said), ("day", day.clone())]);
        Self { day, wrong }
    }
}
