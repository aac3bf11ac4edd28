CREATE TABLE import_batch(
  id         TEXT PRIMARY KEY,
  registers  TEXT NOT NULL,
  file       TEXT NOT NULL,
  digest     TEXT NOT NULL,
  account    TEXT NOT NULL,
  name       TEXT NOT NULL,
  path       TEXT NOT NULL,
  at         BIGINT NOT NULL,
  added      BIGINT NOT NULL,
  amended    BIGINT NOT NULL,
  unchanged  BIGINT NOT NULL,
  undone_at  BIGINT,
  undone_by  TEXT
);
CREATE INDEX import_batch_by_at ON import_batch(at);

CREATE TABLE import_row(
  id       TEXT PRIMARY KEY,
  batch    TEXT NOT NULL REFERENCES import_batch(id),
  ord      BIGINT NOT NULL,
  register TEXT NOT NULL,
  subject  TEXT NOT NULL,
  record   TEXT NOT NULL,
  seq      BIGINT NOT NULL,
  before   TEXT
);
CREATE INDEX import_row_by_batch ON import_row(batch, ord);

CREATE TABLE export_log(
  id       TEXT PRIMARY KEY,
  account  TEXT NOT NULL,
  name     TEXT NOT NULL,
  path     TEXT NOT NULL,
  register TEXT NOT NULL,
  format   TEXT NOT NULL,
  rows     BIGINT NOT NULL,
  digest   TEXT NOT NULL,
  reason   TEXT NOT NULL,
  at       BIGINT NOT NULL
);
CREATE INDEX export_log_by_account ON export_log(account, at);
