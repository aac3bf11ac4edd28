//! The SQL of the registers: the records of a parent (`$1`), and every record under a scope (path prefix `$1`, site or the empty text `$2`).
pub(super) const ORGS_OF_PARENT: &str = "SELECT * FROM org WHERE id = $1";
pub(super) const ORGS_EVERY: &str = "SELECT * FROM org WHERE $1 = $1 AND $2 = $2 ORDER BY name, id";
pub(super) const SITES_OF_PARENT: &str = "SELECT * FROM site WHERE id = $1";
pub(super) const PEOPLE_OF_PARENT: &str = "SELECT * FROM person WHERE id = $1";
pub(super) const QUALIFICATIONS_OF_PARENT: &str =
    "SELECT * FROM qualification WHERE person = $1 ORDER BY since DESC, id";
pub(super) const WORK_HISTORY_OF_PARENT: &str =
    "SELECT * FROM work_history WHERE person = $1 ORDER BY since DESC, id";
