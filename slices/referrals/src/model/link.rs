//! The one-time link and the knocks at it.
use db::{record, words};
use kernel::{AccountId, Instant, RecordId, ReferralId};

record! {
    /// A one-time link for a partner without an account. It opens this packet and nothing else, and makes nobody's account or session.
    pub struct Link in "referral_link" {
        id: RecordId,
        referral: ReferralId,
        /// SHA-256 of the token, hexadecimal; the token itself is kept nowhere.
        hash: String,
        /// SHA-256 of token and code, hexadecimal.
        code: String,
        until: Instant,
        made_by: AccountId,
        made_at: Instant,
        /// SHA-256 of the secret in the one browser that may use it.
        bound: Option<String>,
        bound_at: Option<Instant>,
        /// Codes that were wrong.
        wrong: i64,
        revoked_at: Option<Instant>,
    }
}

/// After so many wrong codes a link is dead.
pub const MOST_WRONG: i64 = 5;
/// How long a link lives unless somebody says otherwise, and at most, in days.
pub const LINK_DAYS: i64 = 14;
pub const MOST_LINK_DAYS: i64 = 90;

words! {
    /// Why a link does not open.
    pub enum LinkEnd { Expired = "expired", Revoked = "revoked", Locked = "locked" }
}

impl Link {
    /// Why it does not open at this instant; `None`: it does.
    pub fn ended(&self, now: Instant) -> Option<LinkEnd> {
        if self.revoked_at.is_some() {
            Some(LinkEnd::Revoked)
        } else if self.wrong >= MOST_WRONG {
            Some(LinkEnd::Locked)
        } else if self.until <= now {
            Some(LinkEnd::Expired)
        } else {
            None
        }
    }
}

words! {
    /// What somebody did with a link. Every knock is noted.
    pub enum LookKind {
        /// The page that asks for the code.
        Opened = "opened",
        CodeWrong = "code_wrong",
        /// The code was right: this browser alone from now on.
        Bound = "bound",
        Read = "read",
        Answered = "answered",
        OtherBrowser = "other_browser",
        Dead = "dead",
    }
}

record! {
    pub struct Look in "referral_look" {
        id: RecordId,
        link: RecordId,
        at: Instant,
        what: LookKind,
        /// What the browser calls itself, shortened.
        agent: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_ends_for_one_reason() {
        let link = |until, wrong, revoked_at| Link {
            id: "l".into(),
            referral: "r".into(),
            hash: String::new(),
            code: String::new(),
            until: Instant(until),
            made_by: "a".into(),
            made_at: Instant(0),
            bound: None,
            bound_at: None,
            wrong,
            revoked_at,
        };
        assert_eq!(link(10, 0, None).ended(Instant(9)), None);
        assert_eq!(link(10, 0, None).ended(Instant(10)), Some(LinkEnd::Expired));
        assert_eq!(link(10, MOST_WRONG, None).ended(Instant(1)), Some(LinkEnd::Locked));
        assert_eq!(link(10, 0, Some(Instant(0))).ended(Instant(20)), Some(LinkEnd::Revoked));
    }
}
