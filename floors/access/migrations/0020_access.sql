CREATE TABLE account(
  id          TEXT PRIMARY KEY,
  login       TEXT NOT NULL,
  name        TEXT NOT NULL,
  person      TEXT REFERENCES person(id),
  status      TEXT NOT NULL,
  hash        TEXT NOT NULL,
  must_change BIGINT NOT NULL,
  epoch       BIGINT NOT NULL,
  at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_by_login ON account(login);

CREATE TABLE role_grant(
  id      TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account(id),
  role    TEXT NOT NULL,
  region  TEXT NOT NULL REFERENCES region(id),
  site    TEXT,
  since   TEXT NOT NULL,
  until   TEXT
);
CREATE INDEX role_grant_by_account ON role_grant(account);

CREATE TABLE session(
  id        TEXT PRIMARY KEY,
  token     TEXT NOT NULL,
  account   TEXT NOT NULL REFERENCES account(id),
  role_grant TEXT NOT NULL REFERENCES role_grant(id),
  csrf      TEXT NOT NULL,
  epoch     BIGINT NOT NULL,
  agent     TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  seen_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX session_by_token ON session(token);
CREATE INDEX session_by_account ON session(account);

CREATE TABLE access_token(
  id         TEXT PRIMARY KEY,
  token      TEXT NOT NULL,
  account    TEXT NOT NULL REFERENCES account(id),
  role_grant TEXT NOT NULL REFERENCES role_grant(id),
  name       TEXT NOT NULL,
  writes     BIGINT NOT NULL,
  epoch      BIGINT NOT NULL,
  opened_at  BIGINT NOT NULL,
  until      TEXT NOT NULL
);
CREATE UNIQUE INDEX access_token_by_token ON access_token(token);

CREATE TABLE attempt(
  login        TEXT PRIMARY KEY,
  fails        BIGINT NOT NULL,
  closed_until BIGINT NOT NULL
);
