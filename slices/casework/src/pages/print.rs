//! The case file as one paper, in the archive's order (DOMAIN §2.2): on a page to print, as Word, as PDF.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::{Result, Tx};
use forms::{AnswerState, Kind};
use kernel::{CaseId, Refusal};
use papers::report::{Block, PrintFault, Printer, Report, Section};
use web::attach::{self, AttachmentRow};
use web::{Error, Frame, PageError, Req, download, page};

use super::document::nameless;
use crate::acts::{self, Seen, closing, notes};
use crate::store;

#[derive(Template)]
#[template(path = "case_file.html")]
struct FilePage {
    frame: Frame,
    report: Report,
    number: String,
    id: String,
    pdf: bool,
    /// Pictures to show below the last part.
    pictures: Vec<AttachmentRow>,
}

/// Does this build print PDF?
pub(super) fn has_pdf(req: &Req) -> bool {
    req.shell.parts.get::<Printer>().0.get().is_some()
}

/// Section keys and the forms they hold, in the archive's order.
const ORDER: [(&str, &[&str]); 10] = [
    ("intake", &["intake"]),
    ("consent", &["consent"]),
    ("assessment", &["assessment"]),
    ("plan", &["service_plan", "crisis_plan"]),
    ("process", &["case_conference"]),
    ("evaluation", &["evaluation"]),
    ("closure", &["closure"]),
    ("follow_up", &["follow_up"]),
    ("referral", &["referral"]),
    ("supervision", &[]),
];

/// The report, the case's number, what is attached that the viewer may open. `whole`: pictures belong into the paper itself.
async fn gather(
    req: &Req,
    id: &str,
    whole: bool,
) -> std::result::Result<(Report, String, Vec<AttachmentRow>), Error> {
    let (r, id) = (req.clone(), CaseId::from(id));
    let (mut report, number, rows, opens) = req
        .act(move |tx, cx| {
            let seen = acts::look(tx, cx, &id)?;
            let (number, opens) = (seen.case.number(), seen.sight.name);
            let rows = attach::rows(tx, acts::attachments::SUBJECT, id.as_str(), opens)?;
            Ok((report(tx, cx, &r, &seen)?, number, rows, opens))
        })
        .await?;
    report.sections.push(super::attachments::section(req, &rows, whole && opens).await?);
    Ok((report, number, if opens { rows } else { Vec::new() }))
}

fn report(tx: &mut Tx<'_>, cx: &access::Cx, req: &Req, seen: &Seen) -> Result<Report> {
    let case = &seen.case;
    let label = seen.sight.label(&seen.client);
    let mut sections = Vec::new();
    for (key, names) in ORDER {
        let mut blocks = match key {
            "process" => process(tx, req, seen)?,
            "supervision" => supervision(tx, req, seen)?,
            "referral" => referred(tx, req, seen)?,
            _ => Vec::new(),
        };
        for name in names {
            blocks.extend(documents(tx, req, seen, name)?);
        }
        if key == "follow_up" {
            blocks.extend(addenda(tx, req, seen)?);
        }
        sections.push(Section { title: req.t(&format!("casework.part.{key}")), blocks });
    }
    let mut cover = vec![
        (req.t("casework.number"), case.number()),
        (req.t("casework.client"), label.clone()),
        (req.t("casework.stage"), req.t(&format!("casework.stage.{}", case.stage))),
        (req.t("casework.opened_on"), case.opened_on.to_string()),
    ];
    cover.extend(super::case::facts(tx, cx, req, seen)?);
    if let Some(proof) = closing::proof(tx, case)? {
        let state = if proof.intact { "casework.seal.intact" } else { "casework.seal.broken" };
        cover.push((
            req.t("casework.seal"),
            format!("SHA-256 {}\n{}", proof.freeze.hash, req.t(state)),
        ));
    }
    cover.push((req.t("casework.class"), req.t("casework.class.text")));
    Ok(Report {
        title: req.t("casework.file"),
        subtitle: format!("{} · {label}", case.number()),
        cover,
        sections,
        foot: format!(
            "{} · {} · {}",
            case.number(),
            cx.now.local(),
            req.fill("casework.file.by", &[("who", cx.actor.name().to_owned())])
        ),
        index: req.t("casework.file.index"),
        nothing: req.t("casework.file.nothing"),
        head: req.t("casework.class.text"),
        check: req.t("casework.file.check"),
        ..Report::default()
    })
}

