//! Visits recorded without a network (SECURITY §4.12): what a phone takes along, what it brings back, what came of it.
use db::{Sealed, record, words};
use kernel::{AccountId, Instant, PersonId, RecordId, VisitId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What was taken along may be read this long without asking the server again.
pub const LEASE_MILLIS: i64 = 24 * 3_600_000;
/// A phone takes at most so many clients along.
pub const MOST_CARDS: usize = 200;
/// A phone brings back at most so many records at once.
pub const MOST_OPS: usize = 200;

record! {
    /// A phone (one browser) as one account uses it. Its secret is issued at every sync to this account alone, and never kept on the device
    /// beyond the session: so whoever signs in again opens what lies there, and nobody else does.
    pub struct Device in "offline_device" {
        /// Made by the device.
        id: RecordId,
        account: AccountId,
        person: PersonId,
        /// 32 bytes, base64; sealed for `offline`, at `offline_device.secret`.
        secret: Sealed,
        agent: String,
        opened_at: Instant,
        synced_at: Instant,
        lease_until: Instant,
        /// The last operation taken; the next one is one more, without a gap.
        last_seq: i64,
    }
}

words! {
    /// What came of an operation.
    pub enum OpState {
        /// A visit stands.
        Done = "done",
        /// Somebody else recorded the same client meanwhile: a person decides.
        Conflict = "conflict",
        /// The account may no longer do this, or the record cannot stand as it is: a person decides. Nothing is dropped.
        Held = "held",
        /// A person has decided.
        Decided = "decided",
    }
}

words! {
    /// How a person decides.
    pub enum Decision {
        /// Both are true: the offline record stands as a visit of its own.
        Both = "both",
        /// The offline record is right: the standing visit is corrected by it.
        Replace = "replace",
        /// The standing visit is right: the offline record stays unread in the log.
        Drop = "drop",
    }
}

record! {
    /// One operation of a device. Its body is sealed for the client, at `offline_op.body`.
    pub struct Op in "offline_op" {
        id: RecordId,
        device: RecordId,
        seq: i64,
        hash: String,
        account: AccountId,
        person: PersonId,
        /// The client, as the device says.
        client: String,
        /// The client's region path; the account's when there is no such client.
        path: String,
        /// The id that the device gave the visit.
        visit: VisitId,
        body: Sealed,
        state: OpState,
        /// Locale key of why it was held.
        reason: Option<String>,
        /// The visit that somebody else recorded meanwhile.
        rival: Option<VisitId>,
        /// The acknowledgement, given again whenever the operation comes again.
        answer: serde_json::Value,
        made_at: Instant,
        at: Instant,
        decided_by: Option<AccountId>,
        decided_at: Option<Instant>,
        decision: Option<Decision>,
        decision_why: Option<Sealed>,
    }
}

/// An operation as a device sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// 1, 2, 3 … of this device.
    pub seq: i64,
    /// UUID v7 made by the device: the visit's id.
    pub id: String,
    /// When it was recorded, by the device's clock: milliseconds UTC. For reading only.
    pub made_at: i64,
    /// The id of the latest visit of the client that the device knew of; empty for none.
    #[serde(default)]
    pub seen: String,
    /// A `Draft` as JSON text.
    pub body: String,
    /// Hexadecimal SHA-256 of `id`, `seq` and `body`, each on a line.
    pub hash: String,
}

impl Sent {
    /// What the hash should be.
    pub fn digest(&self) -> String {
        let text = format!("{}\n{}\n{}", self.id, self.seq, self.body);
        Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// What the device is told of an operation. It deletes its own copy only after an answer with the same hash and a state that is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ack {
    pub seq: i64,
    pub hash: String,
    /// `done`, `conflict`, `held`: taken. `gap`: the one before is missing. `clash`: the number was used for something else. `garbled`: the
    /// hash does not fit. The last three were not taken.
    pub state: String,
    /// The visit that stands.
    pub visit: Option<String>,
    /// For `gap` and `clash`: the number that is expected.
    pub expect: Option<i64>,
}

/// A UUID as devices make them: 36 signs, version 7.
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            14 => c == '7',
            _ => c.is_ascii_digit() || ('a'..='f').contains(&c),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids() {
        assert!(is_uuid("0190f3c2-7d41-7abc-8def-0123456789ab"));
        assert!(!is_uuid("0190f3c2-7d41-4abc-8def-0123456789ab"));
        assert!(!is_uuid("0190F3C2-7D41-7abc-8def-0123456789ab"));
        assert!(!is_uuid("x' OR 1=1 --"));
    }
    #[test]
    fn the_digest_binds_number_id_and_body() {
        let a = Sent {
            seq: 1,
            id: "a".into(),
            made_at: 0,
            seen: String::new(),
            body: "{}".into(),
            hash: String::new(),
        };
        let b = Sent { seq: 2, ..a.clone() };
        assert_ne!(a.digest(), b.digest());
        assert_eq!(a.digest().len(), 64);
    }
}
