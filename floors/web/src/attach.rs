//! Files beside a record, for every slice: made harmless, sealed, kept, listed, shown, removed. The slice says by whom ([`Beside`] comes from
//! its own check of right and scope); this floor does the rest.
//!
//! Class P3: the bytes are sealed under the owner's key before they touch the disk and opened for one answer at a time; there is no public
//! address. A slice that shows them notes the look (`access::care::viewed`) in the act that finds the record.
use std::sync::Arc;

use access::Cx;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::{Event, Result, Tx};
use kernel::{Day, FileId, RecordId, Refusal};
use papers::file::FileKind;
use registry::attachment::{self, Attachment, AttachmentKind};
use registry::file::{self, StoredFile};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Choice, Error, Fields, Req, Shell, Upload};

/// Where sealed bytes are bound to, with the file's id.
const PLACE: &str = "file";
/// What browsers are told to offer.
pub const ACCEPT: &str = "image/jpeg,image/png,image/webp,application/pdf,.docx,.xlsx";
/// What browsers are told to offer for photos.
pub const ACCEPT_PHOTOS: &str = "image/jpeg,image/png,image/webp";
/// The longest note, in characters.
const MOST_NOTE: usize = 200;

/// The record that attachments stand beside, as the slice found it for whoever asks.
#[derive(Clone, Debug)]
pub struct Beside {
    /// `case`, `visit`, `activity`, `consent`.
    pub subject: &'static str,
    pub id: String,
    /// Whose key seals them: the client's id where the record is about one client, else the record's own.
    pub owner: String,
    /// The unit of the event.
    pub unit: Option<String>,
}

/// What is filled in beside a file.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    pub kind: AttachmentKind,
    pub note: String,
    /// Without one: what the camera says, else today.
    pub day: Option<Day>,
    /// Whoever is in the picture agreed.
    pub consent: bool,
}

impl NewAttachment {
    /// What a form says; a form without a choice of kinds sends photos.
    ///
    /// # Errors
    /// Refusals at `kind` and `day`.
    pub fn read(
        fields: &Fields,
        usual: Option<AttachmentKind>,
    ) -> std::result::Result<Self, Refusal> {
        let kind = AttachmentKind::parse(fields.text("kind")).or(usual);
        let day = fields.text("day");
        let parsed = day.parse().ok();
        if !day.is_empty() && parsed.is_none() {
            return Err(Refusal::at("day", "register.not_a_day"));
        }
        Ok(Self {
            kind: kind.ok_or_else(|| Refusal::at("kind", "register.missing"))?,
            note: fields.text("note").to_owned(),
            day: parsed,
            consent: fields.ticked("consent"),
        })
    }
}

/// An upload as a machine sends it.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentIn {
    pub name: String,
    /// The bytes in base64.
    pub content: String,
    /// `signed`, `scan`, `photo`, `other`
    pub kind: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub day: Option<Day>,
    #[serde(default)]
    pub consent: bool,
}

impl AttachmentIn {
    /// The upload and what is said of it.
    ///
    /// # Errors
    /// Refusals at `content` and `kind`.
    pub fn read(self) -> std::result::Result<(Upload, NewAttachment), Refusal> {
        let bytes = STANDARD
            .decode(&self.content)
            .map_err(|_| Refusal::at("content", "attach.not_readable"))?;
        let kind = AttachmentKind::parse(&self.kind)
            .ok_or_else(|| Refusal::at("kind", "register.not_a_choice"))?;
        let new = NewAttachment { kind, note: self.note, day: self.day, consent: self.consent };
        Ok((Upload { name: self.name, bytes: bytes.into() }, new))
    }
}

/// A file's bytes, made harmless, before they are kept.
#[derive(Clone, Debug)]
pub struct Clean {
    pub name: String,
    pub mime: &'static str,
    pub bytes: Arc<[u8]>,
    /// The day the camera says.
    pub taken: Option<Day>,
}

/// Makes an upload harmless: photos are drawn anew without place and device; of documents PDF, Word and Excel without macros are taken.
///
/// # Errors
/// A refusal at `file`.
pub fn clean(name: &str, bytes: &[u8]) -> std::result::Result<Clean, Refusal> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    let unreadable = || Refusal::at("file", "attach.not_readable");
    let kind = papers::file::kind(bytes).ok_or_else(unreadable)?;
    if kind.is_photo() {
        let photo = papers::photo::clean(bytes).map_err(|_| unreadable())?;
        return Ok(Clean { name, mime: photo.mime, bytes: photo.bytes.into(), taken: photo.taken });
    }
    Ok(Clean { name, mime: FileKind::mime(kind), bytes: bytes.into(), taken: None })
}

/// Seals bytes for the disk. The right was checked when `beside` was found.
///
/// # Errors
/// As [`Tx::seal_bytes`].
pub fn seal(tx: &mut Tx<'_>, beside: &Beside, file: &FileId, clean: &Clean) -> Result<Vec<u8>> {
    tx.seal_bytes(&beside.owner, PLACE, file.as_str(), &clean.bytes)
}

