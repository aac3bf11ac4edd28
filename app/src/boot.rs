//! From settings to a running shell.
use std::error::Error;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use db::{Config, Db};
use kernel::{Ids, Instant};
use tokio::sync::Semaphore;
use web::{Clock, Settings, Shell};

use crate::slices;

/// What a deployment says.
pub struct Deployment {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    pub settings: Settings,
    pub clock: Clock,
    pub seed: [u8; 32],
}

/// The machine's clock: the only place that reads it.
#[expect(clippy::disallowed_methods, reason = "the one door through which time enters")]
pub fn machine_clock() -> Clock {
    Arc::new(|| {
        let since =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    })
}

/// 32 bytes of the operating system's randomness: the only place that asks for it.
///
/// # Errors
/// When the system has none to give.
pub fn machine_seed() -> Result<[u8; 32], Box<dyn Error>> {
    let mut seed = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut seed)?;
    Ok(seed)
}

/// Opens the database and puts the shell together.
///
/// # Errors
/// What keeps it from starting, in words for whoever runs it.
pub fn shell(d: Deployment) -> Result<Shell, Box<dyn Error>> {
    access::matrix::capabilities()?;
    let all = slices::all();
    let listeners = all.iter().flat_map(|s| s.listens).copied().collect();
    let vault = crate::keys::vault(&d.settings.data_dir, machine_seed)?;
    let migrations = slices::migrations();
    let db = Db::open(Config { url: d.url, pool: 4, migrations, listeners, vault })?;
    let catalogue = slices::catalogue().map_err(|f| f.0)?;
    let parts = Arc::<web::Parts>::default();
    #[cfg(feature = "pdf")]
    {
        // Set once: these parts are new.
        let _ = parts.get::<papers::report::Printer>().0.set(papers_pdf::print);
    }
    Ok(Shell {
        db,
        catalogue: Arc::new(catalogue),
        clock: d.clock,
        ids: Arc::new(Ids::new(d.seed)),
        settings: Arc::new(d.settings),
        slices: Arc::new(all),
        hashing: Arc::new(Semaphore::new(2)),
        parts,
    })
}

/// The shell of the demonstration district under a data directory.
///
/// # Errors
/// What keeps it from starting.
pub fn demo(data: &Path, clock: Clock, seed: [u8; 32]) -> Result<Shell, Box<dyn Error>> {
    let url = format!("sqlite:{}", data.join("district.db").display());
    shell(Deployment {
        url,
        settings: settings(data.to_path_buf(), "五社".into(), true, false),
        clock,
        seed,
    })
}

/// Hosts that webhooks may call, from `WUSHE_WEBHOOK_HOSTS=hook.example.cn,…`.
fn webhook_hosts() -> Vec<String> {
    let said = std::env::var("WUSHE_WEBHOOK_HOSTS").unwrap_or_default();
    said.split(',').map(str::trim).filter(|h| !h.is_empty()).map(str::to_owned).collect()
}

/// The settings of a district under a data directory.
pub fn settings(data_dir: PathBuf, brand: String, demo: bool, tls: bool) -> Settings {
    let exe = std::env::current_exe().unwrap_or_else(|_| "wushe".into());
    let door = demo.then(|| web::DemoDoor {
        accounts: demo::people::introduced(),
        password: demo::people::PASSWORD.into(),
    });
    Settings { brand, demo, door, tls, webhook_hosts: webhook_hosts(), data_dir, exe }
}
