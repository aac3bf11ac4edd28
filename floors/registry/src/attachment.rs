//! Files beside a record: the signed agreement of a case, the photos of an activity, a consent on paper. Class P3: bytes, name and note are
//! sealed under the owner's key. Whether somebody may see one follows from the record it stands beside.
use db::{Sealed, record, words};
use kernel::{AccountId, Day, FileId, Instant, RecordId};

pub use crate::store::attachment::{find, insert, keep, of_owner, of_subject};

words! {
    /// What an attachment is.
    pub enum AttachmentKind {
        /// 已签协议或同意书
        Signed = "signed",
        /// 扫描件
        Scan = "scan",
        /// 照片
        Photo = "photo",
        /// 其他
        Other = "other",
    }
}

record! {
    /// One attachment. Once removed it stays as a line that says who removed it; the bytes are gone.
    pub struct Attachment in "attachment" {
        id: RecordId,
        /// The table of the record it stands beside: `case`, `visit`, `activity`, `consent`.
        subject: String,
        subject_id: String,
        /// Whose key seals it: the client's id, or the record's own.
        owner: String,
        kind: AttachmentKind,
        file: FileId,
        /// The name it came with: sealed for the owner at `attachment.name`.
        name: Sealed,
        /// Sealed for the owner at `attachment.note`.
        note: Option<Sealed>,
        /// The day it speaks of: the camera's, the signature's.
        day: Day,
        /// Whoever is in the picture agreed to it (民法典 §1019; PIPL §29).
        consent: bool,
        by_account: AccountId,
        by_name: String,
        at: Instant,
        removed_at: Option<Instant>,
        removed_by: Option<String>,
    }
}
