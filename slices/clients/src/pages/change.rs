//! The small forms of a client's page: correct, grade, add a category, assign, avoid, end. One template for all.
use access::Cx;
use access::care;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::{Result, Tx};
use kernel::{ClientId, Day, PersonId, Refusal, numbers};
use registry::client::{AssignmentKind, Client, RiskGrade};
use registry::people::Sex;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::client::frame;
use crate::acts::file::{self, Change};
use crate::acts::{assign, categories, merge, risk};
use crate::model::{Category, EndReason, Factor, Source};
use crate::store;

/// A field as the form shows it.
struct FieldView {
    widget: &'static str,
    name: &'static str,
    label: String,
    hint: String,
    required: bool,
    options: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "change.html")]
struct ChangePage {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    version: i64,
    hint: String,
    save: String,
    fields: Vec<FieldView>,
}

struct Maker<'a> {
    req: &'a Req,
    fields: Vec<FieldView>,
}

impl Maker<'_> {
    fn add(
        &mut self,
        widget: &'static str,
        name: &'static str,
        key: &str,
        required: bool,
    ) -> &mut Self {
        let label = self.req.t(key);
        self.fields.push(FieldView {
            widget,
            name,
            label,
            hint: String::new(),
            required,
            options: Vec::new(),
        });
        self
    }
    fn words(&mut self, prefix: &str, words: &[&str]) -> &mut Self {
        let options = words
            .iter()
            .map(|w| Choice { value: (*w).to_owned(), label: self.req.t(&format!("{prefix}.{w}")) })
            .collect();
        self.options(options)
    }
    fn options(&mut self, options: Vec<Choice>) -> &mut Self {
        if let Some(f) = self.fields.last_mut() {
            f.options = options;
        }
        self
    }
    fn hint(&mut self, hint: String) -> &mut Self {
        if let Some(f) = self.fields.last_mut() {
            f.hint = hint;
        }
        self
    }
}

fn people(all: Vec<(PersonId, String)>) -> Vec<Choice> {
    all.into_iter().map(|(p, n)| Choice { value: p.0, label: n }).collect()
}

fn draw(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    id: &str,
    what: &str,
    form: Option<Form>,
) -> Result<ChangePage> {
    let (client, sight) = care::find(tx, cx, &ClientId::from(id))?;
    let mut m = Maker { req, fields: Vec::new() };
    let mut kept = Form::blank();
    let today = cx.today();
    match what {
        "edit" => {
            cx.may("clients.write")?;
            if !sight.name || (sight.file && !sight.writes) {
                return Err(db::Error::Missing);
            }
            kept = edit(tx, cx, &mut m, &client)?;
        }
        "risk" => {
            sight.writes()?;
            m.add("choice", "grade", "clients.grade", true)
                .words("clients.grade", RiskGrade::WORDS);
            m.add("many", "factors", "clients.factors", false)
                .words("clients.factor", Factor::WORDS);
            m.add("long", "reason", "clients.reason", false);
            kept = kept.with("grade", client.grade);
        }
        "category" => {
            sight.writes()?;
            m.add("select", "category", "clients.category", true)
                .words("clients.category", Category::WORDS);
            m.add("text", "detail", "clients.category.detail", false)
                .hint(req.t("clients.category.detail.hint"));
            m.add("choice", "source", "clients.source", true)
                .words("clients.source", Source::WORDS);
            m.add("day", "since", "clients.begins", true);
            m.add("day", "until", "clients.ends", false);
            kept = kept.with("since", today).with("source", "self_reported");
        }
        "assignment" => {
            cx.may("clients.assign")?;
            let all = assign::candidates(tx, cx, &client.path)?;
            m.add("select", "worker", "clients.worker.who", true).options(people(all));
            m.add("choice", "kind", "clients.assignment.kind", true)
                .words("clients.assignment", AssignmentKind::WORDS);
            m.add("day", "since", "clients.begins", true);
            kept = kept.with("since", today).with("kind", "worker");
        }
        "ask" => {
            sight.writes()?;
            let all = registry::site::colleagues(tx, &cx.actor.scope().path, today)?;
            m.add("select", "worker", "clients.worker.who", true).options(people(all));
            m.add("choice", "kind", "clients.assignment.kind", true)
                .words("clients.assignment", AssignmentKind::WORDS);
            m.add("long", "reason", "clients.reason", false);
            kept = kept.with("kind", "co_worker");
        }
        "avoidance" => {
            cx.may("clients.assign")?;
            let all = assign::candidates(tx, cx, &client.path)?;
            m.add("select", "worker", "clients.avoid.who", true).options(people(all));
            m.add("text", "reason", "clients.reason", true);
        }
        "ending" => {
            cx.may("clients.write")?;
            m.add("choice", "why", "clients.ended.why", true)
                .words("clients.ended", EndReason::WORDS);
            m.add("day", "on", "clients.ended.day", true);
            kept = kept.with("on", today);
        }
        "merge" => {
            cx.may("clients.merge")?;
            m.add("text", "number", "clients.merge.other", true).hint(req.t("clients.merge.hint"));
            kept = kept.with("number", req.query("gone").unwrap_or_default());
        }
        _ => return Err(db::Error::Missing),
    }
    Ok(ChangePage {
        frame: frame(req, &req.t(&format!("clients.change.{what}"))).under(format!(
            "{} · No. {}",
            sight.label(&client),
            client.number
        )),
        form: form.unwrap_or(kept),
        action: format!("/clients/{id}/change/{what}"),
        back: format!("/clients/{id}"),
        version: store::version(tx, &client.id)?,
        hint: match what {
            "risk" => req.t("clients.change.risk.hint"),
            "avoidance" => req.t("clients.change.avoidance.hint"),
            "ask" => req.t("clients.change.ask.hint"),
            _ => String::new(),
        },
        save: req.t(&format!("clients.change.{what}.save")),
        fields: m.fields,
    })
}