/// Notes an attachment whose sealed bytes are kept already, under `file`.
///
/// # Errors
/// Refusals at `file`, `note`, `day` and `consent`.
pub fn add(
    tx: &mut Tx<'_>,
    cx: &Cx,
    beside: &Beside,
    new: NewAttachment,
    file: FileId,
    clean: &Clean,
) -> Result<Attachment> {
    let photo = new.kind == AttachmentKind::Photo;
    let day = new.day.or(clean.taken).unwrap_or_else(|| cx.today());
    let mut no = kernel::Refusals::none();
    no.require(!photo || new.consent, "consent", "attach.consent_missing");
    no.require(!photo || clean.mime.starts_with("image/"), "file", "attach.no_photo");
    no.require(day <= cx.today(), "day", "ledger.future");
    if new.note.chars().count() > MOST_NOTE {
        no.push(Refusal::at("note", "register.too_long").with("n", MOST_NOTE));
    }
    no.done()?;
    let id: RecordId = cx.id();
    let owner = beside.owner.as_str();
    let extension = clean.name.rsplit_once('.').map_or("", |(_, e)| e);
    file::insert(
        tx,
        &StoredFile {
            id: file.clone(),
            // The name it came with may be a person's; it is sealed beside the attachment.
            name: format!("{}.{extension}", new.kind),
            mime: clean.mime.into(),
            bytes: i64::try_from(clean.bytes.len()).unwrap_or(i64::MAX),
            digest: digest(&clean.bytes),
            path: file::place(&file),
            by_account: cx.actor.account().0.clone(),
            at: cx.now,
        },
    )?;
    let row = Attachment {
        subject: beside.subject.to_owned(),
        subject_id: beside.id.clone(),
        owner: beside.owner.clone(),
        kind: new.kind,
        file,
        name: tx.seal(owner, "attachment.name", id.as_str(), &clean.name)?,
        note: tx.seal_some(owner, "attachment.note", id.as_str(), new.note.trim())?,
        day,
        consent: new.consent,
        by_account: cx.actor.account().clone(),
        by_name: cx.actor.name().to_owned(),
        at: cx.now,
        removed_at: None,
        removed_by: None,
        id,
    };
    attachment::insert(tx, &row)?;
    happened(tx, cx, beside, "added", None, &row)?;
    Ok(row)
}

/// Takes an attachment away from its record; the line stays for whoever audits.
///
/// # Errors
/// [`db::Error::Missing`] when it is not beside this record.
pub fn remove(tx: &mut Tx<'_>, cx: &Cx, beside: &Beside, id: &RecordId) -> Result<()> {
    let before = one(tx, beside, id)?;
    let after = Attachment {
        removed_at: Some(cx.now),
        removed_by: Some(cx.actor.name().to_owned()),
        ..before.clone()
    };
    attachment::keep(tx, &after)?;
    happened(tx, cx, beside, "removed", Some(&before), &after)
}

/// An attachment beside this record.
///
/// # Errors
/// [`db::Error::Missing`] when there is none, or it was removed.
pub fn one(tx: &mut Tx<'_>, beside: &Beside, id: &RecordId) -> Result<Attachment> {
    attachment::find(tx, id)?
        .filter(|a| {
            a.subject == beside.subject && a.subject_id == beside.id && a.removed_at.is_none()
        })
        .ok_or(db::Error::Missing)
}

fn happened(
    tx: &mut Tx<'_>,
    cx: &Cx,
    beside: &Beside,
    verb: &'static str,
    before: Option<&Attachment>,
    after: &Attachment,
) -> Result<()> {
    tx.record(
        &cx.stamp(),
        Event {
            subject: "attachment",
            id: after.id.0.clone(),
            verb,
            unit: beside.unit.clone(),
            before: before.map(serde_json::to_value).transpose()?,
            after: Some(serde_json::to_value(after)?),
        },
    )
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// An attachment as pages and the API show it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AttachmentRow {
    pub id: String,
    /// `signed`, `scan`, `photo`, `other`
    pub kind: String,
    pub name: String,
    pub note: String,
    #[schema(value_type = String)]
    pub day: Day,
    pub by: String,
    /// When it was added, local time.
    pub at: String,
    pub consent: bool,
    /// May be shown as a picture.
    pub picture: bool,
    pub bytes: i64,
    /// SHA-256 of the bytes, hexadecimal.
    pub digest: String,
    #[serde(skip)]
    pub file: String,
    #[serde(skip)]
    pub owner: String,
}

impl AttachmentRow {
    /// The size as people read it.
    pub fn size(&self) -> String {
        if self.bytes < 1 << 20 {
            format!("{} KB", (self.bytes + 1023) >> 10)
        } else {
            format!("{}.{} MB", self.bytes >> 20, (self.bytes % (1 << 20)) * 10 / (1 << 20))
        }
    }
}

