//! Puts every file of `dist` into the binary under a name that carries its content hash, so browsers may keep it for ever.
use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

/// Files that are asked for by a fixed name.
const FIXED: [&str; 2] = ["sw.js", "wushe.webmanifest"];

/// The files that templates name, and the constants that hold their urls.
const NAMED: [(&str, &str); 5] = [
    ("wushe.css", "CSS"),
    ("wushe.js", "JS"),
    ("offline.js", "OFFLINE"),
    ("icons.svg", "ICONS"),
    ("favicon.svg", "LOGO"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut names: Vec<String> = fs::read_dir(&dist)
        .map_err(|_| "floors/web/dist is missing: run cargo xtask assets")?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    for (needed, _) in NAMED {
        if !names.iter().any(|name| name == needed) {
            return Err(
                format!("floors/web/dist/{needed} is missing: run cargo xtask assets").into()
            );
        }
    }

    let mut table = String::new();
    let mut urls = String::new();
    for name in &names {
        let file = dist.join(name);
        let bytes = fs::read(&file)?;
        let zipped = out.join(format!("{name}.gz"));
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&bytes)?;
        fs::write(&zipped, gzip.finish()?)?;
        let url = url_name(name, &bytes);
        writeln!(
            table,
            "    ({url:?}, {:?}, include_bytes!({:?}), include_bytes!({:?})),",
            mime(name)?,
            file.display().to_string(),
            zipped.display().to_string()
        )?;
        if let Some((_, constant)) = NAMED.iter().find(|(named, _)| named == name) {
            writeln!(
                urls,
                "/// The url of `{name}`.\npub const {constant}: &str = \"/assets/{url}\";"
            )?;
        }
    }
    let text = format!(
        "/// Every file: name below `/assets/`, content type, bytes, the same bytes gzipped.\n\
         pub static ASSETS: &[(&str, &str, &[u8], &[u8])] = &[\n{table}];\n{urls}"
    );
    fs::write(out.join("assets.rs"), text)?;
    Ok(())
}

fn url_name(name: &str, bytes: &[u8]) -> String {
    if FIXED.contains(&name) {
        return name.to_owned();
    }
    let hash: String =
        Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-{hash}.{ending}"),
        None => format!("{name}-{hash}"),
    }
}

fn mime(name: &str) -> Result<&'static str, String> {
    match name.rsplit('.').next() {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        Some("webmanifest") => Ok("application/manifest+json"),
        _ => Err(format!("floors/web/build.rs: what type is {name}?")),
    }
}
