//! Everything about a case in the order in which it happened, latest first.
use db::{Result, Tx};
use kernel::Instant;
use web::Req;

use crate::acts::{Seen, notes};
use crate::model::{ContactMode, ContactNote, Lateness, ReviewVerdict, Stage};
use crate::store;

/// One thing that happened.
pub(crate) struct Happening {
    pub(crate) at: Instant,
    pub(crate) icon: &'static str,
    pub(crate) colour: &'static str,
    pub(crate) title: String,
    pub(crate) who: String,
    pub(crate) when: String,
    /// (label, text): a text without a label stands alone.
    pub(crate) lines: Vec<(String, String)>,
    pub(crate) badges: Vec<(String, &'static str)>,
    pub(crate) href: String,
    /// The viewer wrote it and may mend it.
    pub(crate) mends: String,
}

const fn icon(mode: ContactMode) -> &'static str {
    match mode {
        ContactMode::Home => "home",
        ContactMode::Face => "users",
        ContactMode::Phone => "phone",
        ContactMode::Online => "message-2",
        ContactMode::Accompany => "map-pin",
        ContactMode::Conference => "presentation",
    }
}

/// The notes of a case in sight.
pub(crate) fn notes(tx: &mut Tx<'_>, req: &Req, seen: &Seen) -> Result<Vec<Happening>> {
    let mut out = Vec::new();
    for n in store::notes_of(tx, &seen.case.id)? {
        out.push(note(tx, req, seen, &n)?);
    }
    Ok(out)
}

fn note(tx: &mut Tx<'_>, req: &Req, seen: &Seen, n: &ContactNote) -> Result<Happening> {
    let said = notes::words(tx, &seen.case, n)?;
    let mode = req.t(&format!("casework.mode.{}", n.mode));
    let mut lines = vec![(String::new(), said.facts)];
    for (key, text) in [
        ("casework.note.analysis", said.analysis),
        ("casework.note.actions", said.actions),
        ("casework.note.next_step", said.next_step),
    ] {
        if !text.is_empty() {
            lines.push((req.t(key), text));
        }
    }
    let mut badges =
        vec![(req.fill("casework.minutes.n", &[("n", n.minutes.to_string())]), "secondary")];
    if !said.place.is_empty() && seen.sight.name {
        badges.push((said.place, "secondary"));
    }
    match n.late {
        Lateness::InTime => {}
        Lateness::After24 => badges.push((req.t("casework.late.after_24"), "yellow")),
        Lateness::After72 => badges.push((req.t("casework.late.after_72"), "red")),
    }
    if let Some(grade) = n.grade {
        badges.push((req.t(&format!("casework.grade.{grade}")), crate::pages::grade_colour(grade)));
    }
    if let Some(day) = n.next_on {
        badges.push((req.fill("casework.note.next_n", &[("day", day.to_string())]), "blue"));
    }
    if n.amended_at.is_some() {
        badges.push((req.t("casework.amended"), "secondary"));
    }
    let mine = req.cx().is_ok_and(|cx| *cx.actor.account() == n.by_account);
    Ok(Happening {
        at: n
            .day
            .start()
            .plus_millis(n.start.as_deref().and_then(notes::clock).unwrap_or(18 * 60) * 60_000),
        icon: icon(n.mode),
        colour: "blue",
        title: req.fill("casework.note.nth", &[("mode", mode), ("n", n.serial.to_string())]),
        who: n.by_name.clone(),
        when: format!("{} {}", n.day, n.start.clone().unwrap_or_default()).trim_end().to_owned(),
        lines,
        badges,
        href: String::new(),
        mends: if mine && seen.case.stage.open() && seen.sight.writes {
            format!("/cases/{}/notes/{}", seen.case.id, n.id)
        } else {
            String::new()
        },
    })
}

