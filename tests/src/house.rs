//! The built binary, serving the demonstration district from a folder of its own.
use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Serves until its standard input closes, which happens when the test process ends in whatever way; then removes its folder.
const GUARDIAN: &str = r#"
"$1" demo --data "$2" --listen 127.0.0.1:0 </dev/null &
served=$!
cat >/dev/null
kill "$served"
wait "$served"
rm -rf "$2"
"#;

/// A running demonstration district. Dropped or abandoned, it ends.
pub struct House {
    /// `http://127.0.0.1:…`
    pub base: String,
    guardian: Child,
}

impl House {
    /// Builds the binary if anything changed and starts it on a free port.
    ///
    /// # Errors
    /// A binary that does not build or does not say where it listens.
    pub fn open(name: &str) -> Outcome<Self> {
        let data = std::env::temp_dir().join(format!("wushe-walks-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data);
        let mut guardian = Command::new("sh")
            .args(["-c", GUARDIAN, "guardian"])
            .arg(binary()?)
            .arg(&data)
            .env("WUSHE_LOG", "error")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let out = guardian.stdout.take().ok_or("the binary has no output")?;
        let mut lines = BufReader::new(out);
        let mut said = String::new();
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Err(format!("the binary ended before it listened: {said}").into());
            }
            if line.starts_with("http://") {
                // What it may say later is read away, so that it never waits for us.
                std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
                return Ok(Self { base: line.trim().to_owned(), guardian });
            }
            said.push_str(&line);
        }
    }

    /// The district that walks share; each test process has one.
    ///
    /// # Errors
    /// As [`House::open`].
    pub fn shared() -> Outcome<&'static Self> {
        static SHARED: OnceLock<Result<House, String>> = OnceLock::new();
        SHARED
            .get_or_init(|| Self::open("shared").map_err(|e| e.to_string()))
            .as_ref()
            .map_err(|e| e.as_str().into())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        drop(self.guardian.stdin.take());
        let _ = self.guardian.wait();
    }
}

/// The binary of this very source, beside the test that runs. Nothing is done when it is fresh.
fn binary() -> Outcome<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT.get_or_init(|| build().map_err(|e| e.to_string())).clone().map_err(Into::into)
}

fn build() -> Outcome<PathBuf> {
    // target/debug/deps/walks-… → target/debug/wushe
    let test = std::env::current_exe()?;
    let folder =
        test.parent().and_then(Path::parent).ok_or("the test is not in a target folder")?;
    let target = folder.parent().ok_or("the test is not in a target folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "wushe", "--target-dir"]).arg(target);
    if folder.ends_with("release") {
        command.arg("--release");
    }
    if !command.current_dir(crate::root()).status()?.success() {
        return Err("the binary does not build".into());
    }
    Ok(folder.join("wushe"))
}
