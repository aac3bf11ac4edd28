//! Files beside a case on both engines: who adds, who reads, what lies on the disk, what a closed file keeps.
mod common;

use casework::acts::attachments;
use common::{attach as add, case_of};
use kernel::RecordId;
use registry::attachment::AttachmentKind;
use story::no;
use web::attach;

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
