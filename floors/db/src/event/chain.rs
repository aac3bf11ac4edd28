//! How entries of the log are linked.
//!
//! An entry's hash is SHA-256 over the hash of the entry before it (32 bytes; 32 zero bytes before the first) followed by its
//! fields in this order: seq, at, account, role, request, subject, id, verb, unit, before, after. Each field is one byte `0` when it
//! is null; otherwise one byte `1`, the length of its UTF-8 text in bytes as eight bytes big-endian, and the text. Numbers are
//! written in decimal. `before` and `after` are the JSON texts as kept. Any auditor can recompute it from the table alone.
use sha2::{Digest, Sha256};

use crate::{Cell, Error, Event, Result, Row, Stamp, Tx, Value, args, hex};

/// The last link: how many entries there are and the hash of the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last entry; 0 when there is none.
    pub seq: i64,
    /// SHA-256 of the last entry; zeros when there is none.
    pub hash: [u8; 32],
}

/// Writes an entry after `head` and answers the new head.
pub(crate) fn append(tx: &mut Tx<'_>, head: Head, stamp: &Stamp, event: &Event) -> Result<Head> {
    let seq = head.seq.checked_add(1).ok_or_else(|| Error::Broken("the log is full".into()))?;
    let cells = [
        Value::Int(seq),
        stamp.at.to_value(),
        stamp.account.to_value(),
        stamp.role.to_value(),
        stamp.request.to_value(),
        event.subject.to_value(),
        event.id.to_value(),
        event.verb.to_value(),
        event.unit.to_value(),
        event.before.to_value(),
        event.after.to_value(),
    ];
    let hash = digest(&head.hash, &cells);
    let mut all = Vec::with_capacity(cells.len() + 2);
    all.extend(cells);
    all.push(Value::Text(hex(&head.hash)));
    all.push(Value::Text(hex(&hash)));
    tx.run(
        "INSERT INTO event (seq, at, account, role, request, subject, id, verb, unit, before, after, prev, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &all,
    )?;
    Ok(Head { seq, hash })
}

/// The hash of an entry whose fields are `cells`, after the entry whose hash is `prev`.
pub(crate) fn digest(prev: &[u8; 32], cells: &[Value]) -> [u8; 32] {
    let mut sum = Sha256::new();
    sum.update(prev);
    let text = |sum: &mut Sha256, t: &str| {
        sum.update([1]);
        sum.update((t.len() as u64).to_be_bytes());
        sum.update(t.as_bytes());
    };
    for cell in cells {
        match cell {
            Value::Null => sum.update([0]),
            Value::Int(n) => text(&mut sum, &n.to_string()),
            Value::Text(t) => text(&mut sum, t),
        }
    }
    sum.finalize().into()
}

/// The last link as the table has it.
pub(crate) fn head(tx: &mut Tx<'_>) -> Result<Head> {
    let Some(last) =
        tx.one::<Row>("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", args![])?
    else {
        return Ok(Head::default());
    };
    let (seq, hash): (i64, String) = (last.at(0)?, last.at(1)?);
    let hash = unhex(&hash)
        .ok_or_else(|| Error::Broken(format!("entry {seq} of the log has no readable hash")))?;
    Ok(Head { seq, hash })
}

/// Thirty-two bytes from their hexadecimal text.
pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(out)
}
