//! The binary: commands of a district.
use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use wushe::boot;

/// Wushe 五社: the open platform of street social-work stations.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes and serves the fictional demonstration district.
    Demo {
        /// Where its data lie; a temporary folder when not given.
        #[arg(long)]
        data: Option<PathBuf>,
        #[arg(long, default_value = "127.0.0.1:8022")]
        listen: SocketAddr,
    },
}

fn main() -> ExitCode {
    // Uploaded spreadsheets are read by this same program in a child that limits itself.
    if std::env::args().nth(1).as_deref() == Some(papers::guard::SUBCOMMAND) {
        return papers::guard::child_main();
    }
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_env("WUSHE_LOG")).init();
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("wushe: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Demo { data, listen } => {
            let data = data.unwrap_or_else(|| std::env::temp_dir().join("wushe-demo"));
            std::fs::create_dir_all(&data)?;
            let clock = boot::machine_clock();
            let shell = boot::shell(boot::Deployment {
                url: format!("sqlite:{}", data.join("district.db").display()),
                settings: boot::settings(data, "五社".into(), true, false),
                clock,
                seed: boot::machine_seed()?,
            })?;
            demo::build(&shell)?;
            serve(shell, listen)
        }
    }
}

fn serve(shell: web::Shell, listen: SocketAddr) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        println!("http://{}", listener.local_addr()?);
        axum::serve(listener, web::router(shell)).with_graceful_shutdown(stop()).await?;
        Ok(())
    })
}

async fn stop() {
    let _ = tokio::signal::ctrl_c().await;
}
