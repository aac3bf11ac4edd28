//! What the process holds for every request.
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

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
    /// What the sign-in page of a demonstration tells everybody.
    pub door: Option<DemoDoor>,
    /// Cookies only over TLS (`__Host-` and `Secure`). Off for a demonstration on loopback.
    pub tls: bool,
    /// Hosts that webhooks may call; nothing may be called when there is none.
    pub webhook_hosts: Vec<String>,
    /// Where uploaded files lie.
    pub data_dir: PathBuf,
    /// The binary itself, which reads uploaded spreadsheets in a guarded child process.
    pub exe: PathBuf,
}

/// The accounts of a demonstration, shown on its sign-in page.
#[derive(Clone, Debug)]
pub struct DemoDoor {
    /// (login, role key such as `station_head`, name)
    pub accounts: Vec<(String, &'static str, String)>,
    /// They all share it.
    pub password: String,
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
    pub parts: Arc<Parts>,
}

/// What a slice keeps in memory for the whole process: its own type, made when first asked for.
/// Only caches and running jobs; everything that matters is in the database.
#[derive(Default)]
pub struct Parts(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Parts {
    /// The process-wide part of this type.
    pub fn get<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let part = all.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(part).downcast().unwrap_or_default()
    }
}

impl Shell {
    /// How the house finds people, bodies, sites and regions by what people type; nothing is found when no slice knows.
    pub fn resolve(&self) -> crate::register::Resolve {
        self.slices.iter().find_map(|s| s.resolve).unwrap_or(|_, _, _, _| Ok(None))
    }
    /// This moment.
    pub fn now(&self) -> Instant {
        (self.clock)()
    }
}
