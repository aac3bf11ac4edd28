//! The event log: who changed what and when, before and after, each entry carrying the hash of the one before it.
//!
//! `chain` links the entries and says how to recompute a hash; `history` asks them.
pub(crate) mod chain;
mod history;
mod version;

pub use chain::Head;
pub use history::{
    Break, Entry, Fault, State, Verdict, of, since, states_at, verify, verify_against,
};
use kernel::Instant;
pub use version::version;

use crate::{Result, Tx};

/// Who acts, and when. Every act gets it from its context.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub at: Instant,
    /// The account, or `system` for what the program does by itself.
    pub account: String,
    /// The role in which the account acts.
    pub role: String,
    /// The request's id, to join the log with the server's own.
    pub request: String,
}

/// One change. `before` and `after` are whole serialised records, masked where the class demands it; the log is the history
/// from which any earlier state of knowledge is rebuilt.
#[derive(Clone, Debug)]
pub struct Event {
    /// The kind of thing, which is its table: `post`, `room`, `account` …
    pub subject: &'static str,
    /// The thing.
    pub id: String,
    /// What was done to it: `added`, `amended`, `removed`, `signed_in` …
    pub verb: &'static str,
    /// The policy unit (site, person, region) whose facts it touches, if it touches one.
    pub unit: Option<String>,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

/// Reacts to an event inside the transaction that wrote it; an error undoes both.
pub type Listener = fn(&mut Tx<'_>, &Stamp, &Event) -> Result<()>;
