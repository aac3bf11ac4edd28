//! What tests need from the system: PostgreSQL, Chromium, LibreOffice. Installed from Debian when we may, named in one line when we may not.
use std::path::Path;
use std::process::Command;

use crate::Outcome;

/// A need: how to see that it is there, and the Debian packages that bring it.
struct Need {
    name: &'static str,
    there: fn() -> bool,
    packages: &'static [&'static str],
}

const NEEDS: &[Need] = &[
    Need { name: "PostgreSQL", there: postgres, packages: &["postgresql"] },
    Need { name: "Chromium", there: chromium, packages: &["chromium", "fonts-noto-cjk"] },
    Need { name: "LibreOffice", there: libreoffice, packages: &["libreoffice-calc-nogui"] },
];

/// Sees to it that everything tests need is there.
///
/// # Errors
/// The line to run when something is missing and cannot be installed from here.
pub(crate) fn ensure() -> Outcome {
    let missing: Vec<&Need> = NEEDS.iter().filter(|n| !(n.there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|n| n.name).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|n| n.packages).copied().collect();
    let line = format!(
        "apt-get update && apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    );
    if !root() || !Path::new("/usr/bin/apt-get").exists() {
        return Err(format!("tests need {}: run as root\n  {line}", names.join(", ")).into());
    }
    println!("installing {}", names.join(", "));
    let done =
        Command::new("sh").args(["-c", &line]).env("DEBIAN_FRONTEND", "noninteractive").status()?;
    if done.success() && missing.iter().all(|n| (n.there)()) {
        Ok(())
    } else {
        Err(format!("could not install {}: run\n  {line}", names.join(", ")).into())
    }
}

fn root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0"))
}
fn postgres() -> bool {
    std::env::var_os("WUSHE_TEST_PG").is_some()
        || std::fs::read_dir("/usr/lib/postgresql")
            .is_ok_and(|d| d.flatten().any(|e| e.path().join("bin/postgres").exists()))
}
fn chromium() -> bool {
    Path::new("/usr/bin/chromium").exists()
}
fn libreoffice() -> bool {
    ["/usr/bin/soffice", "/usr/bin/libreoffice"].iter().any(|p| Path::new(p).exists())
}
