//! One activity: its plan, its list of people, what came of it; recording and closing.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{ActivityId, RecordId, Refusal};
use web::attach::{self, AttachmentRow};
use web::{Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::activity::{self, Closing, Figures, Held};
use crate::acts::opinion::{self, Opinions};
use crate::acts::photos;
use crate::acts::signup::{self, Person};
use crate::model::activity::{Activity, Spend, Standing, Volunteer, seats};
use crate::store;
use crate::view::Names;

struct Guest {
    id: String,
    name: String,
    came: bool,
    waits: bool,
    photo: bool,
    code: bool,
    client: String,
}

#[derive(Template)]
#[template(path = "activity.html")]
struct Show {
    frame: Frame,
    form: Form,
    a: Activity,
    standing: &'static str,
    colour: &'static str,
    site: String,
    workers: String,
    figures: Figures,
    spent: String,
    budget: String,
    over: bool,
    guests: Vec<Guest>,
    volunteers: Vec<Volunteer>,
    spends: Vec<Spend>,
    liked: String,
    liked_n: i64,
    writes: bool,
    open: bool,
    today: bool,
    photos: Vec<AttachmentRow>,
    opinions: Opinions,
    /// Of a hundred; empty without answers.
    pleased: String,
}

async fn show_page(req: &Req, id: &str, form: Form) -> Result<Show, Error> {
    let (r, id) = (req.clone(), ActivityId::from(id));
    req.ask(move |tx, cx| {
        let a = activity::find(tx, cx, &id)?;
        let writes = cx.actor.can("activities.write");
        let mut names = Names::default();
        let figures = activity::figures(tx, &a)?;
        let mut guests = Vec::new();
        // The list names people: those who run activities see it, others see how many.
        if writes {
            let list = store::activity::signups(tx, &a.id)?;
            let (have, wait) = seats(&list, a.capacity);
            for (s, waits) in
                have.into_iter().map(|s| (s, false)).chain(wait.into_iter().map(|s| (s, true)))
            {
                guests.push(Guest {
                    id: s.id.0.clone(),
                    name: s.name.clone(),
                    came: s.came.is_some(),
                    waits,
                    photo: s.photo,
                    code: s.way == crate::model::activity::SignedBy::Code,
                    client: s.client.as_ref().map_or_else(String::new, |c| c.0.clone()),
                });
            }
        }
        let workers = store::activity::workers(tx, &a.id)?;
        let (liked_n, liked) = a.liked();
        let standing = a.standing();
        let opinions = opinion::of(tx, &a, r.lang)?;
        Ok(Show {
            photos: attach::rows(tx, photos::OF_ACTIVITY, a.id.as_str(), true)?,
            pleased: opinions.percent().map_or_else(String::new, |p| format!("{p}%")),
            opinions,
            frame: Frame::titled(&r, a.title.clone())
                .under(r.t(&format!("activities.kind.{}", a.kind))),
            form,
            standing: standing.as_str(),
            colour: super::colour(standing),
            site: names.site(tx, &a.site)?,
            workers: names.people(tx, &workers)?,
            spent: kernel::Money(figures.spent).in_yuan(),
            budget: a.budget.in_yuan(),
            over: figures.spent > a.budget.0,
            figures,
            guests,
            volunteers: store::activity::volunteers(tx, &a.id)?,
            spends: store::activity::spends(tx, &a.id)?,
            liked: liked.map_or_else(String::new, |t| format!("{}.{}", t / 10, t % 10)),
            liked_n,
            writes,
            open: matches!(standing, Standing::Planned | Standing::Held),
            today: a.day <= cx.today(),
            a,
        })
    })
    .await
}

/// The page again after something on it was refused.
pub(crate) async fn again(req: &Req, id: &str, form: Form) -> Result<Response, PageError> {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &show_page(req, id, form).await?)
}

pub(crate) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&show_page(&req, &id, Form::blank()).await?)
}

