//! Files beside a case on both engines: who adds, who reads, what lies on the disk, what a closed file keeps.
mod common;

use casework::acts::attachments;
use common::case_of;
use kernel::{FileId, RecordId};
use registry::attachment::{Attachment, AttachmentKind};
use story::{House, no};
use web::attach::{self, NewAttachment};

const BYTES: &[u8] = b"%PDF-1.7\nsigned by Zhou Guiying";

fn add(
    h: &House,
    who: &'static str,
    case: &casework::model::Case,
    kind: AttachmentKind,
    consent: bool,
) -> db::Result<Attachment> {
    let id = case.id.clone();
    h.act(who, move |tx, cx| {
        let beside = attachments::to_add(tx, cx, &id)?;
        let clean = attach::clean("周桂英协议.pdf", BYTES).map_err(db::Error::from)?;
        let new = NewAttachment { kind, note: "服务协议".into(), day: None, consent };
        let file: FileId = cx.id();
        let sealed = attach::seal(tx, &beside, &file, &clean)?;
        assert!(!sealed.windows(6).any(|w| w == b"signed"), "nothing readable goes to the disk");
        assert_eq!(tx.open_bytes(&beside.owner, "file", file.as_str(), &sealed)?, BYTES);
        assert!(tx.open_bytes(&beside.owner, "file", "another", &sealed).is_err());
        attach::add(tx, cx, &beside, new, file, &clean)
    })
}

#[test]
fn a_signed_agreement_lies_beside_the_case() {
    for h in story::houses() {
        h.cast();
        let client = h.client("周桂英", "1948-03-05", "worker");
        let case = case_of(&h, "worker", &client);
        let kept = add(&h, "worker", &case, AttachmentKind::Signed, false).unwrap();
        assert!(!serde_json::to_string(&kept).unwrap().contains("周桂英"), "the name is sealed");
        // A photo needs consent, and must be one.
        assert_eq!(
            no(add(&h, "worker", &case, AttachmentKind::Photo, false)),
            ["consent:attach.consent_missing", "file:attach.no_photo"]
        );
        // Who has nothing to do with the client neither adds nor reads.
        assert_eq!(no(add(&h, "second", &case, AttachmentKind::Scan, false)), ["missing"]);
        let read = |who: &'static str| {
            let id = case.id.clone();
            h.act(who, move |tx, cx| attachments::to_read(tx, cx, &id).map(drop))
        };
        assert!(read("worker").is_ok());
        assert_eq!(no(read("second")), ["missing"]);
        let rows = || {
            let id = case.id.clone();
            h.read(move |tx| attach::rows(tx, attachments::SUBJECT, id.as_str(), true))
        };
        let all = rows();
        assert_eq!((all.len(), all[0].name.as_str()), (1, "周桂英协议.pdf"));
        let remove = |id: &RecordId| {
            let (case, id) = (case.id.clone(), id.clone());
            h.act("worker", move |tx, cx| attachments::remove(tx, cx, &case, &id))
        };
        remove(&kept.id).unwrap();
        assert_eq!(no(remove(&kept.id)), ["missing"]);
        assert!(rows().is_empty());
    }
}

#[test]
fn uploads_that_a_browser_would_run_are_refused() {
    for bad in [b"<svg xmlns=''/>".as_slice(), b"<html>", b"MZ\x90\0"] {
        assert_eq!(attach::clean("a.svg", bad).unwrap_err().key, "attach.not_readable");
    }
    assert_eq!(attach::clean("C:\\x\\y.pdf", b"%PDF-1.7\n").unwrap().name, "y.pdf");
}
