//! Documents of a case: forms to fill in, what was filled in, and on paper.
use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use forms::{AnswerState, Answers, FormAnswer};
use kernel::{AnswerId, CaseId};
use web::{AnswerView, Error, Fields, Form, FormView, Frame, PageError, Req, page, page_with};

use crate::acts;
use crate::acts::documents::{self, NewDocument};
use crate::model::Case;

#[derive(Template)]
#[template(path = "document.html")]
struct Sheet {
    frame: Frame,
    form: Form,
    id: String,
    name: String,
    /// The draft that is gone on with.
    of: String,
    /// (stage, its button)
    stages: Vec<(String, String)>,
    view: FormView,
}

#[derive(Template)]
#[template(path = "document_shown.html")]
struct Shown {
    frame: Frame,
    id: String,
    answer: String,
    form: String,
    meta: Vec<(String, String)>,
    view: AnswerView,
    /// May it be corrected by a new one?
    corrects: bool,
}

/// The latest draft of this account for a form of a case.
fn draft(
    tx: &mut db::Tx<'_>,
    cx: &access::Cx,
    case: &Case,
    form: &str,
) -> db::Result<Option<FormAnswer>> {
    let all = forms::answer::of_subject(tx, "case", case.id.as_str(), form)?;
    let mine = |a: &FormAnswer| a.by_account == *cx.actor.account();
    Ok(all.into_iter().rfind(|a| a.state == AnswerState::Draft && mine(a)))
}

async fn sheet(req: &Req, id: &str, name: &str, kept: Option<Form>) -> Result<Sheet, Error> {
    let (r, case_id, form_name) = (req.clone(), CaseId::from(id), name.to_owned());
    let copies = req.query("from");
    let (form, blank, of, who) = req
        .act(move |tx, cx| {
            let seen = acts::look(tx, cx, &case_id)?;
            seen.sight.writes()?;
            if !seen.case.stage.forms().contains(&form_name.as_str()) {
                return Err(kernel::Refusal::new("casework.not_now").into());
            }
            let form = forms::library::latest(tx, &form_name)?;
            let mut of = String::new();
            let blank = if let Some(draft) = draft(tx, cx, &seen.case, &form_name)? {
                of = draft.id.0.clone();
                Form::of(form.flat(&forms::answer::open(tx, &draft)?))
            } else if let Some(from) = copies {
                let (old, _, said) = forms::answer::load(tx, &AnswerId::from(from))?;
                if old.subject_id != seen.case.id.as_str() {
                    return Err(db::Error::Missing);
                }
                Form::of(form.flat(&said)).with("date", cx.today())
            } else {
                let known = documents::known(tx, cx, &seen, &form_name)?;
                let mut blank = Form::of(form.prefill(&known));
                for (field, value) in documents::goal_rows(tx, &seen.case, &form_name)? {
                    blank = blank.with(&field, value);
                }
                blank
            };
            let who = format!("{} · {}", seen.sight.label(&seen.client), seen.case.number());
            Ok((form, blank, of, who))
        })
        .await?;
    let kept = kept.unwrap_or(blank).of_sheet(&form, req.lang);
    let frame = Frame::titled(&r, form.title.say(req.lang).to_owned()).under(who);
    let label = |stage: &str| {
        let key = format!("casework.document.{stage}");
        if req.shell.catalogue.has(&key) { req.t(&key) } else { req.t("casework.document.final") }
    };
    let stages = form.stages.iter().map(|s| (s.clone(), label(s))).collect();
    Ok(Sheet {
        view: FormView::new(&frame, &form, kept.clone()).at(forms::form::DRAFT),
        form: kept,
        frame,
        id: id.to_owned(),
        name: name.to_owned(),
        of,
        stages,
    })
}

pub(super) async fn blank(
    req: Req,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, PageError> {
    page(&sheet(&req, &id, &name, None).await?)
}

pub(super) async fn keep(
    req: Req,
    Path((id, name)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (case, form, flat) = (CaseId::from(id.as_str()), name.clone(), fields.joined());
    let stage = fields.text("stage").to_owned();
    let of = Some(fields.text("of")).filter(|o| !o.is_empty()).map(AnswerId::from);
    let done = req
        .act(move |tx, cx| {
            let answers = forms::library::latest(tx, &form)?.read(&flat)?;
            documents::keep_document(tx, cx, &case, NewDocument { form, answers, stage, of })
        })
        .await;
    match done {
        Ok(kept) => {
            let (to, said) = if kept.answer.state == AnswerState::Draft {
                (format!("/cases/{id}"), "casework.drafted")
            } else if kept.alerts.is_empty() {
                (format!("/cases/{id}"), "casework.kept")
            } else {
                (format!("/cases/{id}"), "casework.kept_alert")
            };
            Ok(req.redirect(&to, said))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &sheet(&req, &id, &name, Some(form)).await?)
        }
        Err(e) => Err(e.into()),
    }
}

type Loaded = (FormAnswer, Arc<forms::Form>, Answers, String, bool);

async fn load(req: &Req, id: &str, answer: &str) -> Result<Loaded, Error> {
    let (case, answer) = (CaseId::from(id), AnswerId::from(answer));
    req.act(move |tx, cx| {
        let seen = acts::look(tx, cx, &case)?;
        let (row, form, said) = forms::answer::load(tx, &answer)?;
        if row.subject != "case" || row.subject_id != case.as_str() {
            return Err(db::Error::Missing);
        }
        let who = format!("{} · {}", seen.sight.label(&seen.client), seen.case.number());
        let may = seen.sight.writes && seen.case.stage.forms().contains(&row.form.as_str());
        // Under a pseudonym the sheet's own names would give the client away.
        let said = if seen.sight.name { said } else { nameless(said) };
        Ok((row, form, said, who, may))
    })
    .await
}

/// Answers without what identifies the client.
pub(super) fn nameless(mut said: Answers) -> Answers {
    const NAMES: [&str; 16] = [
        "name",
        "client",
        "birth",
        "phone",
        "address",
        "hukou",
        "id_kind",
        "id_number",
        "guardian",
        "guardian_phone",
        "emergency",
        "client_signature",
        "guardian_signature",
        "witness",
        "paper",
        "minor",
    ];
    for name in NAMES {
        said.0.remove(name);
    }
    said
}

pub(super) async fn show(
    req: Req,
    Path((id, answer)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (row, form, said, who, may) = load(&req, &id, &answer).await?;
    let frame = Frame::titled(&req, form.title.say(req.lang).to_owned()).under(who);
    let meta = vec![
        (req.t("casework.document.day"), row.on_day.to_string()),
        (req.t("casework.document.kept"), row.at.local()),
        (req.t("casework.document.version"), row.version.to_string()),
    ];
    page(&Shown {
        view: AnswerView::new(&frame, &form, &said),
        frame,
        id,
        answer,
        form: row.form,
        meta,
        corrects: may,
    })
}

pub(super) async fn paper(
    req: Req,
    Path((id, answer)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (_, form, said, who, _) = load(&req, &id, &answer).await?;
    let frame = Frame::new(&req, "casework.title").under(req.shell.settings.brand.clone());
    web::answers::print(frame, &form, &said, &who, &format!("/cases/{id}/documents/{answer}"))
}