fn edit(tx: &mut Tx<'_>, cx: &Cx, m: &mut Maker<'_>, client: &Client) -> Result<Form> {
    let now = file::numbers(tx, client)?;
    let keep = |req: &Req, value: String| {
        if value.is_empty() {
            String::new()
        } else {
            req.fill("clients.kept_as", &[("value", value)])
        }
    };
    let req = m.req;
    let masked =
        |mask: fn(&str) -> String, n: &str| if n.is_empty() { String::new() } else { mask(n) };
    m.add("text", "name", "clients.name", true);
    m.add("text", "id_number", "clients.id_number", false)
        .hint(keep(req, masked(numbers::mask_id, &now.id_number)));
    m.add("choice", "sex", "clients.sex", false).words("clients.sex", Sex::WORDS);
    m.add("day", "birth", "clients.birth", false);
    m.add("text", "phone", "clients.phone", false)
        .hint(keep(req, masked(numbers::mask_phone, &now.phone)));
    let regions = registry::region::under(tx, &cx.actor.scope().path)?
        .into_iter()
        .filter(registry::region::Region::is_neighbourhood)
        .map(|r| Choice { value: r.id.0, label: r.name })
        .collect();
    m.add("select", "region", "clients.region", true).options(regions);
    m.add("text", "building", "clients.building", false);
    m.add("text", "door", "clients.door", false).hint(req.t("clients.door.keep"));
    m.add("text", "external_id", "clients.external_id", false);
    let building = match &client.household {
        Some(h) => registry::client::household(tx, h)?.and_then(|h| h.building).unwrap_or_default(),
        None => String::new(),
    };
    Ok(Form::blank()
        .with("name", &client.name)
        .with("sex", client.sex.map_or("", Sex::as_str))
        .with("birth", client.birth.map_or_else(String::new, |b| b.to_string()))
        .with("region", &client.region)
        .with("building", building)
        .with("external_id", client.external_id.clone().unwrap_or_default()))
}

