//! `cargo xtask assets`: packages by lock file, then one css, one js, one sprite into `floors/web/dist`.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Outcome;

/// The oldest kernel that district computers are known to run (UX.md): newer syntax is rewritten for it.
const BROWSER: &str = "--target=chrome86";

pub(crate) fn run(root: &Path) -> Outcome {
    let web = root.join("floors/web");
    let (sources, dist) = (web.join("assets"), web.join("dist"));
    install(&sources)?;
    tool(&sources, "tsc", &["--project", "tsconfig.json"])?;
    // Built beside and moved at the end, so a failed run leaves the last good one standing.
    let fresh = web.join("dist.new");
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh)?;
    let out = |name: &str| format!("--outfile={}", fresh.join(name).display());
    tool(
        &sources,
        "esbuild",
        &["css/wushe.css", "--bundle", "--minify", BROWSER, &out("wushe.css")],
    )?;
    tool(
        &sources,
        "esbuild",
        &["ts/main.ts", "--bundle", "--minify", "--format=iife", BROWSER, &out("wushe.js")],
    )?;
    for name in ["offline", "sw"] {
        let source = format!("ts/{name}.ts");
        let to = out(&format!("{name}.js"));
        tool(
            &sources,
            "esbuild",
            &[&source, "--bundle", "--minify", "--format=iife", BROWSER, &to],
        )?;
    }
    fs::write(fresh.join("icons.svg"), sprite(&sources)?)?;
    for name in ["favicon.svg", "wushe.webmanifest"] {
        fs::copy(sources.join("art").join(name), fresh.join(name))?;
    }
    let _ = fs::remove_dir_all(&dist);
    fs::rename(&fresh, &dist)?;
    for file in fs::read_dir(&dist)? {
        let file = file?;
        println!("{:>8} {}", file.metadata()?.len(), file.path().display());
    }
    Ok(())
}

/// `npm ci`, unless what is installed already comes from this lock file.
fn install(sources: &Path) -> Outcome {
    let lock = fs::read(sources.join("package-lock.json"))?;
    let stamp = sources.join("node_modules/.wushe-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    command(sources, Path::new("npm"), &["ci", "--no-audit", "--no-fund", "--ignore-scripts"])?;
    fs::write(stamp, lock)?;
    Ok(())
}

fn tool(sources: &Path, name: &str, args: &[&str]) -> Outcome {
    command(sources, &sources.join("node_modules/.bin").join(name), args)
}

fn command(sources: &Path, program: &Path, args: &[&str]) -> Outcome {
    let status = Command::new(program).args(args).current_dir(sources).status().map_err(|why| {
        format!("{} does not start ({why}); node and npm are needed", program.display())
    })?;
    if status.success() { Ok(()) } else { Err(format!("{} failed", program.display()).into()) }
}

/// One svg with a symbol per line of icons.txt, and our own mark.
fn sprite(sources: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let names = fs::read_to_string(sources.join("icons.txt"))?;
    let mut svg = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">");
    for name in names.lines().map(str::trim).filter(|name| !name.is_empty()) {
        let path: PathBuf =
            sources.join("node_modules/@tabler/icons/icons/outline").join(format!("{name}.svg"));
        let drawing = fs::read_to_string(&path)
            .map_err(|why| format!("icons.txt: no icon `{name}` ({why})"))?;
        svg.push_str(&symbol(name, "0 0 24 24", &drawing)?);
    }
    let mark = fs::read_to_string(sources.join("art/mark.svg"))?;
    svg.push_str(&symbol("mark", "0 0 32 32", &mark)?);
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// The drawing inside `<svg …>…</svg>` as a symbol; the invisible frame that Tabler draws is left out.
fn symbol(name: &str, view: &str, drawing: &str) -> Result<String, String> {
    let start = drawing.find("<svg").and_then(|at| Some(at + drawing.get(at..)?.find('>')? + 1));
    let inside = start
        .zip(drawing.rfind("</svg>"))
        .and_then(|(start, end)| drawing.get(start..end))
        .ok_or_else(|| format!("`{name}` is not an svg"))?;
    let lines: String =
        inside.lines().map(str::trim).filter(|line| !line.contains("M0 0h24v24H0z")).collect();
    Ok(format!("<symbol id=\"{name}\" viewBox=\"{view}\">{lines}</symbol>"))
}

#[cfg(test)]
mod tests {
    use super::symbol;

    #[test]
    fn a_symbol_keeps_the_drawing_and_drops_the_frame() {
        let drawing = "<svg\n width=\"24\"\n>\n  <path d=\"M0 0h24v24H0z\" />\n  <path d=\"M5 12\" />\n</svg>\n";
        let made = symbol("home", "0 0 24 24", drawing).unwrap();
        assert_eq!(made, "<symbol id=\"home\" viewBox=\"0 0 24 24\"><path d=\"M5 12\" /></symbol>");
        assert!(symbol("home", "0 0 24 24", "not a drawing").is_err());
    }
}
