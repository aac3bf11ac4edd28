//! Small forms of a case's page: each does one act and leads back to where it was sent from.
use axum::extract::Path;
use axum::response::Response;
use kernel::{CaseId, PersonId, RecordId};
use web::{Error, Fields, Form, PageError, Req};

use super::case;
use crate::acts::goals::{self, NewTask, Scoring};
use crate::acts::{closing, requests, reviews, stages, transfer};
use crate::model::Stage;

type Answer = Result<Response, PageError>;

/// Where it came from, or the same tab with what was refused.
async fn answer<T>(
    req: &Req,
    id: &str,
    tab: &str,
    fields: &Fields,
    done: Result<T, Error>,
    said: &str,
) -> Answer {
    match done {
        Ok(_) => {
            let to = match tab {
                "overview" => format!("/cases/{id}"),
                tab => format!("/cases/{id}/{tab}"),
            };
            Ok(req.redirect(&to, said))
        }
        Err(Error::Act(db::Error::Refused(no)))
            if no.0.iter().all(|r| r.key != "access.denied") =>
        {
            case::again(req, id, tab, Form::refused(req, fields, &no)).await
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn stage(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let (case, to) = (CaseId::from(id.as_str()), Stage::parse(fields.text("to")));
    let to = to.ok_or(db::Error::Missing)?;
    let done = req.act(move |tx, cx| stages::advance(tx, cx, &case, to)).await;
    answer(&req, &id, "overview", &fields, done, "casework.advanced").await
}

pub(super) async fn closing(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let case = CaseId::from(id.as_str());
    let done = req.act(move |tx, cx| requests::ask_closing(tx, cx, &case)).await;
    answer(&req, &id, "overview", &fields, done, "casework.asked").await
}

pub(super) async fn suspend(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let (case, words) = (CaseId::from(id.as_str()), fields.text("words").to_owned());
    let done = req.act(move |tx, cx| stages::suspend(tx, cx, &case, &words)).await;
    answer(&req, &id, "overview", &fields, done, "casework.done_so").await
}

pub(super) async fn resume(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let case = CaseId::from(id.as_str());
    let done = req.act(move |tx, cx| stages::resume(tx, cx, &case)).await;
    answer(&req, &id, "overview", &fields, done, "casework.done_so").await
}

pub(super) async fn refer_out(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let (case, words) = (CaseId::from(id.as_str()), fields.text("words").to_owned());
    let done = req.act(move |tx, cx| stages::refer_out(tx, cx, &case, &words)).await;
    answer(&req, &id, "overview", &fields, done, "casework.done_so").await
}

pub(super) async fn reopen(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let (case, words) = (CaseId::from(id.as_str()), fields.text("words").to_owned());
    let done = req.act(move |tx, cx| stages::reopen(tx, cx, &case, &words)).await;
    answer(&req, &id, "overview", &fields, done, "casework.done_so").await
}

pub(super) async fn archive(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let case = CaseId::from(id.as_str());
    let done = req.act(move |tx, cx| stages::archive(tx, cx, &case)).await;
    answer(&req, &id, "overview", &fields, done, "casework.done_so").await
}

pub(super) async fn transfer(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let (case, to) = (CaseId::from(id.as_str()), PersonId::from(fields.text("to")));
    let words = fields.text("words").to_owned();
    let done = req.act(move |tx, cx| transfer::offer(tx, cx, &case, &to, &words)).await;
    answer(&req, &id, "overview", &fields, done, "casework.asked").await
}

pub(super) async fn task(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let case = CaseId::from(id.as_str());
    let new = NewTask {
        what: fields.text("what").to_owned(),
        owner: Some(fields.text("owner")).filter(|o| !o.is_empty()).map(PersonId::from),
        owner_words: fields.text("owner_words").to_owned(),
        due: fields.text("due").parse().ok(),
    };
    let done = req.act(move |tx, cx| goals::new_task(tx, cx, &case, new)).await;
    answer(&req, &id, "plan", &fields, done, "casework.task.added").await
}

pub(super) async fn tick(
    req: Req,
    Path((id, task)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let (case, task) = (CaseId::from(id.as_str()), RecordId::from(task));
    let done = req.act(move |tx, cx| goals::tick(tx, cx, &case, &task)).await;
    answer(&req, &id, "plan", &fields, done, "casework.done_so").await
}

pub(super) async fn goal(
    req: Req,
    Path((id, goal)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let (case, goal) = (CaseId::from(id.as_str()), RecordId::from(goal));
    let said = Scoring {
        level: fields.text("level").parse().ok(),
        weight: fields.text("weight").parse().unwrap_or(0),
        need: Some(fields.text("need")).filter(|n| !n.is_empty()).map(RecordId::from),
    };
    let done = req.act(move |tx, cx| goals::score(tx, cx, &case, &goal, said)).await;
    answer(&req, &id, "plan", &fields, done, "casework.scored").await
}

pub(super) async fn reply(
    req: Req,
    Path((id, review)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let (case, review) = (CaseId::from(id.as_str()), RecordId::from(review));
    let words = fields.text("words").to_owned();
    let done = req.act(move |tx, cx| reviews::answer(tx, cx, &case, &review, &words)).await;
    answer(&req, &id, "reviews", &fields, done, "casework.review.answered").await
}

pub(super) async fn addendum(req: Req, Path(id): Path<String>, fields: Fields) -> Answer {
    let (case, words) = (CaseId::from(id.as_str()), fields.text("words").to_owned());
    let done = req.act(move |tx, cx| closing::add(tx, cx, &case, &words)).await;
    answer(&req, &id, "file", &fields, done, "casework.addendum.added").await
}
