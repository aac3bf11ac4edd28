//! A private PostgreSQL server that ends with the process that wanted it, however that process ends.
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Keeps the server while its standard input stays open, which is as long as the test process lives; then stops it and cleans up.
/// No disk is waited for: what is tested here is SQL, and durability has its own rig on the embedded engine.
const KEEPER: &str = r#"
set -e
bin=$1 dir=$(mktemp -d /tmp/wushe-pg.XXXXXX)
trap '"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
trap '' INT HUP
"$bin/initdb" -D "$dir/data" -U wushe --auth=trust --encoding=UTF8 --locale=C --no-sync >"$dir/init" 2>&1 || { cat "$dir/init" >&2; exit 1; }
chmod 755 "$dir"
"$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w start \
  -o "-c listen_addresses='' -c unix_socket_directories=$dir -c fsync=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=32MB" \
  >/dev/null 2>&1 </dev/null || { cat "$dir/log" >&2; exit 1; }
echo "$dir"
read -r _ || true
"#;

pub(super) struct Server {
    /// Its standard input is what keeps the server.
    _keeper: Child,
    socket: String,
}

impl Server {
    #[expect(clippy::panic, reason = "a test without its database must fail, loudly")]
    pub(super) fn start() -> Self {
        Self::try_start().unwrap_or_else(|why| {
            panic!(
                "tests need PostgreSQL 15 or newer ({why}): `apt-get install postgresql`, or name a running server in WUSHE_TEST_PG"
            )
        })
    }
    pub(super) fn url(&self) -> String {
        format!("postgres://wushe@/postgres?host={}", self.socket)
    }

    fn try_start() -> Result<Self, String> {
        let bin = newest(Path::new("/usr/lib/postgresql"))
            .ok_or("no /usr/lib/postgresql/*/bin/initdb")?;
        // The server refuses to run as root.
        let mut shell = if root() {
            let mut as_other = Command::new("runuser");
            as_other.args(["-u", "postgres", "--", "sh"]);
            as_other
        } else {
            Command::new("sh")
        };
        let mut keeper = shell
            .args(["-c", KEEPER, "sh"])
            .arg(&bin)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("its keeper did not start: {e}"))?;
        let mut socket = String::new();
        let said = keeper.stdout.take().ok_or("its keeper has no voice")?;
        BufReader::new(said).read_line(&mut socket).map_err(|e| e.to_string())?;
        match socket.trim() {
            "" => Err("it did not start; its own words are above".into()),
            socket => Ok(Self { socket: socket.to_owned(), _keeper: keeper }),
        }
    }
}

/// The binaries of the newest version.
fn newest(root: &Path) -> Option<PathBuf> {
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    std::fs::read_dir(root)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bin/initdb").is_file() && number(path) >= Some(15))
        .max_by_key(|path| number(path))
        .map(|path| path.join("bin"))
}
fn root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}
