//! The policy in its own order: our restatement, the rules with their live verdicts, the readings, the official text beside it when bound.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kernel::{Day, Refusal};
use policy::{Pack, Verdict};
use web::{Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::flips::flips;
use crate::live::{Snapshot, snapshot};
use crate::official::{Stretch, paragraphs};
use crate::says::{Item, items};
use crate::{acts, pack, store};

/// A rule beside the sentence it encodes.
pub(crate) struct RuleLine {
    pub(crate) id: String,
    pub(crate) title: String,
    /// Locale key of its modality's word.
    pub(crate) modality: String,
    /// (verdict, how many units).
    pub(crate) counts: Vec<(Verdict, usize)>,
}

/// One sentence of a restatement with its rules.
pub(crate) struct Sentence {
    pub(crate) item: Item,
    pub(crate) rules: Vec<RuleLine>,
}

/// A note of the pack, with the reading in force.
pub(crate) struct NoteLine {
    pub(crate) kind: String,
    pub(crate) text: String,
    /// (option name, label of the reading in force).
    pub(crate) option: Option<(String, String)>,
}

/// A clause as a section of the page.
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) heading: String,
    pub(crate) level: usize,
    pub(crate) sentences: Vec<Sentence>,
    pub(crate) notes: Vec<NoteLine>,
    pub(crate) official: Vec<Vec<Stretch>>,
}

#[derive(Template)]
#[template(path = "policy.html")]
struct Policy {
    frame: Frame,
    sections: Vec<Section>,
    title: String,
    status: String,
    version: String,
    hash: String,
    rules: usize,
    cases: usize,
    bound: bool,
    may_bind: bool,
    /// May the reader open the board of a rule?
    may_see: bool,
    options: Vec<(String, String, String)>,
}

fn section(
    req: &Req,
    pack: &Pack,
    at: usize,
    snap: &Snapshot,
    text: Option<&str>,
) -> Option<Section> {
    let clause = pack.clauses.get(at)?;
    let mut sentences: Vec<Sentence> = items(req.lang.pick(&clause.says.zh, &clause.says.en))
        .into_iter()
        .map(|item| Sentence { item, rules: Vec::new() })
        .collect();
    for rule in pack.rules.iter().filter(|r| r.clause == at) {
        let line = RuleLine {
            id: rule.id.clone(),
            title: req.lang.pick(&rule.title.zh, &rule.title.en).to_owned(),
            modality: format!("standards.modality.{:?}", rule.modality).to_lowercase(),
            counts: if req.can("board.read") {
                req.cx().map_or_else(|_| Vec::new(), |cx| snap.counts(cx, &rule.id))
            } else {
                Vec::new()
            },
        };
        match sentences.iter_mut().find(|s| s.item.is(&rule.item)) {
            Some(s) => s.rules.push(line),
            None => sentences.push(Sentence {
                item: Item { ids: rule.item.clone(), text: String::new() },
                rules: vec![line],
            }),
        }
    }
    let notes = pack
        .notes
        .iter()
        .filter(|n| n.clause == at)
        .map(|n| NoteLine {
            kind: format!("standards.note.{}", n.kind),
            text: req.lang.pick(&n.text.zh, &n.text.en).to_owned(),
            option: n
                .option
                .as_ref()
                .map(|name| (name.clone(), reading(req, pack, name, &snap.option(name)))),
        })
        .collect();
    Some(Section {
        id: clause.id.clone(),
        heading: clause.heading.clone(),
        level: clause.level,
        sentences,
        notes,
        official: text.map(|t| paragraphs(pack, at, t)).unwrap_or_default(),
    })
}

/// The label of a reading.
pub(crate) fn reading(req: &Req, pack: &Pack, name: &str, value: &str) -> String {
    pack.notes
        .iter()
        .filter(|n| n.option.as_deref() == Some(name))
        .flat_map(|n| &n.choices)
        .find(|c| c.value == value)
        .map_or_else(|| value.to_owned(), |c| req.lang.pick(&c.zh, &c.en).to_owned())
}

