//! How often somebody may ask for something: counted per minute in memory, because a limit that forgets on restart still limits.
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use kernel::Instant;

use crate::Error;

const MINUTE: i64 = 60_000;
/// When so many counters are kept, those of earlier minutes are dropped.
const MOST_COUNTERS: usize = 10_000;

/// The process-wide counters; ask the shell's parts for it.
#[derive(Default)]
pub struct Limits(Mutex<HashMap<(String, &'static str), (i64, u32)>>);

impl Limits {
    /// Counts one more of `what` by `who` in this minute.
    ///
    /// # Errors
    /// [`Error::TooMany`] once there were `most`.
    pub fn take(
        &self,
        who: &str,
        what: &'static str,
        most: u32,
        now: Instant,
    ) -> Result<(), Error> {
        let minute = now.0.div_euclid(MINUTE);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_COUNTERS {
            all.retain(|_, (when, _)| *when == minute);
        }
        let counter = all.entry((who.to_owned(), what)).or_insert((minute, 0));
        if counter.0 != minute {
            *counter = (minute, 0);
        }
        if counter.1 >= most {
            return Err(Error::TooMany);
        }
        counter.1 += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_minute_begins_anew_and_people_do_not_share() {
        let limits = Limits::default();
        let take = |who, at| limits.take(who, "search", 2, Instant(at)).is_ok();
        assert!(take("a", 0) && take("a", 1) && !take("a", 59_999));
        assert!(take("b", 59_999));
        assert!(take("a", 60_000));
    }
}
