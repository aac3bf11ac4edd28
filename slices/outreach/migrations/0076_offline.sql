-- Phones that take visits along, and what they brought back. A device belongs to one account; its secret unseals what lies on it.
CREATE TABLE offline_device(
  id          TEXT PRIMARY KEY,
  account     TEXT NOT NULL REFERENCES account(id),
  person      TEXT NOT NULL REFERENCES person(id),
  secret      TEXT NOT NULL,
  agent       TEXT NOT NULL,
  opened_at   BIGINT NOT NULL,
  synced_at   BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  last_seq    BIGINT NOT NULL
);
CREATE INDEX offline_device_by_account ON offline_device(account);

CREATE TABLE offline_op(
  id           TEXT PRIMARY KEY,
  device       TEXT NOT NULL REFERENCES offline_device(id),
  seq          BIGINT NOT NULL,
  hash         TEXT NOT NULL,
  account      TEXT NOT NULL,
  person       TEXT NOT NULL,
  client       TEXT NOT NULL,
  path         TEXT NOT NULL,
  visit        TEXT NOT NULL,
  body         TEXT NOT NULL,
  state        TEXT NOT NULL,
  reason       TEXT,
  rival        TEXT,
  answer       TEXT NOT NULL,
  made_at      BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  decided_by   TEXT,
  decided_at   BIGINT,
  decision     TEXT,
  decision_why TEXT
);
CREATE UNIQUE INDEX offline_op_by_seq ON offline_op(device, seq);
CREATE INDEX offline_op_by_state ON offline_op(state, path);
CREATE INDEX offline_op_by_visit ON offline_op(visit);
