-- Residents served, where they live, and who looks after them. Sealed columns hold `s1.…`; index columns are keyed hashes.
CREATE TABLE household(
  id       TEXT PRIMARY KEY,
  region   TEXT NOT NULL REFERENCES region(id),
  path     TEXT NOT NULL,
  building TEXT,
  door     TEXT,
  since    TEXT NOT NULL,
  until    TEXT
);
CREATE INDEX household_by_path ON household(path);

CREATE TABLE client(
  id          TEXT PRIMARY KEY,
  number      BIGINT NOT NULL,
  external_id TEXT,
  name        TEXT NOT NULL,
  sex         TEXT,
  birth       TEXT,
  id_number   TEXT,
  id_index    TEXT,
  id_tail     TEXT,
  phone       TEXT,
  phone_index TEXT,
  phone_tail  TEXT,
  region      TEXT NOT NULL REFERENCES region(id),
  path        TEXT NOT NULL,
  site        TEXT,
  household   TEXT REFERENCES household(id),
  restricted  BIGINT NOT NULL,
  grade       TEXT NOT NULL,
  state       TEXT NOT NULL,
  merged_into TEXT REFERENCES client(id),
  since       TEXT NOT NULL,
  ended_on    TEXT,
  ended_why   TEXT
);
CREATE UNIQUE INDEX client_by_number ON client(number);
CREATE UNIQUE INDEX client_by_external ON client(external_id);
CREATE INDEX client_by_id_index ON client(id_index);
CREATE INDEX client_by_id_tail ON client(id_tail);
CREATE INDEX client_by_phone_index ON client(phone_index);
CREATE INDEX client_by_phone_tail ON client(phone_tail);
CREATE INDEX client_by_path ON client(path, number);
CREATE INDEX client_by_site ON client(site, number);
CREATE INDEX client_by_household ON client(household);

CREATE TABLE assignment(
  id          TEXT PRIMARY KEY,
  client      TEXT NOT NULL REFERENCES client(id),
  person      TEXT NOT NULL REFERENCES person(id),
  kind        TEXT NOT NULL,
  since       TEXT NOT NULL,
  until       TEXT,
  approved_by TEXT NOT NULL
);
CREATE INDEX assignment_by_client ON assignment(client);
CREATE INDEX assignment_by_person ON assignment(person, client);

CREATE TABLE avoidance(
  id     TEXT PRIMARY KEY,
  client TEXT NOT NULL REFERENCES client(id),
  person TEXT NOT NULL REFERENCES person(id),
  reason TEXT NOT NULL,
  since  TEXT NOT NULL
);
CREATE INDEX avoidance_by_client ON avoidance(client);
