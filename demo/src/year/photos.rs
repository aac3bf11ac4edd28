//! Drawn papers and photos beside cases, visits and activities, kept sealed as uploads are.
use std::path::{Path, PathBuf};

use access::Cx;
use casework::acts::attachments;
use db::{Result, Tx};
use kernel::{CaseId, FileId};
use registry::attachment::AttachmentKind;
use web::attach::{self, Beside, Clean, NewAttachment};

/// What is put beside records, drawn once.
pub(crate) struct Photos {
    data: PathBuf,
    drawn: Vec<Clean>,
}

impl Photos {
    /// Draws them.
    pub(super) fn draw(data: &Path) -> Result<Self> {
        let drawn = (20..22)
            .map(|n| {
                let png = crate::evidence::picture(n).map_err(db::Error::Broken)?;
                Ok(attach::clean(&format!("照片{}.png", n - 19), &png)?)
            })
            .collect::<Result<_>>()?;
        Ok(Self { data: data.to_path_buf(), drawn })
    }
    /// Puts signed papers and a photo of the home beside a case.
    pub(super) fn beside_case(&self, tx: &mut Tx<'_>, cx: &Cx, case: &CaseId) -> Result<()> {
        let beside = attachments::to_add(tx, cx, case)?;
        self.put(tx, cx, &beside, AttachmentKind::Signed, "服务协议（双方已签）")?;
        self.put(tx, cx, &beside, AttachmentKind::Photo, "卫生间改造前")
    }
    /// Puts one of them beside a record.
    pub(super) fn put(
        &self,
        tx: &mut Tx<'_>,
        cx: &Cx,
        beside: &Beside,
        kind: AttachmentKind,
        note: &str,
    ) -> Result<()> {
        let Some(clean) = self.drawn.get(note.len() % self.drawn.len().max(1)) else {
            return Ok(());
        };
        let file: FileId = cx.id();
        let sealed = attach::seal(tx, beside, &file, clean)?;
        registry::file::keep(&self.data, &file, &sealed)
            .map_err(|e| db::Error::Broken(e.to_string()))?;
        let new = NewAttachment { kind, note: note.into(), day: Some(cx.today()), consent: true };
        attach::add(tx, cx, beside, new, file, clean).map(drop)
    }
}
