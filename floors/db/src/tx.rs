//! One transaction: questions, changes, events.
use std::panic::{AssertUnwindSafe, catch_unwind};

use kernel::Refusal;

use crate::engine::Engine;
use crate::event::{Head, chain};
use crate::vault::Ring;
use crate::{Error, Event, FromRow, Listener, Record, Result, Row, Stamp, Value, Vault};

/// How deep listeners may answer listeners before it is taken for a circle.
const CIRCLE: u32 = 16;

/// Words that would end the transaction under an act's feet.
const TRANSACTION: [&str; 8] =
    ["ABORT", "BEGIN", "COMMIT", "END", "RELEASE", "ROLLBACK", "SAVEPOINT", "START"];

/// A transaction on one engine. Nothing happened unless the act that holds it answers `Ok`.
pub struct Tx<'a> {
    pub(crate) engine: Engine<'a>,
    listeners: &'a [Listener],
    /// The log's last entry as this transaction sees it. Questions do not need it.
    pub(crate) head: Head,
    /// The last entry this process knows to be committed, to which a walk over the log must lead.
    pub(crate) known: Option<Head>,
    /// Savepoints open.
    depth: u32,
    /// Listeners on the stack.
    hearing: u32,
    /// The engine refused a statement since the innermost savepoint, so that savepoint cannot be kept: PostgreSQL would not, and
    /// SQLite shall not either.
    faulted: bool,
    /// The whole transaction is lost: it could not even be rolled back to a savepoint.
    pub(crate) lost: Option<String>,
    /// What seals and opens.
    pub(crate) vault: Vault,
    pub(crate) ring: Ring,
    /// Is it the writer's?
    pub(crate) writes: bool,
}

impl<'a> Tx<'a> {
    /// The floor's own questions, and readers': without a vault and without the right to write.
    pub(crate) fn new(
        engine: Engine<'a>,
        listeners: &'a [Listener],
        head: Head,
        known: Option<Head>,
    ) -> Self {
        Self {
            engine,
            listeners,
            head,
            known,
            depth: 0,
            hearing: 0,
            faulted: false,
            lost: None,
            vault: Vault::closed(),
            ring: Ring::default(),
            writes: false,
        }
    }
    pub(crate) fn with(mut self, vault: &Vault, writes: bool) -> Self {
        self.vault = vault.clone();
        self.writes = writes;
        self
    }
}