fn documents(tx: &mut Tx<'_>, req: &Req, seen: &Seen, name: &str) -> Result<Vec<Block>> {
    let mut out = Vec::new();
    for a in forms::answer::of_subject(tx, "case", seen.case.id.as_str(), name)? {
        if a.state != AnswerState::Final {
            continue;
        }
        let form = forms::library::form(tx, &a.form, a.version)?;
        let said = forms::answer::open(tx, &a)?;
        let said = if seen.sight.name { said } else { nameless(said) };
        out.push(Block::Heading(form.title.say(req.lang).to_owned(), a.on_day.to_string()));
        let (mut rows, mut signs) = (Vec::new(), Vec::new());
        for field in form.fields() {
            let label = field.label.say(req.lang).to_owned();
            if field.kind == Kind::Signature {
                signs.push(label);
                continue;
            }
            if field.kind == Kind::Table {
                let heads: Vec<String> =
                    field.columns.iter().map(|c| c.label.say(req.lang).to_owned()).collect();
                let cells = table_cells(field, &said, req);
                if !cells.is_empty() {
                    if !rows.is_empty() {
                        out.push(Block::Pairs(std::mem::take(&mut rows)));
                    }
                    out.push(Block::Heading(label, String::new()));
                    out.push(Block::Table { heads, rows: cells });
                }
                continue;
            }
            if said.0.contains_key(&field.name) {
                rows.push((label, web::answers::shown(field, &said, req.lang)));
            }
        }
        if !rows.is_empty() {
            out.push(Block::Pairs(rows));
        }
        if !signs.is_empty() && seen.sight.name {
            out.push(Block::Signatures(signs));
        }
    }
    Ok(out)
}

/// A table's rows as people read them: words of options instead of their values.
fn table_cells(field: &forms::Field, said: &forms::Answers, req: &Req) -> Vec<Vec<String>> {
    said.rows(&field.name)
        .iter()
        .map(|row| {
            field
                .columns
                .iter()
                .map(|c| {
                    let value = row.get(&c.name).cloned().unwrap_or_default();
                    let option = c.options.iter().find(|o| o.value == value);
                    option.map_or(value, |o| o.label.say(req.lang).to_owned())
                })
                .collect()
        })
        .collect()
}

fn process(tx: &mut Tx<'_>, req: &Req, seen: &Seen) -> Result<Vec<Block>> {
    let mut out = Vec::new();
    let mut all = store::notes_of(tx, &seen.case.id)?;
    all.sort_by_key(|n| (n.day, n.serial));
    for n in all {
        let said = notes::words(tx, &seen.case, &n)?;
        let mode = req.t(&format!("casework.mode.{}", n.mode));
        let title = req.fill("casework.note.nth", &[("mode", mode), ("n", n.serial.to_string())]);
        let minutes = req.fill("casework.minutes.n", &[("n", n.minutes.to_string())]);
        let start = n.start.clone().unwrap_or_default();
        out.push(Block::Heading(title, format!("{} {start} · {minutes} · {}", n.day, n.by_name)));
        let mut rows = vec![(req.t("casework.note.facts"), said.facts)];
        rows.push((req.t("casework.note.analysis"), said.analysis));
        rows.push((req.t("casework.note.actions"), said.actions));
        rows.push((req.t("casework.note.next_step"), said.next_step));
        if n.late != crate::model::Lateness::InTime {
            rows.push((req.t("casework.late"), req.t(&format!("casework.late.{}", n.late))));
        }
        rows.retain(|(_, t)| !t.is_empty());
        out.push(Block::Pairs(rows));
    }
    Ok(out)
}

