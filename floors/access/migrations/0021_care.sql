-- Emergency looks at closed files, and messages to people.
CREATE TABLE glass(
  id          TEXT PRIMARY KEY,
  client      TEXT NOT NULL REFERENCES client(id),
  account     TEXT NOT NULL REFERENCES account(id),
  reason      TEXT NOT NULL,
  words       TEXT NOT NULL,
  opened_at   BIGINT NOT NULL,
  until       BIGINT NOT NULL,
  reviewed_by TEXT,
  reviewed_at BIGINT,
  justified   BIGINT,
  review      TEXT
);
CREATE INDEX glass_by_client ON glass(client, account);
CREATE INDEX glass_by_account ON glass(account, opened_at);

CREATE TABLE notice(
  id      TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account(id),
  key     TEXT NOT NULL,
  args    TEXT NOT NULL,
  href    TEXT NOT NULL,
  urgent  BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  read_at BIGINT
);
CREATE INDEX notice_by_account ON notice(account, at);
