//! Reads an upload in a child process with limits on memory, processor time and the clock, because a reader can be made to ask for 100 GB.
//!
//! The child is the same program under a hidden subcommand ([`SUBCOMMAND`]); its `main` calls [`child_main`].
//! On standard input: one line of JSON (what is expected, the limits), then the bytes. On standard output: JSON of `Result<Vec<Table>, Fault>`.
use std::io::{BufRead, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::read::MAX_BYTES;
use crate::{Expect, Fault, Table};

/// The hidden subcommand of the app.
pub const SUBCOMMAND: &str = "__read-sheet";

/// Answer bytes that are taken from a child: its 64 MiB of text, and the marks around it.
const ANSWER: u64 = 192 << 20;

/// What a reader may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Address space in bytes.
    pub memory: u64,
    /// Processor time in seconds.
    pub cpu_seconds: u64,
    /// Time on the wall, in milliseconds.
    pub wall_millis: u64,
}

impl Default for Limits {
    /// 512 MiB, 10 seconds of processor, 30 seconds on the wall.
    fn default() -> Self {
        Self { memory: 512 << 20, cpu_seconds: 10, wall_millis: 30_000 }
    }
}

#[derive(Serialize, Deserialize)]
struct Ask {
    expect: Expect,
    limits: Limits,
}

/// Has `exe` read the bytes in a child process. Blocks until it is done; call it off the async threads.
///
/// # Errors
/// What [`crate::read`] finds; [`Fault::TimedOut`], [`Fault::Bomb`] (out of memory) or [`Fault::Broken`] when the child died of it;
/// [`Fault::Unavailable`] when it could not be started.
pub fn read(
    exe: &Path,
    bytes: Vec<u8>,
    expect: &Expect,
    limits: Limits,
) -> Result<Vec<Table>, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::TooLarge { mib: (MAX_BYTES >> 20) as u64 });
    }
    let mut ask = serde_json::to_vec(&Ask { expect: expect.clone(), limits })
        .map_err(|_| Fault::Unavailable)?;
    ask.push(b'\n');
    let mut child = Command::new(exe)
        .arg(SUBCOMMAND)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| Fault::Unavailable)?;
    let outcome = converse(&mut child, ask, bytes, Duration::from_millis(limits.wall_millis));
    if outcome.is_none() {
        // It may have ended by itself in this moment; then there is nothing to kill.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|_| Fault::Unavailable)?;
    let Some(answer) = outcome else { return Err(Fault::TimedOut) };
    if !status.success() {
        return Err(death(status));
    }
    serde_json::from_slice(&answer).unwrap_or(Err(Fault::Broken))
}

/// Feeds the child and takes its answer; `None` when it took too long.
fn converse(child: &mut Child, ask: Vec<u8>, bytes: Vec<u8>, wall: Duration) -> Option<Vec<u8>> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    thread::spawn(move || {
        if let Some(mut stdin) = stdin {
            // A child that dies while being fed breaks the pipe; its end tells why.
            let _ = stdin.write_all(&ask).and_then(|()| stdin.write_all(&bytes));
        }
    });
    let (done, answer) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(stdout) = stdout {
            let _ = stdout.take(ANSWER).read_to_end(&mut text);
        }
        let _ = done.send(text);
    });
    answer.recv_timeout(wall).ok()
}

/// What the end of a child means. Running out of memory aborts it; running out of processor time brings `SIGXCPU` or `SIGKILL`.
fn death(status: ExitStatus) -> Fault {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        const SIGABRT: i32 = 6;
        const SIGKILL: i32 = 9;
        const SIGXCPU: [i32; 2] = [24, 30];
        match status.signal() {
            Some(SIGABRT) => return Fault::Bomb,
            Some(s) if s == SIGKILL || SIGXCPU.contains(&s) => return Fault::TimedOut,
            _ => {}
        }
    }
    if status.code() == Some(i32::from(NO_LIMITS)) { Fault::Unavailable } else { Fault::Broken }
}

/// How a child ends that could not limit itself.
const NO_LIMITS: u8 = 71;

/// What the hidden subcommand does: limits itself, reads standard input, answers on standard output. Call it before anything else in `main`.
pub fn child_main() -> ExitCode {
    let mut stdin = std::io::stdin().lock();
    let mut line = Vec::new();
    // The line comes from the parent and holds headings alone; the upload is read only under the limits.
    let Ok(_) = stdin.by_ref().take(1 << 20).read_until(b'\n', &mut line) else {
        return ExitCode::FAILURE;
    };
    let Ok(ask) = serde_json::from_slice::<Ask>(&line) else { return ExitCode::FAILURE };
    if confine(ask.limits).is_err() {
        return ExitCode::from(NO_LIMITS);
    }
    let mut bytes = Vec::new();
    if stdin.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).is_err() {
        return ExitCode::FAILURE;
    }
    let answer = crate::read(&bytes, &ask.expect);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match serde_json::to_writer(&mut out, &answer)
        .map_err(std::io::Error::from)
        .and_then(|()| out.flush())
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Limits this process for good: memory, processor time, no files written, no core dump (it would hold the upload).
///
/// # Errors
/// When the system refuses a limit.
#[cfg(unix)]
pub fn confine(limits: Limits) -> std::io::Result<()> {
    use rlimit::{Resource, setrlimit};
    setrlimit(Resource::CORE, 0, 0)?;
    setrlimit(Resource::FSIZE, 0, 0)?;
    setrlimit(Resource::CPU, limits.cpu_seconds, limits.cpu_seconds)?;
    setrlimit(Resource::AS, limits.memory, limits.memory)
}

/// This system has no such limits, so nothing is read.
///
/// # Errors
/// Always.
#[cfg(not(unix))]
pub fn confine(_: Limits) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
