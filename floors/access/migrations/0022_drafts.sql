-- What somebody typed and has not sent yet: one row per account and form, sealed for the account.
CREATE TABLE draft(
  id      TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account(id),
  form    TEXT NOT NULL,
  body    TEXT NOT NULL,
  version BIGINT NOT NULL,
  device  TEXT NOT NULL,
  at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX draft_by_form ON draft(account, form);
CREATE INDEX draft_by_age ON draft(at);