/// Stages, notes, documents, requests, supervision, addenda. A viewer of the header gets the stages alone.
pub(crate) fn everything(tx: &mut Tx<'_>, req: &Req, seen: &Seen) -> Result<Vec<Happening>> {
    let case = &seen.case;
    let mut out = Vec::new();
    let plain = |at: Instant, icon, colour, title: String, who: String| Happening {
        at,
        icon,
        colour,
        title,
        who,
        when: at.local(),
        lines: Vec::new(),
        badges: Vec::new(),
        href: String::new(),
        mends: String::new(),
    };
    for s in store::stages_of(tx, &case.id)? {
        let colour = if s.stage == Stage::FollowUp { "green" } else { "purple" };
        let title = req.t(&format!("casework.came.{}", s.stage));
        let mut one = plain(s.at, "flag", colour, title, s.by_name.clone());
        if let Some(reason) = &s.reason {
            let key = format!("casework.reason.{reason}");
            if req.shell.catalogue.has(&key) {
                one.badges.push((req.t(&key), "secondary"));
            }
        }
        if seen.sight.file {
            let words = tx.open_some(
                case.client.as_str(),
                "case_stage.words",
                s.id.as_str(),
                s.words.as_ref(),
            )?;
            if !words.is_empty() {
                one.lines.push((String::new(), words));
            }
        }
        out.push(one);
    }
    for q in store::requests_of(tx, &case.id)? {
        let (Some(at), Some(outcome)) = (q.decided_at, q.outcome) else { continue };
        let what = req.t(&format!("casework.request.{}", q.kind));
        let title = req.fill(&format!("casework.outcome.{outcome}"), &[("what", what)]);
        let colour = if outcome == crate::model::Outcome::Approved { "green" } else { "red" };
        let mut one =
            plain(at, "user-check", colour, title, q.decided_name.clone().unwrap_or_default());
        let remark = tx.open_some(
            case.client.as_str(),
            "case_request.remark",
            q.id.as_str(),
            q.remark.as_ref(),
        )?;
        if !remark.is_empty() {
            one.lines.push((String::new(), remark));
        }
        out.push(one);
    }
    if seen.sight.file {
        out.extend(notes(tx, req, seen)?);
        for a in forms::answer::of_subject(tx, "case", case.id.as_str(), "")? {
            if a.state == forms::AnswerState::Draft {
                continue;
            }
            let form = forms::library::form(tx, &a.form, a.version)?;
            let by = access::find_account(tx, &a.by_account)?.map_or_else(String::new, |a| a.name);
            let mut one = plain(a.at, "clipboard", "blue", form.title.say(req.lang).to_owned(), by);
            one.href = format!("/cases/{}/documents/{}", case.id, a.id);
            if a.revised_from.is_some() {
                one.badges.push((req.t("casework.document.corrected"), "secondary"));
            }
            out.push(one);
        }
        for v in store::reviews_of(tx, &case.id)? {
            let mut one =
                plain(v.at, "message-2", "purple", req.t("casework.review"), v.by_name.clone());
            let words = tx.open_some(
                case.client.as_str(),
                "case_review.words",
                v.id.as_str(),
                v.words.as_ref(),
            )?;
            if words.is_empty() {
                one.badges.push((req.t("casework.review.seen"), "green"));
            } else {
                one.lines.push((String::new(), words));
            }
            if v.verdict != ReviewVerdict::Seen && v.answer.is_none() {
                one.badges.push((req.t("casework.review.open"), "yellow"));
            }
            one.href = format!("/cases/{}/reviews", case.id);
            out.push(one);
        }
        for x in store::addenda_of(tx, &case.id)? {
            let mut one =
                plain(x.at, "paperclip", "yellow", req.t("casework.addendum"), x.by_name.clone());
            let id = x.id.as_str();
            let words = tx.open(case.client.as_str(), "case_addendum.words", id, &x.words)?;
            one.lines.push((String::new(), words));
            out.push(one);
        }
        for h in store::reports::of_client(tx, &case.client)? {
            let title = req.fill("casework.report.n", &[("number", h.number())]);
            let mut one = plain(h.at, "message-report", "red", title, String::new());
            one.href = format!("/reports/{}", h.id);
            out.push(one);
        }
    }
    out.sort_by_key(|h| std::cmp::Reverse(h.at));
    Ok(out)
}
