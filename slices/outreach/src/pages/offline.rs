//! The shell of the offline page: it holds words and an empty form and nothing about anybody, so a phone may keep it.
use askama::Template;
use axum::response::Response;
use web::{Choice, Form, Frame, PageError, Req, page};

use crate::model::visit::{Aspect, Help, NeedKind, Outcome, USUAL_MINUTES, Way};
use crate::view;

#[derive(Template)]
#[template(path = "offline.html")]
struct Offline {
    frame: Frame,
    form: Form,
    script: &'static str,
    outcomes: Vec<Choice>,
    aspects: Vec<Choice>,
    helps: Vec<Choice>,
    needs: Vec<Choice>,
    ways: Vec<Choice>,
    grades: Vec<Choice>,
}

pub(super) async fn shell(req: Req) -> Result<Response, PageError> {
    page(&Offline {
        frame: Frame::new(&req, "offline.title"),
        form: Form::blank()
            .with("outcome", Outcome::Met)
            .with("way", Way::Home)
            .with("minutes", USUAL_MINUTES),
        script: web::assets::OFFLINE,
        outcomes: view::words(&req, "visits.outcome", Outcome::WORDS),
        aspects: view::words(&req, "visits.aspect", Aspect::WORDS),
        helps: view::words(&req, "visits.help", Help::WORDS),
        needs: view::words(&req, "visits.need", NeedKind::WORDS),
        ways: view::words(&req, "visits.way", Way::WORDS),
        grades: view::words(&req, "visits.grade", registry::client::RiskGrade::WORDS),
    })
}