pub(crate) async fn show(req: Req) -> Result<Response, PageError> {
    let snap = snapshot(&req, None).await?;
    let pack = snap.pack.clone();
    let text = req
        .ask(|tx, _| {
            let name = store::pack(tx)?.map(|c| c.pack).unwrap_or_default();
            Ok(store::text(tx, &name)?.map(|t| t.text))
        })
        .await?;
    let sections = (0..pack.clauses.len())
        .filter_map(|at| section(&req, &pack, at, &snap, text.as_deref()))
        .collect();
    let options = pack
        .notes
        .iter()
        .filter_map(|n| n.option.as_ref())
        .map(|name| {
            (
                name.clone(),
                req.t(&format!("standards.option.{name}")),
                reading(&req, &pack, name, &snap.option(name)),
            )
        })
        .collect();
    page(&Policy {
        frame: Frame::new(&req, "standards.policy"),
        sections,
        title: req.lang.pick(&pack.title.zh, &pack.title.en).to_owned(),
        status: req.t(&format!("standards.status.{}", pack.status)),
        version: pack.version.clone(),
        hash: pack.hash.chars().take(12).collect(),
        rules: pack.rules.len(),
        cases: pack.cases().count(),
        bound: text.is_some(),
        may_bind: req.can("policy.bind"),
        may_see: req.can("board.read"),
        options,
    })
}

#[derive(Template)]
#[template(path = "bind_text.html")]
struct BindText {
    frame: Frame,
    form: Form,
}

pub(crate) async fn bind_form(req: Req) -> Result<Response, PageError> {
    page(&BindText { frame: Frame::new(&req, "standards.bind"), form: Form::blank() })
}

pub(crate) async fn bind(req: Req, fields: Fields) -> Result<Response, PageError> {
    let text = match fields.upload("file") {
        Some(file) => String::from_utf8_lossy(&file.bytes).into_owned(),
        None => fields.raw("text").to_owned(),
    };
    match req.act(move |tx, cx| acts::bind_text(tx, cx, &text)).await {
        Ok(()) => Ok(req.redirect("/policy", "standards.bound")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(
                axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                &BindText { frame: Frame::new(&req, "standards.bind"), form },
            )
        }
        Err(e) => Err(e.into()),
    }
}

/// One option with its readings, and what a switch would flip.
pub(crate) struct ChoiceLine {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) current: bool,
    pub(crate) default: bool,
}

#[derive(Template)]
#[template(path = "option.html")]
struct OptionPage {
    frame: Frame,
    form: Form,
    name: String,
    note: String,
    clause: String,
    choices: Vec<ChoiceLine>,
    /// The reading looked at, and what it would flip.
    preview: Option<(String, Vec<super::Flip>)>,
    previewed: String,
    since: String,
}

async fn option_page(req: &Req, name: &str, form: Form) -> Result<OptionPage, PageError> {
    let snap = snapshot(req, None).await?;
    let pack = snap.pack.clone();
    let note = pack
        .notes
        .iter()
        .find(|n| n.option.as_deref() == Some(name))
        .ok_or(Error::Act(db::Error::Missing))?;
    let current = snap.option(name);
    let choices = note
        .choices
        .iter()
        .map(|c| ChoiceLine {
            value: c.value.clone(),
            label: req.lang.pick(&c.zh, &c.en).to_owned(),
            current: c.value == current,
            default: note.default.as_deref() == Some(c.value.as_str()),
        })
        .collect();
    let previewed = req.query("value").unwrap_or_default();
    // Whoever may read the policy but no board learns nothing of units here.
    let preview =
        if req.can("board.read") && pack::offers(&pack, name, &previewed) && previewed != current {
            let other = snap.with_option(name, &previewed);
            let found = super::named(req, &snap, flips(req.cx()?, &snap, &other));
            Some((reading(req, &pack, name, &previewed), found))
        } else {
            None
        };
    Ok(OptionPage {
        frame: Frame::new(req, "standards.option"),
        form,
        name: name.to_owned(),
        note: req.lang.pick(&note.text.zh, &note.text.en).to_owned(),
        clause: note.item.clone(),
        choices,
        preview,
        previewed,
        since: req.now.day().to_string(),
    })
}

pub(crate) async fn option(req: Req, Path(name): Path<String>) -> Result<Response, PageError> {
    page(&option_page(&req, &name, Form::blank()).await?)
}

pub(crate) async fn switch(
    req: Req,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (option, value) = (name.clone(), fields.text("value").to_owned());
    let since = fields.text("since").parse::<Day>().ok();
    let switched = req
        .act(move |tx, cx| {
            let since = since.ok_or_else(|| Refusal::at("since", "register.not_a_day"))?;
            acts::switch_option(tx, cx, &option, &value, since)
        })
        .await;
    match switched {
        Ok(_) => Ok(req.redirect("/policy", "standards.switched")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(
                axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                &option_page(&req, &name, form).await?,
            )
        }
        Err(e) => Err(e.into()),
    }
}
