-- The log of every change. Rows are only ever added; each carries the hash of the one before it.
CREATE TABLE event (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    account TEXT   NOT NULL,
    role    TEXT   NOT NULL,
    request TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    verb    TEXT   NOT NULL,
    unit    TEXT,
    before  TEXT,
    after   TEXT,
    prev    TEXT   NOT NULL,
    hash    TEXT   NOT NULL
);
CREATE INDEX event_thing ON event (subject, id, seq);
CREATE INDEX event_unit ON event (unit, seq);
CREATE INDEX event_at ON event (at);
CREATE TRIGGER event_never_updated BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
CREATE TRIGGER event_never_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