impl Tx<'_> {
    /// All rows of a question.
    ///
    /// # Errors
    /// The engine's fault, or a row that does not fit `T`.
    pub fn all<T: FromRow>(&mut self, sql: &str, args: &[Value]) -> Result<Vec<T>> {
        self.fit(sql, args)?;
        let rows = self.engine.rows(sql, args, usize::MAX);
        self.heed(rows)?.iter().map(T::from_row).collect()
    }
    /// The first row of a question, if any.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub fn one<T: FromRow>(&mut self, sql: &str, args: &[Value]) -> Result<Option<T>> {
        self.fit(sql, args)?;
        let rows = self.engine.rows(sql, args, 1);
        self.heed(rows)?.first().map(T::from_row).transpose()
    }
    /// A whole number: `SELECT COUNT(*) …`.
    ///
    /// # Errors
    /// The engine's fault, or no such number.
    pub fn count(&mut self, sql: &str, args: &[Value]) -> Result<i64> {
        self.one::<Row>(sql, args)?
            .ok_or_else(|| Error::Broken(format!("no number answers `{sql}`")))?
            .at(0)
    }
    /// A change; answers how many rows it touched.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn run(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        self.fit(sql, args)?;
        let touched = self.engine.run(sql, args);
        self.heed(touched)
    }
    /// Several statements without arguments.
    ///
    /// # Errors
    /// The engine's fault.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.fit(sql, &[])?;
        let done = self.engine.batch(sql);
        self.heed(done)
    }
    /// Inserts a whole record.
    ///
    /// # Errors
    /// The engine's fault (a broken key, a missing parent).
    pub fn insert<R: Record>(&mut self, row: &R) -> Result<()> {
        let sql = self.engine.sql(R::TABLE, "insert", || insert_sql::<R>());
        self.run(&sql, &row.values()).map(drop)
    }
    /// Overwrites a whole record by its key; answers whether there was one.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn update<R: Record>(&mut self, row: &R) -> Result<bool> {
        let sql = self.engine.sql(R::TABLE, "update", || update_sql::<R>());
        Ok(self.run(&sql, &row.values())? > 0)
    }
    /// Removes a record by its key; answers whether there was one.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn delete<R: Record>(&mut self, key: &Value) -> Result<bool> {
        let sql = self.engine.sql(R::TABLE, "delete", || {
            format!("DELETE FROM {} WHERE {} = $1", R::TABLE, key_of::<R>())
        });
        Ok(self.run(&sql, std::slice::from_ref(key))? > 0)
    }
    /// The record with this key, if any.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn find<R: Record>(&mut self, key: &Value) -> Result<Option<R>> {
        let sql = self.engine.sql(R::TABLE, "find", || {
            format!(
                "SELECT {} FROM {} WHERE {} = $1",
                R::COLUMNS.join(", "),
                R::TABLE,
                key_of::<R>()
            )
        });
        self.one(&sql, std::slice::from_ref(key))
    }
    /// Writes an event into the chain and lets the listeners react, in this transaction.
    ///
    /// # Errors
    /// The engine's fault, or a listener's "no".
    pub fn record(&mut self, stamp: &Stamp, event: Event) -> Result<()> {
        self.head = chain::append(self, self.head, stamp, &event)?;
        if self.listeners.is_empty() {
            return Ok(());
        }
        if self.hearing >= CIRCLE {
            return Err(Error::Broken(format!(
                "listeners of `{}` answer one another in a circle",
                event.subject
            )));
        }
        self.hearing += 1;
        let heard = self.listeners.iter().try_for_each(|listen| listen(self, stamp, &event));
        self.hearing -= 1;
        heard
    }
    /// Runs `f` under a nested savepoint: on `Err` nothing of it stays and the outer act may go on.
    ///
    /// # Errors
    /// Whatever `f` answers.
    pub fn attempt<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.nested(true, f)
    }

    /// An act: `f` under a savepoint, kept only on `Ok` and only when `keep`. A panic inside is undone and answered as `Broken`.
    pub(crate) fn act<T>(
        &mut self,
        keep: bool,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let depth = self.depth;
        let answer = self.nested(keep, |tx| {
            // What the panic left half-done in the database is rolled back here; what it left in memory is dropped with the act.
            catch_unwind(AssertUnwindSafe(|| f(tx))).unwrap_or_else(|panic| {
                tx.depth = depth + 1;
                tx.hearing = 0;
                Err(Error::Broken(format!("panic: {}", said(&*panic))))
            })
        });
        if let Err(Error::Broken(why)) = &answer {
            tracing::error!(%why, "an act broke");
        }
        answer
    }

    /// A question: nothing to keep, a panic is answered as `Broken`.
    pub(crate) fn question<T>(mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        catch_unwind(AssertUnwindSafe(|| f(&mut self))).unwrap_or_else(|panic| {
            let why = format!("panic: {}", said(&*panic));
            tracing::error!(%why, "a question broke");
            Err(Error::Broken(why))
        })
    }

    fn nested<T>(&mut self, keep: bool, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (head, faulted) = (self.head, std::mem::take(&mut self.faulted));
        let depth = self.depth;
        self.engine.savepoint(depth)?;
        self.depth += 1;
        let mut answer = f(self);
        self.depth = depth;
        if self.faulted && answer.is_ok() {
            answer = Err(Error::Broken(
                "the engine refused a statement and the act went on; use `Tx::attempt`".into(),
            ));
        }
        if keep && answer.is_ok() {
            match self.engine.release(depth) {
                Ok(()) => {
                    self.faulted = faulted;
                    return answer;
                }
                Err(e) => answer = Err(e),
            }
        }
        if let Err(e) = self.engine.rollback_to(depth) {
            self.lost.get_or_insert_with(|| e.to_string());
        }
        self.head = head;
        self.faulted = faulted;
        self.ring.forget();
        answer
    }

    /// Refuses what only one of the engines would take, and anything after the transaction has ended by itself.
    fn fit(&mut self, sql: &str, args: &[Value]) -> Result<()> {
        if !self.engine.stands() {
            self.faulted = true;
            return Err(Error::Broken("the engine has ended the transaction after a fault".into()));
        }
        let verb =
            sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if TRANSACTION.iter().any(|word| verb.eq_ignore_ascii_case(word)) {
            self.faulted = true;
            return Err(Error::Broken(format!("`{verb}` is not an act's to say")));
        }
        if args.iter().any(|a| matches!(a, Value::Text(t) if t.contains('\0'))) {
            return Err(Refusal::new("db.text_nul").into());
        }
        Ok(())
    }
    /// Remembers that a statement was refused.
    fn heed<T>(&mut self, answer: Result<T>) -> Result<T> {
        self.faulted |= answer.is_err();
        answer
    }
}

/// The words of a panic.
pub(crate) fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without words")
}

fn key_of<R: Record>() -> &'static str {
    R::COLUMNS.first().copied().unwrap_or_default()
}
fn insert_sql<R: Record>() -> String {
    let marks: Vec<String> = (1..=R::COLUMNS.len()).map(|n| format!("${n}")).collect();
    format!("INSERT INTO {} ({}) VALUES ({})", R::TABLE, R::COLUMNS.join(", "), marks.join(", "))
}
fn update_sql<R: Record>() -> String {
    // A record of a key alone has nothing to overwrite but the key itself, which keeps the statement whole.
    let skip = usize::from(R::COLUMNS.len() > 1);
    let sets: Vec<String> = R::COLUMNS
        .iter()
        .enumerate()
        .skip(skip)
        .map(|(at, c)| format!("{c} = ${}", at + 1))
        .collect();
    format!("UPDATE {} SET {} WHERE {} = $1", R::TABLE, sets.join(", "), key_of::<R>())
}
