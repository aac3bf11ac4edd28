-- Whom a client has around, what was merged, and a quick way to a building.
CREATE TABLE relation(
  id         TEXT PRIMARY KEY,
  client     TEXT NOT NULL REFERENCES client(id),
  other      TEXT REFERENCES client(id),
  name       TEXT,
  kin        TEXT NOT NULL,
  sex        TEXT,
  birth_year BIGINT,
  dead       BIGINT NOT NULL,
  together   BIGINT NOT NULL,
  bond       TEXT NOT NULL,
  note       TEXT
);
CREATE INDEX relation_by_client ON relation(client);
CREATE INDEX relation_by_other ON relation(other);

CREATE TABLE support(
  id     TEXT PRIMARY KEY,
  client TEXT NOT NULL REFERENCES client(id),
  kind   TEXT NOT NULL,
  name   TEXT,
  bond   TEXT NOT NULL,
  flow   TEXT NOT NULL,
  note   TEXT
);
CREATE INDEX support_by_client ON support(client);

CREATE TABLE client_merge(
  id        TEXT PRIMARY KEY,
  kept      TEXT NOT NULL REFERENCES client(id),
  gone      TEXT NOT NULL REFERENCES client(id),
  moved     TEXT NOT NULL,
  at        BIGINT NOT NULL,
  by_account TEXT NOT NULL,
  undone_at BIGINT,
  undone_by TEXT
);
CREATE INDEX client_merge_by_kept ON client_merge(kept);
CREATE INDEX client_by_merged ON client(merged_into);
CREATE INDEX household_by_building ON household(building);
