//! Those around a client, the scales asked of them, and files that look alike, for machines: the same acts as the pages.
use std::collections::BTreeMap;

use access::care;
use axum::extract::Path;
use kernel::{AnswerId, ClientId};
use registry::people::Sex;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use web::{Req, api};

use super::{Answer, day, word};
use crate::acts::family::{self, NewRelation};
use crate::acts::{alike, scales as acts};
use crate::model::{Bond, Flow, Kin, SupportKind, Tie};
use crate::store;

/// A relative: another client by id, or a name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Relative {
    /// `spouse`, `son`, `mother` … (GB/T 4761)
    kin: String,
    other: Option<String>,
    #[serde(default)]
    name: String,
    sex: Option<String>,
    birth_year: Option<i64>,
    #[serde(default)]
    dead: bool,
    #[serde(default)]
    together: bool,
    /// `plain`, `close`, `conflict` or `cut_off`; `plain` when left out.
    bond: Option<String>,
    #[serde(default)]
    note: String,
}

/// A support around the client.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Backing {
    /// `family`, `neighbours`, `school` …
    kind: String,
    #[serde(default)]
    name: String,
    /// `strong`, `plain`, `weak` or `strained`; `plain` when left out.
    tie: Option<String>,
    /// `to_client`, `from_client`, `both` or `none`; `to_client` when left out.
    flow: Option<String>,
    #[serde(default)]
    note: String,
}

/// Answers to a scale: item → what was answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The scale, such as `phq9`.
    form: String,
    on: String,
    answers: BTreeMap<String, String>,
}

pub(super) async fn relations(req: Req, Path(id): Path<String>) -> Answer {
    let all = req
        .act(move |tx, cx| {
            let (client, sight) = care::find_file(tx, cx, &ClientId(id))?;
            care::viewed(tx, cx, &client.id, "relations")?;
            Ok(family::relatives(tx, cx, (&client, sight))?
                .into_iter()
                .map(|r| {
                    json!({ "id": r.id, "kin": r.kin, "code": r.kin.code(), "label": r.label, "client": r.client, "sex": r.sex,
                        "birth_year": r.birth_year, "dead": r.dead, "together": r.together, "bond": r.bond, "note": r.note })
                })
                .collect::<Vec<_>>())
        })
        .await?;
    api::ok(&all)
}

pub(super) async fn relate(
    req: Req,
    Path(id): Path<String>,
    api::Body(new): api::Body<Relative>,
) -> Answer {
    let relation = NewRelation {
        kin: word(Kin::parse(&new.kin))?,
        other: new.other.map(ClientId),
        name: new.name,
        sex: new.sex.as_deref().map(|s| word(Sex::parse(s))).transpose()?,
        birth_year: new.birth_year,
        dead: new.dead,
        together: new.together,
        bond: new.bond.as_deref().map_or(Ok(Bond::Plain), |b| word(Bond::parse(b)))?,
        note: new.note,
    };
    let row = req.act(move |tx, cx| family::relate(tx, cx, &ClientId(id), relation)).await?;
    api::created(&json!({ "id": row.id }), "", None)
}

pub(super) async fn unrelate(req: Req, Path((id, row)): Path<(String, String)>) -> Answer {
    req.act(move |tx, cx| family::unrelate(tx, cx, &ClientId(id), &row)).await?;
    Ok(api::done())
}

pub(super) async fn supports(req: Req, Path(id): Path<String>) -> Answer {
    let all = req
        .act(move |tx, cx| {
            let (client, sight) = care::find_file(tx, cx, &ClientId(id))?;
            care::viewed(tx, cx, &client.id, "relations")?;
            let mut out = Vec::new();
            for s in store::supports(tx, &client.id)? {
                let owner = s.client.as_str();
                let name = if sight.name {
                    tx.open_some(owner, "support.name", s.id.as_str(), s.name.as_ref())?
                } else {
                    String::new()
                };
                let note = tx.open_some(owner, "support.note", s.id.as_str(), s.note.as_ref())?;
                out.push(json!({ "id": s.id, "kind": s.kind, "name": name, "tie": s.bond, "flow": s.flow, "note": note }));
            }
            Ok(out)
        })
        .await?;
    api::ok(&all)
}

