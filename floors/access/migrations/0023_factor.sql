-- The second factor of an account, its recovery codes, and when a browser last gave it.
CREATE TABLE second_factor(
  account   TEXT PRIMARY KEY REFERENCES account(id),
  secret    TEXT NOT NULL,
  since     BIGINT NOT NULL,
  confirmed BIGINT NOT NULL,
  last_step BIGINT NOT NULL
);
CREATE TABLE recovery_code(
  id      TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account(id),
  hash    TEXT NOT NULL,
  used_at BIGINT
);
CREATE INDEX recovery_code_by_account ON recovery_code(account);
ALTER TABLE session ADD COLUMN stepped_at BIGINT;