/// The attachments of a record, opened. `named`: without it names and notes, which may name the person, are left out.
///
/// # Errors
/// The engine's fault; what is sealed does not open.
pub fn rows(tx: &mut Tx<'_>, subject: &str, id: &str, named: bool) -> Result<Vec<AttachmentRow>> {
    let mut out = Vec::new();
    for a in attachment::of_subject(tx, subject, id)? {
        let Some(stored) = file::find(tx, &a.file)? else { continue };
        let (name, note) = if named { words(tx, &a)? } else { (String::new(), String::new()) };
        out.push(AttachmentRow {
            name: if name.is_empty() { stored.name } else { name },
            note,
            kind: a.kind.as_str().to_owned(),
            day: a.day,
            by: a.by_name,
            at: a.at.local(),
            consent: a.consent,
            picture: stored.mime.starts_with("image/"),
            bytes: stored.bytes,
            digest: stored.digest,
            file: a.file.0,
            owner: a.owner,
            id: a.id.0,
        });
    }
    Ok(out)
}

/// Name and note.
///
/// # Errors
/// What is sealed does not open.
pub fn words(tx: &mut Tx<'_>, a: &Attachment) -> Result<(String, String)> {
    let name = tx.open(&a.owner, "attachment.name", a.id.as_str(), &a.name)?;
    Ok((name, tx.open_some(&a.owner, "attachment.note", a.id.as_str(), a.note.as_ref())?))
}

/// The kinds as choices.
pub fn kinds(req: &Req) -> Vec<Choice> {
    AttachmentKind::WORDS
        .iter()
        .map(|w| Choice { value: (*w).to_owned(), label: req.t(&format!("attach.kind.{w}")) })
        .collect()
}

/// Takes an upload: cleans it, seals it, keeps it, notes it. `right` finds the record for whoever asks, or refuses; it is asked before the
/// bytes are kept and again when the row is written. A file without a row is litter, a row without a file would be a lie.
///
/// # Errors
/// What `right` refuses, and as [`clean`] and [`add`].
pub async fn receive(
    req: &Req,
    upload: Option<&Upload>,
    new: std::result::Result<NewAttachment, Refusal>,
    right: impl Fn(&mut Tx<'_>, &Cx) -> Result<Beside> + Clone + Send + 'static,
) -> std::result::Result<Attachment, Error> {
    let new = new?;
    let upload = upload.ok_or_else(|| Refusal::at("file", "attach.missing"))?;
    let (name, bytes) = (upload.name.clone(), upload.bytes.clone());
    let clean = blocking(move || clean(&name, &bytes)).await??;
    let file: FileId = req.cx()?.id();
    let (ask, at, harmless) = (right.clone(), file.clone(), clean.clone());
    let sealed = req
        .act(move |tx, cx| {
            let beside = ask(tx, cx)?;
            seal(tx, &beside, &at, &harmless)
        })
        .await?;
    let (dir, at) = (req.shell.settings.data_dir.clone(), file.clone());
    blocking(move || file::keep(&dir, &at, &sealed))
        .await?
        .map_err(|e| Error::Broken(e.to_string()))?;
    req.act(move |tx, cx| {
        let beside = right(tx, cx)?;
        add(tx, cx, &beside, new, file, &clean)
    })
    .await
}

/// The opened bytes of a file that somebody was found to have a right to.
///
/// # Errors
/// The disk's fault; what is sealed does not open.
pub async fn opened(
    shell: &Shell,
    owner: &str,
    id: &FileId,
) -> std::result::Result<Vec<u8>, Error> {
    let path = file::path(&shell.settings.data_dir, id);
    let sealed =
        blocking(move || std::fs::read(path)).await?.map_err(|e| Error::Broken(e.to_string()))?;
    let (owner, id) = (owner.to_owned(), id.clone());
    Ok(shell.db.ask(move |tx| tx.open_bytes(&owner, PLACE, id.as_str(), &sealed)).await?)
}

/// Hands a file over. `right` finds the record for whoever asks and notes the look.
///
/// # Errors
/// What `right` refuses; [`db::Error::Missing`]; as [`opened`].
pub async fn show(
    req: &Req,
    id: &str,
    right: impl FnOnce(&mut Tx<'_>, &Cx) -> Result<Beside> + Send + 'static,
) -> std::result::Result<Response, Error> {
    let id = RecordId::from(id);
    let (a, stored, name) = req
        .act(move |tx, cx| {
            let beside = right(tx, cx)?;
            let a = one(tx, &beside, &id)?;
            let stored = file::find(tx, &a.file)?.ok_or(db::Error::Missing)?;
            let (name, _) = words(tx, &a)?;
            Ok((a, stored, name))
        })
        .await?;
    let bytes = opened(&req.shell, &a.owner, &stored.id).await?;
    Ok(crate::download::file(&stored.mime, &name, bytes))
}

async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> T + Send + 'static,
) -> std::result::Result<T, Error> {
    tokio::task::spawn_blocking(f).await.map_err(|e| Error::Broken(e.to_string()))
}
