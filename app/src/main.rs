//! The binary: the commands of a district.
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use kernel::Day;
use wushe::commands;

/// Wushe 五社: the open platform of street social-work stations.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Which district.
#[derive(Args)]
struct District {
    /// The folder of its data: the database and the uploaded files.
    #[arg(long, env = "WUSHE_DATA", default_value = "data")]
    data: PathBuf,
    /// `postgres://…` instead of the SQLite file in the data folder.
    #[arg(long, env = "WUSHE_DB")]
    db: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Makes an empty production district: its policy, its map, its first administrator.
    Init {
        #[command(flatten)]
        district: District,
        /// The policy pack to be judged by.
        #[arg(long, default_value = "shangcheng-2022")]
        pack: String,
        /// The region list: code,name,level,parent.
        #[arg(long)]
        regions: PathBuf,
        /// Login name of the first administrator, who gets a one-time password.
        #[arg(long)]
        admin: String,
    },
    /// Serves a district.
    Serve {
        #[command(flatten)]
        district: District,
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Behind a TLS proxy: cookies are secure and bound to the host.
        #[arg(long)]
        tls_proxy: bool,
        /// The name on the side bar.
        #[arg(long, env = "WUSHE_BRAND", default_value = "五社")]
        brand: String,
    },
    /// Makes and serves the fictional demonstration district.
    Demo {
        /// Where its data lie; a temporary folder when not given.
        #[arg(long)]
        data: Option<PathBuf>,
        #[arg(long, default_value = "127.0.0.1:8022")]
        listen: SocketAddr,
        /// Opens a browser.
        #[arg(long)]
        open: bool,
        /// How much of a year is told: `small` or `large` (20,000 clients, 200,000 services).
        #[arg(long, default_value = "small", value_parser = ["small", "large"])]
        scale: String,
    },
    /// Prints the board.
    Check {
        #[command(flatten)]
        district: District,
        /// The day asked of; today when not given.
        #[arg(long)]
        as_of: Option<String>,
        /// Only this unit: a site's code or id, a region's code, or `district`.
        #[arg(long)]
        unit: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Checks and compares policy packs.
    #[command(subcommand)]
    Policy(Policy),
    /// Judges the event log.
    #[command(subcommand)]
    Audit(Audit),
    /// The keys that seal what is said about people.
    #[command(subcommand)]
    Keys(Keys),
    /// Copies a running district's database to a file.
    Backup {
        #[command(flatten)]
        district: District,
        to: PathBuf,
    },
    /// Reads an uploaded sheet from standard input in a confined process.
    #[command(name = papers::guard::SUBCOMMAND, hide = true)]
    ReadSheet,
}

#[derive(Subcommand)]
enum Policy {
    /// Every fault of a pack, and its cases; with --text, its quotes against the official text.
    Check {
        /// The pack's folder.
        pack: PathBuf,
        #[arg(long)]
        text: Option<PathBuf>,
    },
    /// Clauses, rules and bounds that differ between two packs; with --data, the units whose verdict changes.
    Diff {
        a: PathBuf,
        b: PathBuf,
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// The measures a rule may use.
    Measures,
}

#[derive(Subcommand)]
enum Audit {
    /// Walks the hash chain and names the first broken link.
    Verify {
        #[command(flatten)]
        district: District,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Makes a new key and wraps every data key with it; the district must not be served meanwhile.
    Rotate {
        #[command(flatten)]
        district: District,
    },
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("WUSHE_LOG")
                .unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let done = match Cli::parse().command {
        Command::ReadSheet => return papers::guard::child_main(),
        Command::Init { district, pack, regions, admin } => {
            commands::init(&district.data, district.db, &pack, &regions, &admin)
        }
        Command::Serve { district, listen, tls_proxy, brand } => {
            commands::serve(&district.data, district.db, listen, tls_proxy, brand)
        }
        Command::Demo { data, listen, open, scale } => {
            let scale = if scale == "large" { demo::Scale::Large } else { demo::Scale::Small };
            commands::demo(data, listen, open, scale)
        }
        Command::Check { district, as_of, unit, json } => match day(as_of) {
            Ok(day) => commands::check(&district.data, district.db, day, unit.as_deref(), json),
            Err(e) => Err(e),
        },
        Command::Policy(Policy::Check { pack, text }) => {
            commands::policy_check(&pack, text.as_deref())
        }
        Command::Policy(Policy::Diff { a, b, data }) => {
            commands::policy_diff(&a, &b, data.as_deref())
        }
        Command::Policy(Policy::Measures) => commands::policy_measures(),
        Command::Audit(Audit::Verify { district }) => {
            commands::audit_verify(&district.data, district.db)
        }
        Command::Keys(Keys::Rotate { district }) => {
            commands::rotate_keys(&district.data, district.db)
        }
        Command::Backup { district, to } => commands::backup(&district.data, district.db, &to),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("wushe: {e}");
            ExitCode::FAILURE
        }
    }
}

fn day(text: Option<String>) -> Result<Option<Day>, Box<dyn std::error::Error>> {
    match text {
        None => Ok(None),
        Some(t) => {
            t.parse().map(Some).map_err(|_| format!("`{t}` is not a day such as 2026-11-23").into())
        }
    }
}
