//! Counts what a zip really holds before any parser sees it. Neither this guard nor the streaming reader is enough alone:
//! one giant cell fools the reader, a cell at XFD1048576 fools the count.
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::Fault;

/// Bytes that all parts together may unpack to: 64 MiB.
const UNPACKED: u64 = 64 << 20;
/// Parts in one zip; a large workbook has some dozens.
const PARTS: usize = 2000;
/// Row elements beyond the rows wanted that are put up with: people format whole columns.
const EMPTY_ROWS: u32 = 100_000;
/// Longest tag beginning that is looked for, less one: what must be carried from one piece to the next.
const CARRY: usize = 7;

/// What was seen in passing.
pub(crate) struct Seen {
    /// Names of the parts.
    pub(crate) names: Vec<String>,
}

/// Unpacks every part into nothing and looks at its tags.
///
/// # Errors
/// [`Fault::Bomb`], [`Fault::Doctype`], [`Fault::TooManyRows`], [`Fault::Encrypted`], [`Fault::Broken`].
pub(crate) fn look_through(bytes: &[u8], max_rows: u32) -> Result<Seen, Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(fault_of)?;
    if archive.len() > PARTS {
        return Err(Fault::Bomb);
    }
    let mut left = UNPACKED;
    let mut names = Vec::with_capacity(archive.len());
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).map_err(fault_of)?;
        if part.encrypted() {
            return Err(Fault::Encrypted);
        }
        names.push(part.name().map_err(fault_of)?.into_owned());
        let mut tags = Tags { rows_left: max_rows.saturating_add(EMPTY_ROWS), ..Tags::default() };
        let mut piece = vec![0; CARRY + 65_536];
        let mut carried = 0;
        loop {
            let free = piece.get_mut(carried..).unwrap_or_default();
            let n = part.read(free).map_err(|_| Fault::Broken)?;
            let end = carried + n;
            left = left.checked_sub(n as u64).ok_or(Fault::Bomb)?;
            let last = n == 0;
            tags.take(piece.get(..end).unwrap_or_default(), last, max_rows)?;
            if last {
                break;
            }
            let keep = end.min(CARRY);
            piece.copy_within(end - keep..end, 0);
            carried = keep;
        }
    }
    Ok(Seen { names })
}

#[derive(Default)]
struct Tags {
    /// Is it XML? Decided by its first sign, for a relationship may point at a part of any name.
    xml: Option<bool>,
    rows_left: u32,
}

impl Tags {
    /// Looks at the tags that begin in `piece`, leaving those within the carried tail to the next turn.
    fn take(&mut self, piece: &[u8], last: bool, max_rows: u32) -> Result<(), Fault> {
        if self.xml.is_none() {
            let text = piece.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(piece);
            self.xml = text.iter().find(|b| !b.is_ascii_whitespace()).map(|b| *b == b'<');
        }
        if self.xml != Some(true) {
            return Ok(());
        }
        let starts = if last { piece.len() } else { piece.len().saturating_sub(CARRY) };
        for (at, _) in
            piece.iter().enumerate().take(starts).filter(|(_, b)| **b == b'<' || **b == b':')
        {
            match piece.get(at..).unwrap_or_default() {
                [b'<', b'!', b'D' | b'd' | b'E' | b'e', ..] => return Err(Fault::Doctype),
                [_, b'r', b'o', b'w', b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n', ..] => {
                    self.rows_left = self
                        .rows_left
                        .checked_sub(1)
                        .ok_or(Fault::TooManyRows { limit: max_rows })?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn fault_of(e: ZipError) -> Fault {
    match e {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Fault::Encrypted
        }
        _ => Fault::Broken,
    }
}
