//! The form of a record: one for every register, with errors at the fields, kept input, and both sides shown when two people changed it.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::{Result, Tx};
use kernel::numbers;
use web::register::{self, Input, Kind, Object, Parent, Register, text};
use web::{Choice, Error, Fields, Form, FormError, Frame, PageError, Req, page_with};

use super::site::tab_of;
use crate::{acts, registers, store, view};

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
#[template(path = "record.html")]
struct RecordPage {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    draft: String,
    version: i64,
    fields: Vec<FieldView>,
    /// Where a wrong record is removed; empty for a new one.
    removal: String,
    /// What the record says now, when somebody else changed it: (label, yours, theirs).
    theirs: Vec<(String, String, String)>,
    /// A question before somebody is added twice.
    namesakes: String,
}

type Answer = std::result::Result<Response, PageError>;

fn known(name: &str) -> Result<&'static Register> {
    registers::register(name).ok_or(db::Error::Missing)
}

/// Where a record of a parent is shown.
fn home(register: &Register, parent: &str) -> String {
    match (register.name, register.parent) {
        ("orgs", _) => "/orgs".into(),
        ("people", _) if parent.is_empty() => "/people".into(),
        ("people", _) | (_, Parent::Person) => format!("/people/{parent}"),
        ("sites", _) if parent.is_empty() => "/sites".into(),
        _ => match tab_of(register.name) {
            "overview" => format!("/sites/{parent}"),
            tab => format!("/sites/{parent}/{tab}"),
        },
    }
}

/// Numbers that are shown masked: they leave the server in no form, and an empty field keeps them.
fn secret(kind: Kind) -> bool {
    matches!(kind, Kind::IdNumber | Kind::Phone)
}

struct Draw {
    register: &'static Register,
    parent: String,
    /// The record, when there is one already.
    record: Option<String>,
    form: Option<Form>,
    yours: Option<Input>,
    namesakes: String,
}

