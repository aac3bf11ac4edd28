//! What the process holds for every request.
use std::path::PathBuf;
use std::sync::Arc;

use db::Db;
use kernel::{Ids, Instant};
use locale::Catalogue;
use tokio::sync::Semaphore;

use crate::Slice;

/// Where the time comes from: the machine's clock in production, a set instant in tests and the demo.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// What a deployment sets.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name on the side bar and in titles.
    pub brand: String,
    /// A fictional district: every page and export says so, and real ID numbers are refused.
    pub demo: bool,
    /// Cookies only over TLS (`__Host-` and `Secure`). Off for a demonstration on loopback.
    pub tls: bool,
    /// Where uploaded files lie.
    pub data_dir: PathBuf,
    /// The binary itself, which reads uploaded spreadsheets in a guarded child process.
    pub exe: PathBuf,
}

/// The shell around every request. Cheap to clone.
#[derive(Clone)]
pub struct Shell {
    pub db: Db,
    pub catalogue: Arc<Catalogue>,
    pub clock: Clock,
    pub ids: Arc<Ids>,
    pub settings: Arc<Settings>,
    pub slices: Arc<Vec<Slice>>,
    /// At most so many password comparisons at once: each takes 64 MiB.
    pub hashing: Arc<Semaphore>,
}

impl Shell {
    /// This moment.
    pub fn now(&self) -> Instant {
        (self.clock)()
    }
}
