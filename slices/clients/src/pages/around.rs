//! Relations: the genogram by generations, the ecomap, both with all they show in words.
use access::Cx;
use access::care::Sight;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::{Result, Tx};
use kernel::ClientId;
use registry::client::Client;
use registry::people::Sex;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::client::{frame, open};
use super::view::{self, Head};
use crate::acts::family::{self, NewRelation};
use crate::draw::{self, Drawing, Ecomap, Person, System};
use crate::model::{Bond, Flow, Kin, SupportKind, Tie};
use crate::store;

struct RelativeView {
    id: String,
    label: String,
    href: String,
    kin: String,
    code: &'static str,
    born: String,
    dead: bool,
    together: bool,
    bond: String,
    note: String,
}

struct SupportView {
    id: String,
    kind: String,
    name: String,
    bond: String,
    flow: String,
    note: String,
}

#[derive(Template)]
#[template(path = "client_relations.html")]
struct Relations {
    frame: Frame,
    head: Head,
    genogram: Drawing,
    ecomap: Ecomap,
    relatives: Vec<RelativeView>,
    supports: Vec<SupportView>,
    /// Those at the same door who are not among the relatives: (href, name).
    mates: Vec<(String, String)>,
    form: Form,
    kins: Vec<Choice>,
    sexes: Vec<Choice>,
    bonds: Vec<Choice>,
    kinds: Vec<Choice>,
    ties: Vec<Choice>,
    flows: Vec<Choice>,
    others: Vec<Choice>,
}

fn choices(req: &Req, prefix: &str, words: &[&str]) -> Vec<Choice> {
    words
        .iter()
        .map(|w| Choice { value: (*w).to_owned(), label: req.t(&format!("clients.{prefix}.{w}")) })
        .collect()
}

fn build(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    (client, sight): (&Client, Sight),
    form: Form,
) -> Result<Relations> {
    let head = view::head(tx, cx, req, (client, sight), "relations", None)?;
    let all = family::relatives(tx, cx, (client, sight))?;
    let mut people = Vec::new();
    let mut relatives = Vec::new();
    for r in &all {
        let word = req.t(&format!("clients.kin.{}", r.kin));
        let href = r.client.as_ref().map_or_else(String::new, |c| format!("/clients/{c}"));
        let born = r.birth_year.map_or_else(String::new, |y| y.to_string());
        people.push(Person {
            kin: Some(r.kin),
            label: r.label.clone(),
            word: if born.is_empty() { word.clone() } else { format!("{word} {born}") },
            sex: r.sex,
            dead: r.dead,
            together: r.together,
            bond: r.bond,
            href: href.clone(),
        });
        relatives.push(RelativeView {
            id: r.id.clone(),
            label: r.label.clone(),
            href,
            kin: word,
            code: r.kin.code(),
            born,
            dead: r.dead,
            together: r.together,
            bond: req.t(&format!("clients.bond.{}", r.bond)),
            note: r.note.clone(),
        });
    }
    let own = Person {
        kin: None,
        label: sight.label(client),
        word: client.birth.map_or_else(String::new, |b| b.year().to_string()),
        sex: client.sex,
        dead: client.ended_why.as_deref() == Some("died"),
        together: true,
        bond: Bond::Plain,
        href: String::new(),
    };
    let mut supports = Vec::new();
    let mut systems = Vec::new();
    for s in store::supports(tx, &client.id)? {
        let owner = s.client.as_str();
        let name = tx.open_some(owner, "support.name", s.id.as_str(), s.name.as_ref())?;
        let note = tx.open_some(owner, "support.note", s.id.as_str(), s.note.as_ref())?;
        let kind = req.t(&format!("clients.support.{}", s.kind));
        let label = if sight.name { name } else { String::new() };
        systems.push(System {
            word: kind.clone(),
            label: label.clone(),
            bond: s.bond,
            flow: s.flow,
        });
        supports.push(SupportView {
            id: s.id.0,
            kind,
            name: label,
            bond: req.t(&format!("clients.tie.{}", s.bond)),
            flow: req.t(&format!("clients.flow.{}", s.flow)),
            note,
        });
    }
    let mates: Vec<Client> = if sight.name {
        let all_mates = family::housemates(tx, cx, client)?;
        all_mates
            .into_iter()
            .filter(|m| !all.iter().any(|r| r.client.as_ref() == Some(&m.id)))
            .collect()
    } else {
        Vec::new()
    };
    let others =
        mates.iter().map(|m| Choice { value: m.id.0.clone(), label: m.name.clone() }).collect();
    Ok(Relations {
        frame: frame(req, &head.label),
        head,
        genogram: draw::genogram(own, &people),
        ecomap: draw::ecomap(&systems),
        relatives,
        supports,
        mates: mates.into_iter().map(|m| (format!("/clients/{}", m.id), m.name)).collect(),
        form,
        kins: choices(req, "kin", Kin::WORDS),
        sexes: choices(req, "sex", Sex::WORDS),
        bonds: choices(req, "bond", Bond::WORDS),
        kinds: choices(req, "support", SupportKind::WORDS),
        ties: choices(req, "tie", Tie::WORDS),
        flows: choices(req, "flow", Flow::WORDS),
        others,
    })
}

