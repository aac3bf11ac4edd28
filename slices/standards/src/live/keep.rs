//! What the process remembers: the district as it stands, refreshed by what the log adds, and answers to questions asked before.
//!
//! A record that changes refreshes its own site or person and whoever these reach; only a change of the map, of the sites themselves or
//! of many records at once gathers the district anew. Either way the verdicts are those of a full evaluation.
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use db::event::Entry;
use db::{Result, Tx};
use kernel::{Day, Instant};
use policy::{Clocks, Mirror, Pack, Rows, Settings};
use web::{Shell, Slice};

use super::gather::person;
use super::{Gathered, Question, Snapshot, Unit, gather, settings};
use crate::{acts, pack, store};

/// What the process keeps. Old states are dropped.
#[derive(Default)]
pub(crate) struct Live(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// The last event looked at.
    looked: i64,
    now: Option<Now>,
    facts: HashMap<Instant, Gathered>,
    asked: HashMap<(Question, Day), Arc<Snapshot>>,
    gathers: u64,
}

/// The district as it stands today.
struct Now {
    mirror: Mirror,
    units: Arc<HashMap<String, Unit>>,
    /// Slices of which a few units can be told anew.
    alone: Vec<&'static str>,
    /// Whoever was measured anew since `snapshot`; `None`: all.
    anew: Option<BTreeSet<String>>,
    snapshot: Option<Arc<Snapshot>>,
}

/// Most answers kept at once; the district's own page and a few days people compare.
const MOST_KEPT: usize = 24;
/// Beyond so many entries of the log at once the district is gathered anew.
const MOST_NEWS: i64 = 200;

/// What a bureau decides: it changes verdicts and no facts.
const DECISIONS: [&str; 3] = ["pack_choice", "option_choice", "waiver"];

/// How often the whole district was gathered since the process began.
pub fn gathers(shell: &Shell) -> u64 {
    lock(&shell.parts.get::<Live>()).gathers
}

fn lock(live: &Live) -> MutexGuard<'_, Kept> {
    live.0.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The verdicts for a question as this transaction sees the log.
///
/// # Errors
/// The engine's fault.
pub fn current(
    tx: &mut Tx<'_>,
    today: Day,
    shell: &Shell,
    question: &Question,
) -> Result<Arc<Snapshot>> {
    let live = shell.parts.get::<Live>();
    let seen = store::last_event(tx)?;
    let known = question.known.map(acts::known_at);
    let clocks =
        Clocks { as_of: question.as_of.unwrap_or(today), known_at: known, law_at: question.law };
    let key = (question.clone(), today);
    let gathered = {
        let mut kept = lock(&live);
        kept.catch_up(tx, shell, seen)?;
        if let Some(s) = kept.asked.get(&key) {
            return Ok(Arc::clone(s));
        }
        match known {
            None => {
                let now = kept.now(tx, shell, today)?;
                if clocks == Clocks::on(today) {
                    let (pack, settings) = (pack::current(tx)?, settings(tx, today, None)?);
                    let snapshot = now.snapshot(pack, settings, today);
                    kept.keep(key, &snapshot);
                    return Ok(snapshot);
                }
                Some(now.gathered())
            }
            Some(at) => kept.facts.get(&at).cloned(),
        }
    };
    // Another day is judged aside: who asks about today need not wait for it.
    let gathered = match gathered {
        Some(g) => g,
        None => gather(tx, shell, known)?.0,
    };
    let settings = settings(tx, clocks.as_of, known)?;
    let snapshot = Arc::new(super::judge(pack::current(tx)?, &gathered, settings, clocks));
    let mut kept = lock(&live);
    if kept.looked == seen {
        kept.keep(key, &snapshot);
        if let Some(at) = known {
            kept.facts.insert(at, gathered);
        }
    }
    Ok(snapshot)
}

impl Kept {
    fn keep(&mut self, key: (Question, Day), snapshot: &Arc<Snapshot>) {
        if self.asked.len() >= MOST_KEPT {
            self.asked.clear();
            self.facts.clear();
        }
        self.asked.insert(key, Arc::clone(snapshot));
    }

    /// Takes in what the log added since the last look.
    fn catch_up(&mut self, tx: &mut Tx<'_>, shell: &Shell, seen: i64) -> Result<()> {
        if seen <= self.looked {
            return Ok(());
        }
        let news = db::event::since(tx, self.looked, MOST_NEWS)?;
        let whole = i64::try_from(news.len()).unwrap_or(MOST_NEWS) >= MOST_NEWS;
        let (decided, touched): (Vec<&Entry>, Vec<&Entry>) = news
            .iter()
            .filter(|e| concerns(shell, &e.subject))
            .partition(|e| DECISIONS.contains(&e.subject.as_str()));
        if whole || !touched.is_empty() {
            self.facts.clear();
            // Should a question fail half-way, the next one gathers anew.
            let now = self.now.take();
            if let (false, Some(mut now)) = (whole, now)
                && now.take_in(tx, shell, &touched)?
            {
                self.now = Some(now);
            }
        }
        if whole || !touched.is_empty() || !decided.is_empty() {
            self.asked.clear();
        }
        self.looked = seen;
        Ok(())
    }

