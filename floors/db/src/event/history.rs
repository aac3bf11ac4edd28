//! Questions to the event log: what happened to a thing, what was known then, and whether anybody touched the log.
use kernel::Instant;
use serde::Serialize;

use super::chain::{self, Head};
use crate::{FromRow, Result, Row, Tx, Value, args, hex};

/// How many entries are walked at a time.
const PAGE: i64 = 500;

/// One entry of the log as kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    pub seq: i64,
    pub at: Instant,
    pub account: String,
    pub role: String,
    pub request: String,
    pub subject: String,
    pub id: String,
    pub verb: String,
    pub unit: Option<String>,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
    /// The hash of the entry before, 64 hexadecimal digits.
    pub prev: String,
    /// This entry's hash, 64 hexadecimal digits.
    pub hash: String,
}
impl FromRow for Entry {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            seq: row.get("seq")?,
            at: row.get("at")?,
            account: row.get("account")?,
            role: row.get("role")?,
            request: row.get("request")?,
            subject: row.get("subject")?,
            id: row.get("id")?,
            verb: row.get("verb")?,
            unit: row.get("unit")?,
            before: row.get("before")?,
            after: row.get("after")?,
            prev: row.get("prev")?,
            hash: row.get("hash")?,
        })
    }
}

/// Everything that happened to a thing, oldest first.
///
/// # Errors
/// The engine's fault.
pub fn of(tx: &mut Tx<'_>, subject: &str, id: &str) -> Result<Vec<Entry>> {
    tx.all("SELECT * FROM event WHERE subject = $1 AND id = $2 ORDER BY seq", args![subject, id])
}

/// At most `limit` entries after entry `seq`, oldest first.
///
/// # Errors
/// The engine's fault.
pub fn since(tx: &mut Tx<'_>, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    tx.all("SELECT * FROM event WHERE seq > $1 ORDER BY seq LIMIT $2", args![seq, limit])
}

/// A thing as it was known at some moment: the whole record its last entry left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    pub subject: String,
    pub id: String,
    pub unit: Option<String>,
    /// The record.
    pub after: serde_json::Value,
    /// The entry that says so.
    pub seq: i64,
}

/// The last state of every thing of these kinds, as the log knew it at `known_at` (inclusive). A thing whose last entry left nothing
/// (it was removed) is not among them. Ordered by kind as given, then by the order in which the things were last changed.
///
/// # Errors
/// The engine's fault, or an unreadable record.
pub fn states_at(tx: &mut Tx<'_>, subjects: &[&str], known_at: Instant) -> Result<Vec<State>> {
    let mut out = Vec::new();
    for subject in subjects {
        let rows: Vec<Row> = tx.all(
            "SELECT e.id, e.unit, e.after, e.seq FROM event e \
             JOIN (SELECT MAX(seq) AS last FROM event WHERE subject = $1 AND at <= $2 GROUP BY id) l ON l.last = e.seq \
             WHERE e.after IS NOT NULL ORDER BY e.seq",
            args![subject, known_at],
        )?;
        for row in rows {
            out.push(State {
                subject: (*subject).to_owned(),
                id: row.at(0)?,
                unit: row.at(1)?,
                after: row.at(2)?,
                seq: row.at(3)?,
            });
        }
    }
    Ok(out)
}

/// What a walk over the log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How many entries were found whole, one after the other, before the walk ended.
    pub checked: i64,
    /// The last whole entry. Note it outside the database: a later walk can then show that nothing before it was cut off.
    pub head: Head,
    /// The first broken link, if any.
    pub broken: Option<Break>,
}
/// The first broken link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The entry that is wrong or missing.
    pub seq: i64,
    pub fault: Fault,
}
/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Entries are missing from here on.
    Gap,
    /// It does not carry the hash of the entry before it.
    Prev,
    /// Its fields do not give its hash: it was edited.
    Hash,
    /// It is not the entry that was last written or noted under this number, or that entry is gone: the log was rewritten or cut off.
    Head,
}

/// Walks the log from entry `from` (1 is the first), in pages, and names the first broken link. The end of the log is compared with what
/// this process itself wrote or read last.
///
/// # Errors
/// The engine's fault.
pub fn verify(tx: &mut Tx<'_>, from: i64) -> Result<Verdict> {
    verify_against(tx, from, &[])
}

/// [`verify`], also comparing with heads noted earlier outside the database.
///
/// # Errors
/// The engine's fault.
pub fn verify_against(tx: &mut Tx<'_>, from: i64, noted: &[Head]) -> Result<Verdict> {
    let from = from.max(1);
    let noted: Vec<Head> =
        noted.iter().copied().chain(tx.known).filter(|h| h.seq >= from).collect();
    let mut head = Head { seq: from - 1, hash: [0; 32] };
    let mut checked = 0;
    let broken = |checked, head, seq, fault| {
        Ok(Verdict { checked, head, broken: Some(Break { seq, fault }) })
    };
    if from > 1 {
        let before: Option<Row> =
            tx.one("SELECT hash FROM event WHERE seq = $1", args![head.seq])?;
        match before.map(|r| r.at::<String>(0)).transpose()?.as_deref().and_then(chain::unhex) {
            Some(hash) => head.hash = hash,
            None => return broken(checked, head, head.seq, Fault::Gap),
        }
    }
    loop {
        let page: Vec<Row> = tx.all(
            "SELECT seq, at, account, role, request, subject, id, verb, unit, before, after, prev, hash FROM event \
             WHERE seq > $1 ORDER BY seq LIMIT $2",
            args![head.seq, PAGE],
        )?;
        if page.is_empty() {
            break;
        }
        for row in page {
            let expected = head.seq + 1;
            match link(&row, head)? {
                Err(fault) => return broken(checked, head, expected, fault),
                Ok(next) => {
                    if noted.iter().any(|n| n.seq == next.seq && n.hash != next.hash) {
                        return broken(checked, head, expected, Fault::Head);
                    }
                    head = next;
                    checked += 1;
                }
            }
        }
    }
    if noted.iter().any(|n| n.seq > head.seq) {
        return broken(checked, head, head.seq + 1, Fault::Head);
    }
    Ok(Verdict { checked, head, broken: None })
}

/// The head after this entry, or what is wrong with it.
fn link(row: &Row, head: Head) -> Result<std::result::Result<Head, Fault>> {
    let (seq, prev, hash): (i64, String, String) =
        (row.get("seq")?, row.get("prev")?, row.get("hash")?);
    if seq != head.seq + 1 {
        return Ok(Err(Fault::Gap));
    }
    if prev != hex(&head.hash) {
        return Ok(Err(Fault::Prev));
    }
    let fields: &[Value] = row.cells.get(..11).unwrap_or(&row.cells);
    let found = chain::digest(&head.hash, fields);
    Ok(if hash == hex(&found) { Ok(Head { seq, hash: found }) } else { Err(Fault::Hash) })
}