pub(super) async fn support(
    req: Req,
    Path(id): Path<String>,
    api::Body(new): api::Body<Backing>,
) -> Answer {
    let kind = word(SupportKind::parse(&new.kind))?;
    let tie = new.tie.as_deref().map_or(Ok(Tie::Plain), |t| word(Tie::parse(t)))?;
    let flow = new.flow.as_deref().map_or(Ok(Flow::ToClient), |f| word(Flow::parse(f)))?;
    let row = req
        .act(move |tx, cx| {
            family::support(tx, cx, &ClientId(id), kind, &new.name, tie, flow, &new.note)
        })
        .await?;
    api::created(&json!({ "id": row.id }), "", None)
}

pub(super) async fn unsupport(req: Req, Path((id, row)): Path<(String, String)>) -> Answer {
    req.act(move |tx, cx| family::unsupport(tx, cx, &ClientId(id), &row)).await?;
    Ok(api::done())
}

/// Totals by scale and day, earliest first. They screen; they do not diagnose.
pub(super) async fn scales(req: Req, Path(id): Path<String>) -> Answer {
    let lang = req.lang;
    let all = req
        .act(move |tx, cx| {
            let (client, _) = care::find_file(tx, cx, &ClientId(id))?;
            care::viewed(tx, cx, &client.id, "scales")?;
            let mut out = Vec::new();
            for form in acts::all(tx)? {
                for a in acts::answers(tx, &client.id, &form.id)? {
                    out.push(json!({ "id": a.id, "form": a.form, "title": form.title.say(lang), "version": a.version, "on": a.on_day,
                        "total": a.total.map(forms::score::tenths), "band": a.band, "screening": true }));
                }
            }
            Ok(out)
        })
        .await?;
    api::ok(&all)
}

pub(super) async fn answer(
    req: Req,
    Path(id): Path<String>,
    api::Body(new): api::Body<Asked>,
) -> Answer {
    let on = day(&new.on)?;
    let kept = req
        .act(move |tx, cx| {
            let form =
                acts::all(tx)?.into_iter().find(|f| f.id == new.form).ok_or(db::Error::Missing)?;
            let answers = form.read(&new.answers)?;
            acts::keep(tx, cx, &ClientId(id), &form, answers, on)
        })
        .await?;
    let alerts: Vec<&str> = kept.alerts.iter().map(|a| a.key.as_str()).collect();
    let total = kept.answer.total.map(forms::score::tenths);
    api::created(
        &json!({ "id": kept.answer.id, "total": total, "band": kept.answer.band, "alerts": alerts, "screening": true }),
        "",
        None,
    )
}

pub(super) async fn answered(req: Req, Path((id, answer)): Path<(String, String)>) -> Answer {
    let value = req
        .act(move |tx, cx| {
            let (client, _) = care::find_file(tx, cx, &ClientId(id))?;
            care::viewed(tx, cx, &client.id, "scale")?;
            let (kept, form, said) = acts::answer(tx, &client.id, &AnswerId(answer))?;
            Ok(json!({ "id": kept.id, "form": kept.form, "version": kept.version, "on": kept.on_day, "answers": form.flat(&said),
                "total": kept.total.map(forms::score::tenths), "band": kept.band, "screening": true }))
        })
        .await?;
    api::ok(&value)
}

/// Pairs of files that look alike, with everything they share.
pub(super) async fn duplicates(req: Req) -> Answer {
    let all = req
        .ask(|tx, cx| {
            Ok(alike::pairs(tx, cx, 100)?
                .into_iter()
                .map(|p| {
                    let why: Vec<&str> = p.why.iter().map(|w| w.word()).collect();
                    json!({ "why": why, "one": { "id": p.one.id, "number": p.one.number }, "other": { "id": p.other.id, "number": p.other.number } })
                })
                .collect::<Vec<_>>())
        })
        .await?;
    api::ok(&all)
}