    /// The district as it stands, gathered if need be.
    fn now(&mut self, tx: &mut Tx<'_>, shell: &Shell, today: Day) -> Result<&mut Now> {
        let now = match self.now.take() {
            Some(now) => now,
            None => {
                let (gathered, alone) = gather(tx, shell, None)?;
                self.gathers += 1;
                let (pack, settings) = (pack::current(tx)?, settings(tx, today, None)?);
                let mirror = Mirror::new(pack, gathered.facts, Clocks::on(today), settings);
                Now { mirror, units: gathered.units, alone, anew: None, snapshot: None }
            }
        };
        Ok(self.now.insert(now))
    }
}

/// Could an event about such a thing change a verdict?
fn concerns(shell: &Shell, subject: &str) -> bool {
    subject == "region"
        || DECISIONS.contains(&subject)
        || shell.slices.iter().any(|s| testifies(s, subject))
}
fn testifies(slice: &Slice, subject: &str) -> bool {
    slice.facts.is_some_and(|f| f.subjects.contains(&subject))
}

impl Now {
    /// Refreshes whom these entries concern; `false` when they concern more than single units and persons.
    fn take_in(&mut self, tx: &mut Tx<'_>, shell: &Shell, news: &[&Entry]) -> Result<bool> {
        let mut owners: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        for entry in news {
            if entry.subject == "region" {
                return Ok(false);
            }
            for slice in shell.slices.iter().filter(|s| testifies(s, &entry.subject)) {
                let of = slice.facts_of.filter(|_| self.alone.contains(&slice.name));
                let Some(whose) = of.and_then(|of| (of.owners)(entry)) else { return Ok(false) };
                owners.entry(slice.name).or_default().extend(whose);
            }
        }
        for slice in shell.slices.iter() {
            let (Some(whose), Some(of)) = (owners.remove(slice.name), slice.facts_of) else {
                continue;
            };
            let whose: Vec<String> = whose.into_iter().collect();
            let mut rows = Rows::default();
            (of.rows)(tx, &whose, &mut rows)?;
            let ids: Vec<&str> = whose.iter().map(String::as_str).collect();
            let orphans = self.mirror.facts().orphans().len();
            let reached = self.mirror.apply_in(of.tables, &ids, &rows);
            if !rows.persons.is_empty() {
                let district = registry::region::root(tx)?.map_or_else(String::new, |r| r.path);
                let people = rows.persons.iter().map(|p| (p.id.clone(), person(p, &district)));
                Arc::make_mut(&mut self.units).extend(people);
            }
            match (&mut self.anew, reached.owners) {
                (Some(anew), Some(more)) => anew.extend(more),
                (anew, _) => *anew = None,
            }
            // A site nobody introduced yet.
            if self.mirror.facts().orphans().len() > orphans {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn gathered(&self) -> Gathered {
        Gathered { facts: self.mirror.shared_facts(), units: Arc::clone(&self.units) }
    }

    fn snapshot(&mut self, pack: Arc<Pack>, settings: Settings, today: Day) -> Arc<Snapshot> {
        if self.mirror.clocks() != Clocks::on(today) {
            self.mirror.turn_to(today);
            self.anew = None;
        }
        if !Arc::ptr_eq(self.mirror.pack(), &pack) || *self.mirror.settings() != settings {
            self.mirror.adopt(pack, settings);
            self.anew = None;
        }
        let findings = match (&self.snapshot, &self.anew) {
            (Some(last), Some(anew)) if anew.is_empty() => return Arc::clone(last),
            (Some(last), Some(anew)) => self.mirror.findings(&last.findings, anew),
            _ => self.mirror.findings(&[], &BTreeSet::new()),
        };
        let snapshot = Arc::new(Snapshot {
            pack: Arc::clone(self.mirror.pack()),
            facts: self.mirror.shared_facts(),
            units: Arc::clone(&self.units),
            settings: self.mirror.settings().clone(),
            clocks: self.mirror.clocks(),
            hash: self.mirror.board().hash(&self.mirror.engine()),
            findings,
        });
        self.snapshot = Some(Arc::clone(&snapshot));
        self.anew = Some(BTreeSet::new());
        snapshot
    }
}
