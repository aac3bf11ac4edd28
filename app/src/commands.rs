//! What each command does. `Ok(false)` is an answer that should fail a script: faults found, a chain broken.
mod judge;
mod run;
mod setup;

pub use judge::{audit_verify, check, policy_check, policy_diff, policy_measures};
pub use run::{backup, demo, rotate_keys, serve};
pub use setup::init;

use std::error::Error;
use std::path::Path;

use web::Shell;

use crate::boot;

/// A command's answer.
pub type Answer = Result<bool, Box<dyn Error>>;

/// Opens an existing district on the machine's clock.
fn open(
    data: &Path,
    db: Option<String>,
    tls: bool,
    brand: String,
) -> Result<Shell, Box<dyn Error>> {
    let file = data.join("district.db");
    if db.is_none() && !file.exists() {
        return Err(format!("no district in {}: run `wushe init` first", data.display()).into());
    }
    boot::shell(boot::Deployment {
        url: db.unwrap_or_else(|| format!("sqlite:{}", file.display())),
        settings: boot::settings(data.to_path_buf(), brand, false, tls),
        clock: boot::machine_clock(),
        seed: boot::machine_seed()?,
    })
}