async fn shown(req: &Req, id: String, form: Form) -> std::result::Result<Relations, Error> {
    let r = req.clone();
    req.act(move |tx, cx| {
        let (client, sight) = open(tx, cx, &id, "relations")?;
        build(tx, cx, &r, (&client, sight), form)
    })
    .await
}

pub(super) async fn relations(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let form = Form::blank().with("bond", "plain").with("tie", "plain").with("flow", "to_client");
    page(&shown(&req, id, form).await?)
}

pub(super) async fn relate(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> std::result::Result<Response, PageError> {
    let Some(kin) = Kin::parse(fields.text("kin")) else {
        let no = kernel::Refusal::at("kin", "clients.kin_missing").into();
        let page = shown(&req, id, Form::refused(&req, &fields, &no)).await?;
        return page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let text = |name: &str| fields.text(name).to_owned();
    let new = NewRelation {
        kin,
        other: Some(text("other")).filter(|o| !o.is_empty()).map(ClientId),
        name: text("name"),
        sex: Sex::parse(fields.text("sex")),
        birth_year: fields.text("birth_year").parse().ok(),
        dead: fields.ticked("dead"),
        together: fields.ticked("together"),
        bond: Bond::parse(fields.text("bond")).unwrap_or(Bond::Plain),
        note: text("note"),
    };
    let client = ClientId(id.clone());
    let done = req.act(move |tx, cx| family::relate(tx, cx, &client, new)).await;
    finish(&req, &fields, id, done.map(drop)).await
}

async fn finish(
    req: &Req,
    fields: &Fields,
    id: String,
    done: std::result::Result<(), Error>,
) -> std::result::Result<Response, PageError> {
    match done {
        Ok(()) => Ok(req.redirect(&format!("/clients/{id}/relations"), "clients.kept")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let page = shown(req, id, Form::refused(req, fields, &no)).await?;
            page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn support(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> std::result::Result<Response, PageError> {
    let client = ClientId(id.clone());
    let f = fields.clone();
    let done = req
        .act(move |tx, cx| {
            let kind = SupportKind::parse(f.text("kind"))
                .ok_or_else(|| kernel::Refusal::at("kind", "clients.kin_missing"))?;
            let bond = Tie::parse(f.text("tie")).unwrap_or(Tie::Plain);
            let flow = Flow::parse(f.text("flow")).unwrap_or(Flow::ToClient);
            family::support(
                tx,
                cx,
                &client,
                kind,
                f.text("support_name"),
                bond,
                flow,
                f.text("support_note"),
            )
        })
        .await;
    finish(&req, &fields, id, done.map(drop)).await
}

pub(super) async fn unrelate(
    req: Req,
    Path((id, row)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    let client = ClientId(id.clone());
    req.act(move |tx, cx| family::unrelate(tx, cx, &client, &row)).await?;
    Ok(req.redirect(&format!("/clients/{id}/relations"), "clients.removed"))
}

pub(super) async fn unsupport(
    req: Req,
    Path((id, row)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    let client = ClientId(id.clone());
    req.act(move |tx, cx| family::unsupport(tx, cx, &client, &row)).await?;
    Ok(req.redirect(&format!("/clients/{id}/relations"), "clients.removed"))
}
