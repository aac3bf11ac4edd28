//! What an act can answer other than its result.
use kernel::{Refusal, Refusals};

/// Why an act did not happen. The first three are ordinary answers; the last two are faults.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A business "no".
    #[error("refused: {0:?}")]
    Refused(Refusals),
    /// There is no such thing, or the asker may not know of it: the two look alike.
    #[error("missing")]
    Missing,
    /// Somebody changed it since the asker looked (the `If-Match` or the form's version is old).
    #[error("stale")]
    Stale,
    /// The commit answered with an error: it may or may not have happened. Retry with the same idempotency key.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// The cause is logged under an id and never shown.
    #[error("broken: {0}")]
    Broken(String),
}
/// An act's answer.
pub type Result<T> = std::result::Result<T, Error>;

impl From<Refusal> for Error {
    fn from(r: Refusal) -> Self {
        Self::Refused(r.into())
    }
}
impl From<Refusals> for Error {
    fn from(r: Refusals) -> Self {
        Self::Refused(r)
    }
}
impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        Self::Broken(format!("sqlite: {e}"))
    }
}
impl From<postgres::Error> for Error {
    fn from(e: postgres::Error) -> Self {
        Self::Broken(format!("postgres: {e:?}"))
    }
}
impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::Broken(format!("json: {e}"))
    }
}
