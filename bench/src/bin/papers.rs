//! A dossier as PDF: how long a paper of about 200 pages takes, beside LibreOffice turning the Word file of the same report into PDF in the same run.
//!
//! Run: `cargo run --release -p bench --features pdf --bin papers -- OUT_FOLDER`
use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use papers::report::{Block, Report, Section, docx};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Sections and records in each: about 200 pages.
const SECTIONS: usize = 12;
const RECORDS: usize = 58;
const ROUNDS: usize = 5;

/// What a contact note says, told over and over.
const TOLD: &str = "入户探访。老人血压平稳，情绪较上次明显好转，主动谈到社区食堂的菜价和楼下的健身步道。与女儿通话约二十分钟，女儿答应本月回来两次。\n\
    继续跟进居家安全改造：卫生间扶手已装好，门槛还没有处理，已与社区工作者约定下周二上门。提醒老人按时服药，不要独自提重物。";

fn dossier() -> Report {
    let record = |s: usize, n: usize| {
        vec![
            Block::Heading(
                format!("过程记录 第 {} 次", s * RECORDS + n + 1),
                "2026-11-23 · 60 分钟 · 方敏".into(),
            ),
            Block::Pairs(vec![
                ("事实".into(), TOLD.into()),
                ("分析".into(), "支持网络正在恢复，自我照顾能力尚可，跌倒风险仍在。".into()),
                (
                    "行动".into(),
                    "联系维修志愿者；约定下次探访；更新服务计划中的第二项目标。".into(),
                ),
            ]),
        ]
    };
    let sections = (0..SECTIONS)
        .map(|s| Section {
            title: format!("第 {} 部分", s + 1),
            blocks: (0..RECORDS).flat_map(|n| record(s, n)).collect(),
        })
        .collect();
    Report {
        title: "个案档案".into(),
        subtitle: "个案 2026-001".into(),
        cover: vec![("编号".into(), "2026-001".into()), ("类别".into(), "老年人".into())],
        sections,
        head: "仅限办案使用".into(),
        foot: "2026-001 · 2026-11-24 10:00".into(),
        index: "目录".into(),
        nothing: "本部分无文件。".into(),
        check: "校验码".into(),
        ..Report::default()
    }
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn main() -> Outcome<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "/tmp/wushe-papers".into()));
    std::fs::create_dir_all(&out)?;
    let report = dossier();
    let began = Instant::now();
    let (bytes, pages) = papers_pdf::print_counted(&report)?;
    println!(
        "first paper (fonts read): {pages} pages, {:?}, {} KB",
        began.elapsed(),
        bytes.len() / 1024
    );
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let (again, _) = papers_pdf::print_counted(&report)?;
        took.push(began.elapsed());
        if again != bytes {
            return Err("the same report made other bytes".into());
        }
    }
    let mid = median(took);
    println!(
        "PDF, median of {ROUNDS}: {mid:?}, {:.0} pages a second",
        pages as f64 / mid.as_secs_f64()
    );
    std::fs::write(out.join("dossier.pdf"), &bytes)?;
    let began = Instant::now();
    let word = docx::print(&report)?;
    println!("Word: {:?}, {} KB", began.elapsed(), word.len() / 1024);
    std::fs::write(out.join("dossier.docx"), word)?;
    let profile = format!("-env:UserInstallation=file://{}", out.join("profile").display());
    for round in ["cold", "warm"] {
        let began = Instant::now();
        let done = Command::new("soffice")
            .args([profile.as_str(), "--headless", "--convert-to", "pdf", "--outdir"])
            .arg(out.join("libreoffice"))
            .arg(out.join("dossier.docx"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match done {
            Ok(s) if s.success() => {
                println!("LibreOffice, docx to PDF, {round}: {:?}", began.elapsed())
            }
            _ => println!("LibreOffice is not here"),
        }
    }
    Ok(())
}
