-- Files beside a record: a case, a visit, an activity, a consent. The bytes lie sealed under the owner's key; name and note are sealed too.
CREATE TABLE attachment(
  id         TEXT PRIMARY KEY,
  subject    TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  owner      TEXT NOT NULL,
  kind       TEXT NOT NULL,
  file       TEXT NOT NULL REFERENCES file(id),
  name       TEXT NOT NULL,
  note       TEXT,
  day        TEXT NOT NULL,
  consent    BIGINT NOT NULL,
  by_account TEXT NOT NULL,
  by_name    TEXT NOT NULL,
  at         BIGINT NOT NULL,
  removed_at BIGINT,
  removed_by TEXT
);
CREATE INDEX attachment_by_owner ON attachment(owner, at);
CREATE INDEX attachment_by_subject ON attachment(subject, subject_id, at);