fn draw(tx: &mut Tx<'_>, cx: &Cx, req: &Req, d: Draw) -> Result<RecordPage> {
    let register = d.register;
    cx.may(register.write)?;
    let before = match &d.record {
        Some(id) => Some(register.find(tx, id)?.ok_or(db::Error::Missing)?),
        None => None,
    };
    let parent =
        before.as_ref().map_or(d.parent, |o| register::acts::parent_of(register, o).to_owned());
    let unit = (register.admit)(tx, cx, &parent)?;
    let pretitle = match (register.parent, unit) {
        (Parent::Site, Some(id)) => store::site(tx, cx, &id)?.map_or_else(String::new, |s| s.name),
        (Parent::Person, Some(id)) => {
            store::person(tx, cx, &id)?.map_or_else(String::new, |p| p.name)
        }
        _ => String::new(),
    };
    let mut fields = Vec::new();
    for field in register.fields {
        let key = format!("{}.{}", register.name, field.name);
        let kept = before.as_ref().map(|o| text(o, field.name)).unwrap_or_default();
        let mask = if field.kind == Kind::Phone { numbers::mask_phone } else { numbers::mask_id };
        let hint = if secret(field.kind) && !kept.is_empty() {
            req.fill("record.kept", &[("value", mask(kept))])
        } else if req.shell.catalogue.has(&format!("{key}.hint")) {
            req.t(&format!("{key}.hint"))
        } else {
            String::new()
        };
        let reference = matches!(field.kind, Kind::Person | Kind::Org | Kind::Site | Kind::Region);
        fields.push(FieldView {
            // A list of people or places is always a drop-down, however short.
            widget: if reference { "reference" } else { field.widget() },
            name: field.name,
            label: req.t(&key),
            hint,
            required: field.required,
            options: view::options(tx, cx, req, register, field)?,
        });
    }
    let mut theirs = Vec::new();
    if let (Some(yours), Some(o)) = (&d.yours, &before) {
        let now = register::write(register, o);
        for field in register.fields.iter().filter(|f| !secret(f.kind)) {
            let (mine, other) = (
                yours.get(field.name).cloned().unwrap_or_default(),
                now.get(field.name).cloned().unwrap_or_default(),
            );
            if mine != other {
                let label = req.t(&format!("{}.{}", register.name, field.name));
                let mut names = view::Names::default();
                let shown = |tx: &mut Tx<'_>, names: &mut view::Names, v: &str| {
                    let mut one = Object::new();
                    one.insert(field.name.into(), v.into());
                    view::cell(tx, cx, req, names, register, field, &one).map(|c| c.text)
                };
                let (a, b) = (shown(tx, &mut names, &mine)?, shown(tx, &mut names, &other)?);
                theirs.push((label, a, b));
            }
        }
    }
    let title = req.t(&format!("{}.heading", register.name));
    let word = req.t(if d.record.is_some() { "record.edit" } else { "record.new" });
    let form = match (d.form, &before) {
        (Some(form), _) => form,
        (None, Some(o)) => {
            let mut values = register::write(register, o);
            for field in register.fields.iter().filter(|f| secret(f.kind)) {
                values.remove(field.name);
            }
            Form::of(values)
        }
        (None, None) => Form::blank().with("since", cx.today()).with(
            "home",
            if register.name == "people" { cx.actor.scope().region.as_str() } else { "" },
        ),
    };
    let action = match &d.record {
        Some(id) => format!("/records/{}/{id}", register.name),
        None => format!("/records/{}/new?of={parent}", register.name),
    };
    Ok(RecordPage {
        frame: Frame::titled(req, req.fill("record.of", &[("act", word), ("what", title)]))
            .under(pretitle),
        form,
        draft: format!("{}-{}", register.name, d.record.as_deref().unwrap_or(&parent)),
        version: match &d.record {
            Some(id) => register::acts::version(tx, register, id)?,
            None => 0,
        },
        removal: d.record.as_ref().map_or_else(String::new, |_| format!("{action}/removal")),
        back: home(register, &parent),
        action,
        fields,
        theirs,
        namesakes: d.namesakes,
    })
}

async fn show_with(req: &Req, status: StatusCode, d: Draw) -> Answer {
    let r = req.clone();
    page_with(status, &req.ask(move |tx, cx| draw(tx, cx, &r, d)).await?)
}

pub(super) async fn blank(req: Req, Path(name): Path<String>) -> Answer {
    let parent = req.query("of").unwrap_or_default();
    let d = Draw {
        register: known(&name)?,
        parent,
        record: None,
        form: None,
        yours: None,
        namesakes: String::new(),
    };
    show_with(&req, StatusCode::OK, d).await
}

pub(super) async fn show(req: Req, Path((name, id)): Path<(String, String)>) -> Answer {
    let register = known(&name)?;
    if !req.can(register.write) {
        // Who reads but does not write finds the record among the others of its site or person.
        let of = id.clone();
        let parent = req
            .ask(move |tx, cx| {
                let o = register.find(tx, &of)?.ok_or(db::Error::Missing)?;
                let parent = register::acts::parent_of(register, &o).to_owned();
                (register.admit)(tx, cx, &parent)?;
                Ok(parent)
            })
            .await?;
        return Ok(req.redirect(&format!("{}#r-{id}", home(register, &parent)), ""));
    }
    let d = Draw {
        register,
        parent: String::new(),
        record: Some(id),
        form: None,
        yours: None,
        namesakes: String::new(),
    };
    show_with(&req, StatusCode::OK, d).await
}

/// What a form sent, as a register reads it: a box nobody ticked is empty, an empty secret field is not touched.
fn input(register: &Register, fields: &Fields, amends: bool) -> Input {
    let mut out = fields.joined();
    out.retain(|name, _| register.field(name).is_some());
    for field in register.fields {
        if secret(field.kind) && amends && out.get(field.name).is_some_and(String::is_empty) {
            out.remove(field.name);
        } else if !secret(field.kind) {
            out.entry(field.name.to_owned()).or_default();
        }
    }
    out
}