fn supervision(tx: &mut Tx<'_>, req: &Req, seen: &Seen) -> Result<Vec<Block>> {
    let owner = seen.case.client.as_str();
    let mut out = Vec::new();
    for r in store::reviews_of(tx, &seen.case.id)?.into_iter().rev() {
        let id = r.id.as_str();
        let words = tx.open_some(owner, "case_review.words", id, r.words.as_ref())?;
        if words.is_empty() {
            continue;
        }
        let answer = tx.open_some(owner, "case_review.answer", id, r.answer.as_ref())?;
        out.push(Block::Heading(r.by_name.clone(), r.at.local()));
        let mut rows =
            vec![(req.t("casework.review"), words), (req.t("casework.review.answer"), answer)];
        rows.retain(|(_, t)| !t.is_empty());
        out.push(Block::Pairs(rows));
    }
    Ok(out)
}

fn referred(tx: &mut Tx<'_>, req: &Req, seen: &Seen) -> Result<Vec<Block>> {
    let mut out = Vec::new();
    for s in store::stages_of(tx, &seen.case.id)? {
        if s.stage == crate::model::Stage::ReferredOut {
            let id = s.id.as_str();
            let words =
                tx.open_some(seen.case.client.as_str(), "case_stage.words", id, s.words.as_ref())?;
            out.push(Block::Heading(req.t("casework.stage.referred_out"), s.at.local()));
            out.push(Block::Text(words));
        }
    }
    Ok(out)
}

fn addenda(tx: &mut Tx<'_>, req: &Req, seen: &Seen) -> Result<Vec<Block>> {
    let mut out = Vec::new();
    for x in store::addenda_of(tx, &seen.case.id)? {
        let words =
            tx.open(seen.case.client.as_str(), "case_addendum.words", x.id.as_str(), &x.words)?;
        out.push(Block::Heading(
            req.t("casework.addendum"),
            format!("{} {}", x.at.local(), x.by_name),
        ));
        out.push(Block::Text(words));
    }
    Ok(out)
}

pub(super) async fn page_of(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let (report, number, rows) = gather(&req, &id, false).await?;
    page(&FilePage {
        pictures: rows.into_iter().filter(|a| a.picture).collect(),
        frame: Frame::new(&req, "casework.file"),
        report,
        number,
        id,
        pdf: has_pdf(&req),
    })
}

async fn printed(
    report: Report,
    print: papers::report::Print,
) -> std::result::Result<Vec<u8>, Error> {
    let done = tokio::task::spawn_blocking(move || print(&report))
        .await
        .map_err(|e| Error::Broken(e.to_string()))?;
    done.map_err(|e| match e {
        PrintFault::NoFont => Refusal::new("casework.no_font").into(),
        PrintFault::TooLong => Refusal::new("casework.too_long").into(),
        PrintFault::Broken(cause) => Error::Broken(cause),
    })
}

pub(super) async fn docx(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let (report, number, _) = gather(&req, &id, true).await?;
    let bytes = printed(report, papers::report::docx::print).await?;
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    Ok(download::file(kind, &format!("{}-{number}.docx", req.t("casework.title")), bytes))
}

pub(super) async fn pdf(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let printer = req.shell.parts.get::<Printer>();
    let Some(print) = printer.0.get().copied() else {
        return Err(Refusal::new("casework.no_pdf").into());
    };
    let (report, number, _) = gather(&req, &id, true).await?;
    let bytes = printed(report, print).await?;
    let name = format!("{}-{number}.pdf", req.t("casework.title"));
    Ok(download::file("application/pdf", &name, bytes))
}