pub(super) async fn blank(
    req: Req,
    Path((id, what)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(&req.ask(move |tx, cx| draw(tx, cx, &r, &id, &what, None)).await?)
}

fn day(f: &Fields, name: &str) -> Result<Day> {
    f.text(name).parse().map_err(|_| Refusal::at(name, "register.not_a_day").into())
}
fn word<T>(read: Option<T>, name: &str) -> Result<T> {
    read.ok_or_else(|| Refusal::at(name, "clients.choose").into())
}

/// Does the change; answers the sentence to show.
fn act(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId, what: &str, f: &Fields) -> Result<&'static str> {
    let seen = f.text("_version").parse().ok();
    match what {
        "edit" => {
            let some = |name: &str| Some(f.text(name).to_owned()).filter(|t| !t.is_empty());
            let (client, _) = care::find(tx, cx, id)?;
            let now = file::numbers(tx, &client)?;
            let door = some("door").unwrap_or(now.door);
            let home = f.text("building").to_owned();
            let change = Change {
                name: Some(f.text("name").to_owned()),
                sex: Some(Sex::parse(f.text("sex"))),
                birth: Some(if f.text("birth").is_empty() { None } else { Some(day(f, "birth")?) }),
                id_number: some("id_number"),
                phone: some("phone"),
                region: Some(f.text("region").into()),
                home: (!home.is_empty() || !door.is_empty()).then_some((home, door)),
                external_id: Some(f.text("external_id").to_owned()),
            };
            file::amend(tx, cx, id, change, seen)?;
            Ok("clients.kept")
        }
        "risk" => {
            let grade = word(RiskGrade::parse(f.text("grade")), "grade")?;
            let chosen = f.joined().remove("factors").unwrap_or_default();
            let factors: Vec<Factor> = chosen.split(',').filter_map(Factor::parse).collect();
            Ok(match risk::grade(tx, cx, id, grade, &factors, f.text("reason"))? {
                risk::Graded::Set => "clients.graded",
                risk::Graded::Waiting => "clients.graded.waiting",
            })
        }
        "category" => {
            let category = word(Category::parse(f.text("category")), "category")?;
            let source = word(Source::parse(f.text("source")), "source")?;
            let until = if f.text("until").is_empty() { None } else { Some(day(f, "until")?) };
            categories::add(
                tx,
                cx,
                id,
                category,
                source,
                f.text("detail"),
                day(f, "since")?,
                until,
            )?;
            Ok("clients.kept")
        }
        "assignment" | "ask" => {
            let kind = word(AssignmentKind::parse(f.text("kind")), "kind")?;
            let worker = PersonId::from(f.text("worker"));
            if what == "ask" {
                assign::ask_for(tx, cx, id, &worker, kind, f.text("reason"))?;
                return Ok("clients.asked");
            }
            assign::assign(tx, cx, id, &worker, kind, day(f, "since")?)?;
            Ok("clients.assigned")
        }
        "avoidance" => {
            assign::avoid(tx, cx, id, &f.text("worker").into(), f.text("reason"))?;
            Ok("clients.kept")
        }
        "ending" => {
            let why = word(EndReason::parse(f.text("why")), "why")?;
            file::end(tx, cx, id, why, day(f, "on")?, seen)?;
            Ok("clients.ended.done")
        }
        "merge" => {
            let number = f
                .text("number")
                .parse()
                .map_err(|_| Refusal::at("number", "clients.other_unknown"))?;
            let other = store::search::by_number(tx, number)?
                .ok_or_else(|| Refusal::at("number", "clients.other_unknown"))?;
            match merge::merge(tx, cx, id, &other.id) {
                Err(db::Error::Missing) => {
                    Err(Refusal::at("number", "clients.other_unknown").into())
                }
                done => done.map(|_| "clients.merged"),
            }
        }
        _ => Err(db::Error::Missing),
    }
}

pub(super) async fn keep(
    req: Req,
    Path((id, what)): Path<(String, String)>,
    fields: Fields,
) -> std::result::Result<Response, PageError> {
    let (client, f, w) = (ClientId(id.clone()), fields.clone(), what.clone());
    match req.act(move |tx, cx| act(tx, cx, &client, &w, &f)).await {
        Ok(said) => {
            // Whoever gave the client away may see them no longer.
            let there = ClientId(id.clone());
            let open = req.ask(move |tx, cx| Ok(care::find(tx, cx, &there).is_ok())).await?;
            Ok(req.redirect(&if open { format!("/clients/{id}") } else { "/clients".into() }, said))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let page = req.ask(move |tx, cx| draw(tx, cx, &r, &id, &what, Some(form))).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn end_assignment(
    req: Req,
    Path((id, row)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    let client = ClientId(id.clone());
    req.act(move |tx, cx| assign::end(tx, cx, &client, &row, cx.today())).await?;
    Ok(req.redirect(&format!("/clients/{id}"), "clients.assignment.ended"))
}

pub(super) async fn end_category(
    req: Req,
    Path((id, row)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    let client = ClientId(id.clone());
    req.act(move |tx, cx| categories::end(tx, cx, &client, &row, cx.today(), None)).await?;
    Ok(req.redirect(&format!("/clients/{id}"), "clients.kept"))
}

pub(super) async fn unavoid(
    req: Req,
    Path((id, row)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    let client = ClientId(id.clone());
    req.act(move |tx, cx| assign::unavoid(tx, cx, &client, &row)).await?;
    Ok(req.redirect(&format!("/clients/{id}"), "clients.removed"))
}

pub(super) async fn reopen(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let client = ClientId(id.clone());
    req.act(move |tx, cx| file::reopen(tx, cx, &client)).await?;
    Ok(req.redirect(&format!("/clients/{id}"), "clients.reopened"))
}