/// Back to the activity, or the same page with what was wrong.
async fn after<T>(
    req: &Req,
    id: &str,
    fields: &Fields,
    done: Result<T, Error>,
    said: &str,
) -> Result<Response, PageError> {
    match done {
        Ok(_) => Ok(req.redirect(&format!("/activities/{id}"), said)),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(req, fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &show_page(req, id, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(crate) async fn add(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let text = |name: &str| fields.text(name).to_owned();
    let who = Person {
        client: text("client"),
        name: text("name"),
        phone: text("phone"),
        photo: fields.ticked("photo"),
    };
    let of = ActivityId::from(id.as_str());
    let done = req.act(move |tx, cx| signup::add(tx, cx, &of, &who)).await;
    after(&req, &id, &fields, done, "activities.signed_up.done").await
}

pub(crate) async fn give_back(
    req: Req,
    Path((id, entry)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let done = req.act(move |tx, cx| signup::cancel(tx, cx, &RecordId::from(entry))).await;
    after(&req, &id, &fields, done, "activities.given_back").await
}

pub(crate) async fn coming(
    req: Req,
    Path((id, entry)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let came = fields.text("came") != "0";
    let done = req.act(move |tx, cx| signup::check_in(tx, cx, &RecordId::from(entry), came)).await;
    after(&req, &id, &fields, done, "activities.noted").await
}

pub(crate) async fn cancel(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (of, f) = (ActivityId::from(id.as_str()), fields.clone());
    let done = req.act(move |tx, cx| activity::cancel(tx, cx, &of, f.text("why"))).await;
    after(&req, &id, &fields, done, "activities.called_off").await
}

#[derive(Template)]
#[template(path = "activity_record.html")]
struct RecordForm {
    frame: Frame,
    form: Form,
    id: String,
    title: String,
    figures: Figures,
}

async fn record_page(req: &Req, id: &str, form: Option<Form>) -> Result<RecordForm, Error> {
    let (r, id) = (req.clone(), ActivityId::from(id));
    req.ask(move |tx, cx| {
        let a = activity::find(tx, cx, &id)?;
        let form = match form {
            Some(form) => form,
            None => {
                let helped: Vec<String> = store::activity::volunteers(tx, &a.id)?
                    .iter()
                    .map(|v| format!("{} {}", v.name, v.minutes))
                    .collect();
                let spent: Vec<String> = store::activity::spends(tx, &a.id)?
                    .iter()
                    .map(|s| {
                        format!(
                            "{} {} {}",
                            s.what,
                            s.amount.in_yuan().replace(',', ""),
                            s.receipt.clone().unwrap_or_default()
                        )
                        .trim()
                        .to_owned()
                    })
                    .collect();
                Form::blank()
                    .with("unnamed", a.unnamed)
                    .with("minutes", a.minutes)
                    .with("materials", a.materials.clone().unwrap_or_default())
                    .with("volunteers", helped.join("\n"))
                    .with("spends", spent.join("\n"))
            }
        };
        Ok(RecordForm {
            frame: Frame::new(&r, "activities.record").under(a.title.clone()),
            figures: activity::figures(tx, &a)?,
            form,
            title: a.title,
            id: a.id.0,
        })
    })
    .await
}

pub(crate) async fn holding(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&record_page(&req, &id, None).await?)
}

/// Lines of words: `张三 120`, `茶点 86.50 发票 0012`.
fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .map(|l| {
            l.split(['\t', ' ', '，', ',', '\u{3000}'])
                .filter(|w| !w.is_empty())
                .collect::<Vec<_>>()
        })
        .filter(|l| !l.is_empty())
}

fn held(fields: &Fields) -> Result<Held, Refusal> {
    let number = |name: &'static str| {
        let typed = fields.text(name);
        let typed = if typed.is_empty() { "0" } else { typed };
        typed.parse::<i64>().map_err(|_| Refusal::at(name, "activities.capacity_wrong"))
    };
    let mut volunteers = Vec::new();
    for l in lines(fields.text("volunteers")) {
        let [name, minutes] = l.as_slice() else {
            return Err(Refusal::at("volunteers", "activities.volunteers_wrong"));
        };
        let minutes = minutes
            .parse()
            .map_err(|_| Refusal::at("volunteers", "activities.volunteers_wrong"))?;
        volunteers.push(((*name).to_owned(), minutes));
    }
    let mut spends = Vec::new();
    for l in lines(fields.text("spends")) {
        let [what, amount, receipt @ ..] = l.as_slice() else {
            return Err(Refusal::at("spends", "activities.spends_wrong"));
        };
        spends.push(((*what).to_owned(), (*amount).to_owned(), receipt.join(" ")));
    }
    Ok(Held {
        unnamed: number("unnamed")?,
        minutes: number("minutes")?,
        materials: fields.text("materials").to_owned(),
        volunteers,
        spends,
    })
}

pub(crate) async fn hold(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let of = ActivityId::from(id.as_str());
    let done = match held(&fields) {
        Ok(said) => req.act(move |tx, cx| activity::hold(tx, cx, &of, &said)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(_) => Ok(req.redirect(&format!("/activities/{id}"), "activities.recorded")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &record_page(&req, &id, Some(form)).await?)
        }
        Err(e) => Err(e.into()),
    }
}

#[derive(Template)]
#[template(path = "activity_closing.html")]
struct ClosingForm {
    frame: Frame,
    form: Form,
    id: String,
    scores: Vec<(String, String)>,
}

async fn closing_page(req: &Req, id: &str, form: Option<Form>) -> Result<ClosingForm, Error> {
    let (r, of) = (req.clone(), ActivityId::from(id));
    let a = req.ask(move |tx, cx| activity::find(tx, cx, &of)).await?;
    let scores = [(5, a.score_5), (4, a.score_4), (3, a.score_3), (2, a.score_2), (1, a.score_1)];
    let form = form.unwrap_or_else(|| {
        let blank = Form::blank()
            .with("summary", a.summary.clone().unwrap_or_default())
            .with("lessons", a.lessons.clone().unwrap_or_default());
        scores.iter().fold(blank, |f, (score, n)| f.with(&format!("score_{score}"), n))
    });
    Ok(ClosingForm {
        frame: Frame::new(&r, "activities.closing").under(a.title),
        form,
        id: a.id.0,
        scores: scores
            .iter()
            .map(|(s, _)| (format!("score_{s}"), r.t(&format!("activities.score.{s}"))))
            .collect(),
    })
}

pub(crate) async fn closing(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&closing_page(&req, &id, None).await?)
}

pub(crate) async fn close(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let of = ActivityId::from(id.as_str());
    let scores = [5, 4, 3, 2, 1].map(|s| {
        let typed = fields.text(&format!("score_{s}"));
        if typed.is_empty() { 0 } else { typed.parse().unwrap_or(-1) }
    });
    let said = Closing {
        summary: fields.text("summary").to_owned(),
        lessons: fields.text("lessons").to_owned(),
        scores,
    };
    match req.act(move |tx, cx| activity::close(tx, cx, &of, &said)).await {
        Ok(_) => Ok(req.redirect(&format!("/activities/{id}"), "activities.closed")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &closing_page(&req, &id, Some(form)).await?)
        }
        Err(e) => Err(e.into()),
    }
}
