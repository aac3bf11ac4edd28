//! Requests that carry a key are done once, however often they arrive.
use kernel::Refusal;
use serde_json::Value as Json;

use crate::{Result, Row, Stamp, Tx, args};

impl Tx<'_> {
    /// Does `f` once for this key of this account and keeps its answer; when the key comes again, the kept answer is given and nothing is
    /// done (`true` says so). A refused `f` keeps nothing, so the key may be tried again. `request_hash` is a digest of what was asked.
    ///
    /// # Errors
    /// Refused with `db.idempotency_mismatch` when the key came with another request; else whatever `f` answers.
    pub fn once(
        &mut self,
        stamp: &Stamp,
        key: &str,
        request_hash: &str,
        f: impl FnOnce(&mut Self) -> Result<Json>,
    ) -> Result<(Json, bool)> {
        let kept: Option<Row> = self.one(
            "SELECT request_hash, answer FROM idempotency WHERE account = $1 AND key = $2",
            args![stamp.account, key],
        )?;
        if let Some(kept) = kept {
            if kept.at::<String>(0)? != request_hash {
                return Err(Refusal::new("db.idempotency_mismatch").into());
            }
            return Ok((kept.at(1)?, true));
        }
        let answer = f(self)?;
        self.run(
            "INSERT INTO idempotency (key, account, request_hash, answer, at) VALUES ($1, $2, $3, $4, $5)",
            args![key, stamp.account, request_hash, answer, stamp.at],
        )?;
        Ok((answer, false))
    }
    /// Forgets the keys kept before a moment; answers how many.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn forget_keys(&mut self, before: kernel::Instant) -> Result<u64> {
        self.run("DELETE FROM idempotency WHERE at < $1", args![before])
    }
}
