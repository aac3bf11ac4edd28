//! Commands that keep running, and the copy of a running district.
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use web::Shell;

use super::{Answer, open};
use crate::{boot, keys};

/// Serves a district until it is stopped.
///
/// # Errors
/// What keeps it from starting.
pub fn serve(
    data: &Path,
    db: Option<String>,
    listen: SocketAddr,
    tls: bool,
    brand: String,
) -> Answer {
    run(open(data, db, tls, brand)?, listen, false)
}

/// Makes the fictional district where there is none yet, and serves it.
///
/// # Errors
/// What keeps it from starting.
pub fn demo(data: Option<PathBuf>, listen: SocketAddr, show: bool, scale: demo::Scale) -> Answer {
    let data = data.unwrap_or_else(|| std::env::temp_dir().join("wushe-demo"));
    std::fs::create_dir_all(&data)?;
    let shell = boot::demo(&data, boot::machine_clock(), boot::machine_seed()?)?;
    demo::build(&shell, scale)?;
    println!("演示数据：人物、地址、电话均为虚构。密码 {}", demo::people::PASSWORD);
    run(shell, listen, show)
}

/// Copies a running district's database to a file.
///
/// # Errors
/// When the engine has its own tool for that, or the file cannot be written.
pub fn backup(data: &Path, db: Option<String>, to: &Path) -> Answer {
    open(data, db, false, String::new())?.db.backup(to)?;
    println!("{}", to.display());
    Ok(true)
}

/// Makes a new key of keys, wraps every person's data key with it, and forgets the old one. The district must not be served meanwhile.
///
/// # Errors
/// A key file or database that cannot be read or written.
pub fn rotate_keys(data: &Path, db: Option<String>) -> Answer {
    let file = keys::path(data);
    let mut all = keys::read(&file)?;
    let newest = all.iter().map(|(version, _)| *version).max().unwrap_or(0) + 1;
    all.push((newest, boot::machine_seed()?));
    keys::keep(&file, &all)?;
    let wrapped = open(data, db, false, String::new())?.db.write(|tx| tx.rewrap())?;
    all.retain(|(version, _)| *version == newest);
    keys::keep(&file, &all)?;
    println!("key {newest}: {wrapped} data keys wrapped anew");
    Ok(true)
}

fn run(shell: Shell, listen: SocketAddr, show: bool) -> Answer {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let address = format!("http://{}", listener.local_addr()?);
        println!("{address}");
        if show && std::env::var_os("DISPLAY").is_some() {
            // A browser that does not open is no reason not to serve.
            let _ = Command::new("xdg-open")
                .arg(&address)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn();
        }
        tokio::spawn(notices::outbox::run(shell.clone()));
        tokio::spawn(notices::rounds::run(shell.clone()));
        axum::serve(listener, web::router(shell)).with_graceful_shutdown(stop()).await?;
        Ok(true)
    })
}

/// Ends on Ctrl-C and on a service manager's polite signal alike.
async fn stop() {
    let asked = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match asked {
        Ok(mut term) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = term.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
