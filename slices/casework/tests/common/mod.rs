//! What the stories have in common: a case, its documents, a head's answer.
use std::collections::BTreeMap;

use casework::acts::{documents, notes, opening, requests};
use casework::model::{Case, CaseKind, CaseSource, ContactMode, ContactNote};
use kernel::ClientId;
use story::House;

pub(crate) fn case_of(h: &House, who: &'static str, client: &ClientId) -> Case {
    let client = client.clone();
    h.act(who, move |tx, cx| {
        let (kind, source) = (CaseKind::General, CaseSource::Visit);
        opening::open(
            tx,
            cx,
            opening::NewCase { client, kind, source, day: cx.today(), origin: None },
        )
    })
    .unwrap()
}

/// A document filled in as the story needs it, with these answers in place of the usual ones.
pub(crate) fn document(
    h: &House,
    who: &'static str,
    case: &Case,
    form: &'static str,
    stage: &'static str,
    other: &[(&str, &str)],
) {
    let id = case.id.clone();
    let mut flat: BTreeMap<String, String> =
        usual(form).iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    flat.insert("date".into(), h.cx().today().to_string());
    for (k, v) in other {
        flat.insert((*k).into(), (*v).into());
    }
    h.act(who, move |tx, cx| {
        let answers = forms::library::latest(tx, form)?.read(&flat)?;
        let new =
            documents::NewDocument { form: form.into(), answers, stage: stage.into(), of: None };
        documents::keep_document(tx, cx, &id, new)
    })
    .unwrap();
}

fn usual(form: &str) -> &'static [(&'static str, &'static str)] {
    match form {
        "intake" => &[
            ("worker", "worker"),
            ("source", "visit"),
            ("name", "周桂英"),
            ("problem", "独居，膝盖疼，怕夜里跌倒"),
            ("danger", "no"),
            ("judgement", "需要居家安全支持"),
            ("decision", "accept"),
        ],
        "assessment" => &[
            ("needs.0.need", "居家安全"),
            ("needs.1.need", "有人往来"),
            ("strengths", "爱唱歌，女儿每周来"),
            ("risk", "low"),
            ("conclusion", "可以服务"),
        ],
        "consent" => &[
            ("client", "周桂英"),
            ("content", "居家安全与社会参与"),
            ("service", "yes"),
            ("personal", "yes"),
            ("sensitive", "yes"),
            ("sharing", "yes"),
            ("recording", "no"),
            ("photo", "no"),
            ("publicity", "no"),
            ("form", "signed"),
        ],
        "service_plan" => &[
            ("aim", "住得安全，有人来往"),
            ("goals.0.statement", "家中四处隐患改好"),
            ("goals.0.due", "2026-12-20"),
            ("actions.0.what", "换插线板"),
            ("actions.0.who", "second"),
            ("review", "2026-12-30"),
            ("end_criteria", "隐患清零"),
            ("agreed", "yes"),
        ],
        "evaluation" => &[
            ("phase", "end"),
            ("goals.0.statement", "家中四处隐患改好"),
            ("goals.0.level", "1"),
            ("reflection", "先听她讲，再谈改造。"),
        ],
        "closure" => &[
            ("reason", "met"),
            ("summary", "六次服务，隐患清零。"),
            ("goals.0.goal", "家中四处隐患改好"),
            ("goals.0.result", "full"),
            ("informed_on", "2026-11-23"),
        ],
        "follow_up" => &[("mode", "phone"), ("state", "一切都好")],
        _ => &[],
    }
}

pub(crate) fn note(h: &House, who: &'static str, case: &Case, facts: &'static str) -> ContactNote {
    let id = case.id.clone();
    h.act(who, move |tx, cx| {
        notes::add(tx, cx, &id, notes::NewNote::of(cx.today(), ContactMode::Home, 45, facts))
    })
    .unwrap()
}

/// Somebody answers the request that a case waits for; what was refused.
pub(crate) fn answered(h: &House, who: &'static str, case: &Case, yes: bool) -> Vec<String> {
    let id = case.id.clone();
    let done = h.act(who, move |tx, cx| {
        let request = requests::waiting_of(tx, cx, &id)?.ok_or(db::Error::Missing)?;
        requests::decide(tx, cx, &request.id, yes, "")
    });
    if done.is_ok() { Vec::new() } else { story::no(done) }
}

const BYTES: &[u8] = b"%PDF-1.7\nsigned by Zhou Guiying";

/// A paper put beside a case; what goes to the disk says nothing.
pub(crate) fn attach(
    h: &House,
    who: &'static str,
    case: &Case,
    kind: registry::attachment::AttachmentKind,
    consent: bool,
) -> db::Result<registry::attachment::Attachment> {
    let id = case.id.clone();
    h.act(who, move |tx, cx| {
        let beside = casework::acts::attachments::to_add(tx, cx, &id)?;
        let clean = web::attach::clean("周桂英协议.pdf", BYTES).map_err(db::Error::from)?;
        let new =
            web::attach::NewAttachment { kind, note: "服务协议".into(), day: None, consent };
        let file: kernel::FileId = cx.id();
        let sealed = web::attach::seal(tx, &beside, &file, &clean)?;
        assert!(!sealed.windows(6).any(|w| w == b"signed"), "nothing readable goes to the disk");
        assert_eq!(tx.open_bytes(&beside.owner, "file", file.as_str(), &sealed)?, BYTES);
        assert!(tx.open_bytes(&beside.owner, "file", "another", &sealed).is_err());
        web::attach::add(tx, cx, &beside, new, file, &clean)
    })
}
