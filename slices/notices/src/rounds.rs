//! Rounds: what time alone brings about (a report that climbs, a review that is overdue) is told by every slice's `sweep`.
use std::time::Duration;

use access::Cx;
use db::Result;
use web::Shell;

/// How long the program rests between rounds.
const REST: Duration = Duration::from_secs(60);

/// One round at the shell's instant; answers how many steps were told. Blocks.
///
/// # Errors
/// The engine's fault; what earlier slices told stands.
pub fn go(shell: &Shell) -> Result<usize> {
    let mut told = 0;
    for sweep in shell.slices.iter().filter_map(|s| s.sweep) {
        let cx = Cx::system(shell.now(), shell.ids.clone());
        told += shell.db.write(move |tx| sweep(tx, &cx))?;
    }
    Ok(told)
}

/// Goes round for as long as the process lives. Started once by whoever serves a district.
pub async fn run(shell: Shell) {
    loop {
        let of = shell.clone();
        match tokio::task::spawn_blocking(move || go(&of)).await {
            Ok(Ok(_)) => {}
            Ok(Err(e)) => tracing::warn!("rounds: {e}"),
            Err(e) => tracing::warn!("rounds: {e}"),
        }
        tokio::time::sleep(REST).await;
    }
}
