//! Signed-in browsers and personal access tokens. The database keeps only hashes of what they carry.
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::record;
use kernel::{AccountId, Day, GrantId, Instant, RecordId, SessionId};
use sha2::{Digest, Sha256};

/// A session dies after this much silence.
pub const IDLE_MILLIS: i64 = 30 * 60_000;
/// A session dies this long after sign-in, whatever it did.
pub const ABSOLUTE_MILLIS: i64 = 12 * 3_600_000;
/// An account keeps at most this many browsers signed in; the oldest gives way.
pub const MOST_SESSIONS: usize = 5;

record! {
    /// A signed-in browser, wearing one hat.
    pub struct Session in "session" {
        id: SessionId,
        /// SHA-256 of the cookie's token.
        token: String,
        account: AccountId,
        role_grant: GrantId,
        /// The synchroniser token that unsafe requests must carry.
        csrf: String,
        epoch: i64,
        agent: String,
        opened_at: Instant,
        seen_at: Instant,
        /// When this browser last gave the second factor.
        stepped_at: Option<Instant>,
    }
}

record! {
    /// A personal access token: wears one hat, dies on a day, never becomes a cookie.
    pub struct AccessToken in "access_token" {
        id: RecordId,
        token: String,
        account: AccountId,
        role_grant: GrantId,
        name: String,
        /// May it change anything, or only read?
        writes: bool,
        epoch: i64,
        opened_at: Instant,
        until: Day,
    }
}

impl Session {
    /// Is it neither idle nor old?
    pub const fn lives_at(&self, now: Instant) -> bool {
        now.0 - self.seen_at.0 < IDLE_MILLIS && now.0 - self.opened_at.0 < ABSOLUTE_MILLIS
    }
}

/// Secret bytes as the text a cookie or header carries.
pub fn token_text(secret: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(secret)
}

/// What the database keeps of a token.
pub fn token_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}
