//! Starts the release binary on the demonstration district and measures what a user feels: cold start, memory at rest, server time of pages, weight of the first page.
//!
//! Beside each page the same connection asks for `/healthz`, which does no work: the floor of the machine, the client and the network stack.
//! Run: `cargo build --release -p wushe && cargo run --release -p bench --bin serve -- path/to/wushe`
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 200;

/// A connection kept alive, with its cookies.
struct Client {
    address: String,
    stream: BufReader<TcpStream>,
    cookies: Vec<(String, String)>,
}

/// An answer's status, headers and body as sent.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Client {
    fn open(address: &str) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(Self { address: address.into(), stream: BufReader::new(stream), cookies: Vec::new() })
    }

    fn ask(&mut self, method: &str, path: &str, body: &str, gzip: bool) -> Outcome<Answer> {
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let accept = if gzip { "accept-encoding: gzip\r\n" } else { "" };
        write!(
            self.stream.get_mut(),
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{accept}cookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            cookies.join("; "),
            body.len()
        )?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("no status")?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let mut body = Vec::new();
        if let Some(length) = header("content-length") {
            body.resize(length.parse()?, 0);
            self.stream.read_exact(&mut body)?;
        } else if header("transfer-encoding").is_some() {
            loop {
                let mut line = String::new();
                self.stream.read_line(&mut line)?;
                let size = usize::from_str_radix(line.trim(), 16)?;
                let mut chunk = vec![0; size + 2];
                self.stream.read_exact(&mut chunk)?;
                if size == 0 {
                    break;
                }
                chunk.truncate(size);
                body.extend(chunk);
            }
        }
        for (_, value) in headers.iter().filter(|(n, _)| n == "set-cookie") {
            if let Some((name, value)) = value.split(';').next().and_then(|c| c.split_once('=')) {
                self.cookies.retain(|(n, _)| n != name);
                self.cookies.push((name.into(), value.into()));
            }
        }
        Ok(Answer { status, headers, body })
    }

    fn sign_in(&mut self, login: &str) -> Outcome<()> {
        let form = self.ask("GET", "/session/new", "", false)?;
        let text = String::from_utf8_lossy(&form.body);
        let csrf = text
            .split("name=\"_csrf\" value=\"")
            .nth(1)
            .and_then(|t| t.split('"').next())
            .ok_or("no csrf")?;
        let body = format!("_csrf={csrf}&login={login}&password=yunting-demo-2026");
        let answer = self.ask("POST", "/session/new", &body, false)?;
        if answer.status == 303 {
            Ok(())
        } else {
            Err(format!("sign-in answered {}", answer.status).into())
        }
    }
}

struct Server(Child);
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(exe: &str, data: &str, address: &str) -> Outcome<(Server, Duration)> {
    let begun = Instant::now();
    let child = Command::new(exe)
        .args(["demo", "--data", data, "--listen", address])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let server = Server(child);
    while begun.elapsed() < Duration::from_secs(120) {
        if let Ok(mut c) = Client::open(address)
            && c.ask("GET", "/healthz", "", false).is_ok_and(|a| a.status == 200)
        {
            return Ok((server, begun.elapsed()));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Err("the server did not answer".into())
}

fn memory_kib(pid: u32) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|l| l.starts_with("VmRSS")).ok_or("no VmRSS")?;
    Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse()?)
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn main() -> Outcome<()> {
    let exe = std::env::args().nth(1).ok_or("name the wushe binary")?;
    let folder = std::env::temp_dir().join(format!("wushe-bench-{}", std::process::id()));
    let data = folder.to_string_lossy().into_owned();
    let address = "127.0.0.1:8099";
    // The first start builds the district; the cold starts measured come after.
    drop(start(&exe, &data, address)?);
    let mut cold = Vec::new();
    for _ in 0..5 {
        let (server, took) = start(&exe, &data, address)?;
        cold.push(took);
        drop(server);
    }
    let (server, _) = start(&exe, &data, address)?;
    let mut client = Client::open(address)?;
    client.sign_in("shen")?;
    std::thread::sleep(Duration::from_secs(2));
    println!("cold start (median of 5)        {:>9.0?}", median(cold));
    println!("memory at rest                  {:>6} KiB", memory_kib(server.0.id())?);
    let first = client.ask("GET", "/district", "", true)?;
    let mut weight = first.body.len();
    let text = client.ask("GET", "/district", "", false)?;
    for name in String::from_utf8_lossy(&text.body)
        .split("\"/assets/")
        .skip(1)
        .filter_map(|t| t.split(['"', '#']).next())
        .collect::<std::collections::BTreeSet<_>>()
    {
        weight += client.ask("GET", &format!("/assets/{name}"), "", true)?.body.len();
    }
    println!("first page with its assets, gz  {:>6} KiB", weight / 1024);
    println!("{:<34}{:>10}{:>10}{:>8}", "page", "p50", "idle p50", "ratio");
    for path in [
        "/district",
        "/board",
        "/today",
        "/sites",
        "/people",
        "/policy",
        "/api/v1/sites",
        "/imports",
    ] {
        let (mut busy, mut idle) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let at = Instant::now();
            let answer = client.ask("GET", path, "", false)?;
            if answer.status != 200 {
                return Err(
                    format!("{path} answered {} {:?}", answer.status, answer.headers).into()
                );
            }
            busy.push(at.elapsed());
            let at = Instant::now();
            client.ask("GET", "/healthz", "", false)?;
            idle.push(at.elapsed());
        }
        let (busy, idle) = (median(busy), median(idle));
        println!(
            "{path:<34}{busy:>10.2?}{idle:>10.2?}{:>8.1}",
            busy.as_secs_f64() / idle.as_secs_f64().max(1e-9)
        );
    }
    drop(server);
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
