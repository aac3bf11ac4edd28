//! The inspection dossier: choose a place and a day, see what is missing first, take it away as one file.
use ::policy::{UnitKind, Verdict};
use askama::Template;
use axum::response::Response;
use kernel::Day;
use papers::report::Printer;
use web::{Error, Fields, Frame, PageError, Req, page};

use super::asked::Asked;
use super::board::query;
use crate::acts;
use crate::dossier::{self, Dossier, Taken, collect};
use crate::live::{Question, sees, snapshot};
use crate::model::TakenDossier;
use crate::store;

/// A chapter with its counts.
pub(crate) struct Chapter {
    title: String,
    good: usize,
    gaps: usize,
    all: usize,
}

/// A gap as the page shows it.
pub(crate) struct Gap {
    mark: String,
    clause: String,
    title: String,
    unit_name: String,
    verdict: Verdict,
    gap: String,
    href: String,
}

#[derive(Template)]
#[template(path = "dossier.html")]
struct DossierPage {
    frame: Frame,
    /// (id, name, chosen)
    places: Vec<(String, String, bool)>,
    unit: String,
    as_of: Asked,
    gaps: Vec<Gap>,
    /// How many gaps are not shown here but stand in the file.
    more: usize,
    chapters: Vec<Chapter>,
    records: usize,
    files: usize,
    sums: (usize, usize, usize),
    taken: Vec<TakenDossier>,
}

/// How many gaps the page lists.
const SHOWN: usize = 60;

/// The dossier of a place for a question, and everything that names how it was made.
///
/// # Errors
/// Missing when the place is out of the asker's sight.
pub(crate) async fn made(
    req: &Req,
    unit: Option<String>,
    question: Question,
) -> Result<(Dossier, Taken, TakenDossier), Error> {
    let snap = snapshot(req, Some(question)).await?;
    let unit = match unit.filter(|u| !u.is_empty()) {
        Some(id) => snap.seen(req.cx()?, &id).cloned().ok_or(db::Error::Missing)?,
        None => {
            let first = places(req, &snap)?.into_iter().next().ok_or(db::Error::Missing)?;
            snap.units.get(&first.0).cloned().ok_or(db::Error::Missing)?
        }
    };
    if unit.kind.is_person() {
        return Err(db::Error::Missing.into());
    }
    let (shell, path, day) = (req.shell.clone(), unit.path.clone(), snap.clocks.as_of);
    let (proofs, head) = req
        .ask(move |tx, cx| Ok((web::judged::proofs(tx, cx, &shell, &path, day)?, store::head(tx)?)))
        .await?;
    let (r, cx) = (req.clone(), req.cx()?.clone());
    let row = TakenDossier {
        id: cx.id(),
        unit: unit.id.clone(),
        place: unit.name.clone(),
        path: unit.path.clone(),
        as_of: snap.clocks.as_of,
        digest: String::new(),
        code: String::new(),
        head: head.0,
        head_hash: head.1.clone(),
        by_account: cx.actor.account().0.clone(),
        by_name: cx.actor.name().to_owned(),
        at: req.now,
    };
    let taken = Taken {
        by: row.by_name.clone(),
        head,
        pack: format!("{} {}", snap.pack.version, snap.pack.hash),
        result: snap.hash.clone(),
        pdf: req.shell.parts.get::<Printer>().0.get().copied(),
    };
    let dossier = tokio::task::spawn_blocking(move || {
        collect(&r, &cx, &snap, dossier::Asked { unit: &unit, proofs })
    })
    .await
    .map_err(|e| Error::Broken(e.to_string()))?;
    Ok((dossier, taken, row))
}

/// Places the asker may take a dossier of, the widest first: (id, name).
fn places(req: &Req, snap: &crate::live::Snapshot) -> Result<Vec<(String, String)>, Error> {
    let cx = req.cx()?;
    let mut units: Vec<_> = snap
        .units
        .values()
        .filter(|u| {
            matches!(
                u.kind,
                UnitKind::District
                    | UnitKind::Street
                    | UnitKind::Station
                    | UnitKind::SpecialStation
                    | UnitKind::Studio
            ) && sees(cx, u)
        })
        .collect();
    units.sort_by(|a, b| (a.kind, &a.path, &a.name).cmp(&(b.kind, &b.path, &b.name)));
    Ok(units.into_iter().map(|u| (u.id.clone(), u.name.clone())).collect())
}

pub(super) async fn show(req: Req) -> Result<Response, PageError> {
    let question = Question::of(&req);
    let snap = snapshot(&req, Some(question.clone())).await?;
    let (dossier, _, row) = made(&req, req.query("unit"), question.clone()).await?;
    let places = places(&req, &snap)?
        .into_iter()
        .map(|(id, name)| (id.clone(), name, id == row.unit))
        .collect();
    let here = query(&question);
    let gaps = dossier.gaps();
    let more = gaps.len().saturating_sub(SHOWN);
    let gaps = gaps
        .into_iter()
        .take(SHOWN)
        .map(|i| Gap {
            mark: i.mark(),
            clause: i.clause.clone(),
            title: i.title.clone(),
            unit_name: i.unit_name.clone(),
            verdict: i.verdict,
            gap: i.gap.clone(),
            href: format!("/board/{}/why/{}{here}", i.unit, i.rule),
        })
        .collect();
    let mut chapters: Vec<Chapter> = Vec::new();
    for i in dossier.items.iter().filter(|i| i.verdict != Verdict::NotApplicable) {
        if chapters.last().is_none_or(|c| c.title != i.chapter) {
            chapters.push(Chapter { title: i.chapter.clone(), good: 0, gaps: 0, all: 0 });
        }
        if let Some(c) = chapters.last_mut() {
            c.all += 1;
            c.good += usize::from(i.verdict.good() || i.verdict == Verdict::Waived);
            c.gaps += usize::from(i.is_gap());
        }
    }
    let taken = req.ask(|tx, cx| store::dossiers(tx, &cx.actor.scope().path)).await?;
    page(&DossierPage {
        frame: Frame::new(&req, "standards.dossier").under(dossier.place.clone()),
        places,
        unit: row.unit,
        as_of: Asked::of(&req, &snap),
        gaps,
        more,
        chapters,
        records: dossier.items.iter().map(|i| i.records.len()).sum(),
        files: dossier.attachments.len(),
        sums: dossier.sums(),
        taken,
    })
}

pub(super) async fn take(req: Req, fields: Fields) -> Result<Response, PageError> {
    let day = fields.text("as_of").parse().ok();
    let unit = Some(fields.text("unit").to_owned());
    Ok(hand_over(&req, unit, Question { as_of: day, ..Question::default() }).await?)
}

/// Makes the bundle, notes who took it, and hands it over.
///
/// # Errors
/// Missing when the place is out of sight; a paper that cannot be written.
pub(crate) async fn hand_over(
    req: &Req,
    unit: Option<String>,
    question: Question,
) -> Result<Response, Error> {
    let (dossier, taken, row) = made(req, unit, question).await?;
    let (r, data) = (req.clone(), req.shell.settings.data_dir.clone());
    let name = file_name(&row.place, row.as_of);
    let (bytes, digest, code) =
        tokio::task::spawn_blocking(move || dossier::zip(&r, &dossier, &taken, &data))
            .await
            .map_err(|e| Error::Broken(e.to_string()))??;
    req.act(move |tx, cx| acts::take_dossier(tx, cx, TakenDossier { digest, code, ..row })).await?;
    Ok(web::download::file("application/zip", &name, bytes))
}

fn file_name(place: &str, day: Day) -> String {
    format!("迎检台账-{place}-{day}.zip")
}
