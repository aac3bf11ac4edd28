//! Ids: text UUID v7 in named wrappers, so one kind of id is never mistaken for another.
use std::fmt;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::day::Instant;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);
        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl From<&str> for $name { fn from(s: &str) -> Self { Self(s.to_owned()) } }
        impl From<String> for $name { fn from(s: String) -> Self { Self(s) } }
        impl AsRef<str> for $name { fn as_ref(&self) -> &str { &self.0 } }
    )+};
}
id! {
    /// A login.
    AccountId
    /// A community activity.
    ActivityId
    /// A form filled in.
    AnswerId
    /// Who looks after a client, for a time.
    AssignmentId
    /// One import, which can be undone as a whole.
    BatchId
    /// A case (个案).
    CaseId
    /// A resident served (服务对象).
    ClientId
    /// A consultation (咨询).
    ConsultationId
    /// A deliberation (社区协商).
    DeliberationId
    /// One photo or document that proves a record, with its review.
    EvidenceId
    /// A stored file (photo, rule document, certificate scan).
    FileId
    /// One look at a closed file in an emergency (紧急查阅).
    GlassId
    /// One role held over one region or site.
    GrantId
    /// A group (小组).
    GroupId
    /// People who live together.
    HouseholdId
    /// A message to one account.
    NoticeId
    /// A bureau, street office, operating agency, school or partner body.
    OrgId
    /// A natural person, at whichever hat.
    PersonId
    /// Social work placed at a school (驻校社工).
    PlacementId
    /// A dated record of a register: a post held, a room, a sign, a certificate.
    RecordId
    /// A referral (转介).
    ReferralId
    /// A district, street, community, village or school district in the region tree.
    RegionId
    /// One service delivered: a row of the service ledger.
    ServiceId
    /// A signed-in browser.
    SessionId
    /// A station, specialised sub-station or studio (站点/站室).
    SiteId
    /// A visit (走访).
    VisitId
}

/// Where new ids come from: time is an argument and chance is a seed, so a test or the demo repeats the same ids.
///
/// An id is a UUID v7: 48 bits of milliseconds, then bits of `SHA-256(seed, counter)`.
pub struct Ids {
    seed: [u8; 32],
    count: Mutex<u64>,
}

impl Ids {
    /// Ids from this seed. Production passes 32 bytes of the operating system's randomness.
    pub const fn new(seed: [u8; 32]) -> Self {
        Self { seed, count: Mutex::new(0) }
    }

    /// The next id as text, for the instant `now`.
    pub fn next(&self, now: Instant) -> String {
        let n = {
            let mut count = self.count.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *count += 1;
            *count
        };
        let digest = Sha256::new().chain_update(self.seed).chain_update(n.to_be_bytes()).finalize();
        let mut tail = [0u8; 10];
        for (to, from) in tail.iter_mut().zip(digest) {
            *to = from;
        }
        // The counter leads the random part, so ids of one millisecond keep their order.
        let [.., hi, lo] = n.to_be_bytes();
        tail[0] = hi;
        tail[1] = lo;
        let millis = u64::try_from(now.0).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid().to_string()
    }

    /// 32 fresh secret bytes (session tokens, access tokens), never the same as an id's bits.
    pub fn secret(&self) -> [u8; 32] {
        let n = {
            let mut count = self.count.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *count += 1;
            *count
        };
        Sha256::new()
            .chain_update(b"secret")
            .chain_update(self.seed)
            .chain_update(n.to_be_bytes())
            .finalize()
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_repeat_from_a_seed_and_keep_their_order() {
        let (a, b) = (Ids::new([7; 32]), Ids::new([7; 32]));
        let first: Vec<_> = (0..50).map(|_| a.next(Instant(1_700_000_000_000))).collect();
        let again: Vec<_> = (0..50).map(|_| b.next(Instant(1_700_000_000_000))).collect();
        assert_eq!(first, again);
        let mut sorted = first.clone();
        sorted.sort();
        assert_eq!(first, sorted);
        assert_ne!(Ids::new([8; 32]).next(Instant(1_700_000_000_000)), first[0]);
        assert_ne!(a.secret(), a.secret());
    }
}
