//! What every exported sheet carries, so that anyone can ask again and get the same: engine, pack, clocks, scope, readings, result.
use serde::{Deserialize, Serialize};

use crate::board::Board;
use crate::run::Engine;
use crate::verdict::{Clocks, Options};

/// The engine's own version.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub engine: String,
    pub pack: String,
    pub pack_version: String,
    /// SHA-256 of the pack's files, in hex.
    pub pack_hash: String,
    pub clocks: Clocks,
    /// The region or unit covered; empty: everything.
    pub scope: String,
    /// Readings in use.
    pub options: Options,
    /// SHA-256 of the verdicts, in hex.
    pub result_hash: String,
}

impl Engine<'_> {
    /// The receipt of a board this engine made.
    pub fn receipt(&self, board: &Board, scope: &str) -> Receipt {
        let mut options = Options::new();
        for p in &self.plan.rules {
            options.extend(p.options.clone());
        }
        Receipt {
            engine: ENGINE.to_owned(),
            pack: self.pack().id.clone(),
            pack_version: self.pack().version.clone(),
            pack_hash: self.pack().hash.clone(),
            clocks: self.clocks(),
            scope: scope.to_owned(),
            options,
            result_hash: board.hash(self),
        }
    }
}
