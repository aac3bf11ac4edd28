//! The little world the tests play in: posts that belong to rooms, and an asker.
use db::{Event, Migration, Stamp, Tx, args};
use kernel::Instant;

db::record! { pub struct Room in "room" { id: String, name: String } }
db::record! {
    /// A post in a room.
    pub struct Post in "post" { id: String, room: String, minutes: i64, note: Option<String> }
}

pub(crate) const WORLD: [Migration; 1] = [Migration {
    number: 900,
    name: "0900_world",
    sql: "CREATE TABLE room (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE); \
          CREATE TABLE post (id TEXT PRIMARY KEY, room TEXT NOT NULL REFERENCES room (id), minutes BIGINT NOT NULL, note TEXT); \
          CREATE TABLE heard (seq BIGINT PRIMARY KEY, subject TEXT NOT NULL);",
    pg: None,
}];

pub(crate) fn stamp(at: i64) -> Stamp {
    Stamp {
        at: Instant(at),
        account: "a-1".into(),
        role: "worker".into(),
        request: format!("q-{at}"),
    }
}
pub(crate) fn room(id: &str) -> Room {
    Room { id: id.into(), name: format!("房间 {id}") }
}
pub(crate) fn post(id: &str, room: &str, minutes: i64) -> Post {
    Post { id: id.into(), room: room.into(), minutes, note: None }
}
/// Adds a room with its event.
pub(crate) fn add_room(tx: &mut Tx<'_>, id: &str, at: i64) -> db::Result<()> {
    let new = room(id);
    tx.insert(&new)?;
    tx.record(&stamp(at), event("room", id, "added", Some(&new)))
}
pub(crate) fn event<R: serde::Serialize>(
    subject: &'static str,
    id: &str,
    verb: &'static str,
    after: Option<&R>,
) -> Event {
    Event {
        subject,
        id: id.into(),
        verb,
        unit: Some("site-1".into()),
        before: None,
        after: after.map(|r| serde_json::to_value(r).unwrap()),
    }
}
pub(crate) fn rooms(tx: &mut Tx<'_>) -> db::Result<Vec<String>> {
    let rows: Vec<db::Row> = tx.all("SELECT id FROM room ORDER BY id", args![])?;
    rows.iter().map(|r| r.at(0)).collect()
}

/// A folder that goes with its test.
pub(crate) struct Folder(pub(crate) std::path::PathBuf);
impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("wushe-test-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
    pub(crate) fn file(&self) -> std::path::PathBuf {
        self.0.join("d.sqlite")
    }
}
impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