pub(super) async fn add(req: Req, Path(name): Path<String>, fields: Fields) -> Answer {
    let register = known(&name)?;
    let parent = req.query("of").unwrap_or_default();
    let typed = input(register, &fields, false);
    let mut asked = String::new();
    if register.name == "people" && !fields.ticked("_anyway") {
        let (name, birth) = (fields.text("name").to_owned(), fields.text("birth").to_owned());
        let found = req.ask(move |tx, cx| store::namesakes(tx, cx, &name, &birth, "")).await?;
        let names: Vec<_> = found
            .iter()
            .map(|p| {
                format!(
                    "{} {}",
                    p.name,
                    p.id_number.as_deref().map(numbers::mask_id).unwrap_or_default()
                )
            })
            .collect();
        asked = names.join("、");
    }
    let done = if asked.is_empty() {
        let (typed, of) = (typed.clone(), parent.clone());
        req.act(move |tx, cx| register::acts::add(tx, cx, register, &of, &typed, acts::resolve))
            .await
    } else {
        Err(Error::Act(kernel::Refusals::none().into()))
    };
    match done {
        Ok(kept) => {
            let parent = if register.parent == Parent::None { kept.id } else { parent };
            Ok(req.redirect(&home(register, &parent), "record.added"))
        }
        Err(Error::Act(db::Error::Refused(no))) if !denied(&no) => {
            let form = Some(Form::refused(&req, &fields, &no));
            let d = Draw { register, parent, record: None, form, yours: None, namesakes: asked };
            show_with(&req, StatusCode::UNPROCESSABLE_ENTITY, d).await
        }
        Err(e) => Err(e.into()),
    }
}

fn denied(no: &kernel::Refusals) -> bool {
    no.0.iter().any(|r| r.key == "access.denied")
}

pub(super) async fn amend(
    req: Req,
    Path((name, id)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let register = known(&name)?;
    let typed = input(register, &fields, true);
    let seen = fields.text("_version").parse().ok();
    let (of, yours) = (id.clone(), typed.clone());
    let done = req
        .act(move |tx, cx| {
            let kept = register::acts::amend(tx, cx, register, &of, &typed, seen, acts::resolve)?;
            let o = register.find(tx, &kept.id)?.ok_or(db::Error::Missing)?;
            Ok(register::acts::parent_of(register, &o).to_owned())
        })
        .await;
    let d = |form, yours| Draw {
        register,
        parent: String::new(),
        record: Some(id.clone()),
        form: Some(form),
        yours,
        namesakes: String::new(),
    };
    match done {
        Ok(parent) => Ok(req.redirect(&home(register, &parent), "record.amended")),
        Err(Error::Act(db::Error::Refused(no))) if !denied(&no) => {
            let form = Form::refused(&req, &fields, &no);
            show_with(&req, StatusCode::UNPROCESSABLE_ENTITY, d(form, None)).await
        }
        Err(Error::Act(db::Error::Stale)) => {
            let mut form = Form::of(fields.joined());
            form.errors.push(FormError {
                field: String::new(),
                text: req.t("record.stale"),
                label: String::new(),
            });
            show_with(&req, StatusCode::CONFLICT, d(form, Some(yours))).await
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn remove(req: Req, Path((name, id)): Path<(String, String)>) -> Answer {
    let register = known(&name)?;
    let parent = req
        .act(move |tx, cx| {
            let o = register.find(tx, &id)?.ok_or(db::Error::Missing)?;
            let parent = match register.parent {
                Parent::None => String::new(),
                _ => register::acts::parent_of(register, &o).to_owned(),
            };
            acts::remove(tx, cx, register, &id, None)?;
            Ok(parent)
        })
        .await?;
    Ok(req.redirect(&home(register, &parent), "record.removed"))
}
