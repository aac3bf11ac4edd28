//! Finding a resident by name among many: the index in memory against `LIKE` in SQLite over the same names, in the same run.
//!
//! `cargo run --release -p bench --bin clients -- [how many]`; 1,400,000 without arguments, the residents of a district.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark stops at the first surprise"
)]
use std::hint::black_box;
use std::time::{Duration, Instant};

use clients::index::{Builder, Reach};

/// A repeatable stream of numbers.
struct Dice(u64);
impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }
}

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇解查";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文斌波辉力云飞鹏宇浩凯健俊帆雪梅琳欣怡佳慧婷颖晨阳子涵梓轩语桐思雨晓峰海燕志永良学清月琴彩娥素芬美君立新德庆福根土阿毛金水";

fn percentile(all: &mut [Duration], p: f64) -> f64 {
    all.sort();
    let at = ((all.len() - 1) as f64 * p).round() as usize;
    all[at].as_secs_f64() * 1e3
}

fn main() {
    let n: usize = std::env::args().nth(1).map_or(1_400_000, |a| a.parse().unwrap());
    let (surnames, given): (Vec<char>, Vec<char>) =
        (SURNAMES.chars().collect(), GIVEN.chars().collect());
    let mut dice = Dice(20_261_124);
    let mut names = Vec::with_capacity(n);
    for _ in 0..n {
        // Common surnames are common: the lower of two throws.
        let s = dice.below(surnames.len()).min(dice.below(surnames.len()));
        let mut name = String::from(surnames[s]);
        for _ in 0..if dice.below(6) == 0 { 1 } else { 2 } {
            name.push(given[dice.below(given.len())]);
        }
        names.push(name);
    }
    let path = |i: usize| format!("/99/9900/990002/{}/{}/", i % 14, i % 203);
    let begun = Instant::now();
    let mut builder = Builder::default();
    for (i, name) in names.iter().enumerate() {
        builder.add(u32::try_from(i + 1).unwrap(), name, &path(i), i % 97 == 0);
    }
    let index = builder.done();
    println!(
        "{n} names: built in {:.2} s, {} MB",
        begun.elapsed().as_secs_f64(),
        index.bytes() / 1_000_000
    );

    let db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch("CREATE TABLE client(number INTEGER PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL); BEGIN").unwrap();
    {
        let mut put = db.prepare("INSERT INTO client VALUES(?1, ?2, ?3)").unwrap();
        for (i, name) in names.iter().enumerate() {
            put.execute((i as i64 + 1, name, path(i))).unwrap();
        }
    }
    db.execute_batch("COMMIT").unwrap();

    let head = Reach { path: "/99/9900/990002/3/".into(), place: true, ..Reach::default() };
    let worker = Reach {
        path: "/99/9900/990002/3/".into(),
        own: (0..400).map(|i| i * 14 + 4).collect(),
        ..Reach::default()
    };
    let all = Reach { all: true, ..Reach::default() };
    let mut ask = |what: &str, make: &mut dyn FnMut(&mut Dice) -> String| {
        for (who, reach) in
            [("everybody", &all), ("a street's head", &head), ("a worker of 400", &worker)]
        {
            let mut took = Vec::new();
            for _ in 0..300 {
                let q = make(&mut dice);
                let t = Instant::now();
                black_box(index.find(&q, reach, 60));
                took.push(t.elapsed());
            }
            println!(
                "{what:<22} {who:<16} p50 {:>7.3} ms  p99 {:>7.3} ms",
                percentile(&mut took, 0.5),
                percentile(&mut took, 0.99)
            );
        }
    };
    let known = names.clone();
    ask("two characters", &mut |d| known[d.below(n)].chars().take(2).collect());
    ask("the whole name", &mut |d| known[d.below(n)].clone());
    ask("two inside", &mut |d| {
        let c: Vec<char> = known[d.below(n)].chars().collect();
        c[c.len().saturating_sub(2)..].iter().collect()
    });
    ask("nobody's name", &mut |_| "龘龘".into());
    let letters = |d: &mut Dice, k: usize| {
        (0..k).map(|_| char::from(b"abcdfghjklmnpqrstwxyz"[d.below(21)])).collect::<String>()
    };
    ask("two initials", &mut |d| letters(d, 2));
    ask("three initials", &mut |d| letters(d, 3));
    ask("spelled, in part", &mut |d| {
        ["zhanggui", "wangxiaof", "liuy", "chenjing", "shanx"][d.below(5)].into()
    });

    let mut took = Vec::new();
    let mut like = db.prepare("SELECT number FROM client WHERE name LIKE '%' || ?1 || '%' AND path LIKE ?2 || '%' LIMIT 60").unwrap();
    let mut mine = Vec::new();
    for _ in 0..60 {
        let q: String = known[dice.below(n)].chars().take(2).collect();
        let t = Instant::now();
        black_box(like.query_map((&q, &head.path), |r| r.get::<_, i64>(0)).unwrap().count());
        took.push(t.elapsed());
        let t = Instant::now();
        black_box(index.find(&q, &head, 60));
        mine.push(t.elapsed());
    }
    let (theirs, ours) = (percentile(&mut took, 0.5), percentile(&mut mine, 0.5));
    println!(
        "two characters, a street's head: LIKE p50 {theirs:.2} ms, p99 {:.2} ms; index p50 {ours:.3} ms; ratio {:.0}",
        percentile(&mut took, 0.99),
        theirs / ours
    );
}
