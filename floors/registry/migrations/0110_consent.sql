-- Who agreed to what (PIPL §13–§15, §29, §31): of this floor, because every slice asks it. Districts made before 0.1.0 have the table already.
CREATE TABLE IF NOT EXISTS consent(
  id           TEXT PRIMARY KEY,
  client       TEXT NOT NULL REFERENCES client(id),
  scope        TEXT NOT NULL,
  partner      TEXT,
  form         TEXT NOT NULL,
  given_by     TEXT NOT NULL,
  guardian     TEXT,
  since        TEXT NOT NULL,
  until        TEXT,
  withdrawn_on TEXT,
  why          TEXT,
  taken_by     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS consent_by_client ON consent(client);
CREATE INDEX consent_by_end ON consent(until, client);
