CREATE TABLE region(
  id      TEXT PRIMARY KEY,
  kind    TEXT NOT NULL,
  code    TEXT NOT NULL,
  name    TEXT NOT NULL,
  parent  TEXT REFERENCES region(id),
  path    TEXT NOT NULL,
  since   TEXT NOT NULL,
  until   TEXT
);
CREATE INDEX region_by_parent ON region(parent);
CREATE INDEX region_by_path ON region(path);
CREATE INDEX region_by_code ON region(code);

CREATE TABLE region_code(
  id      TEXT PRIMARY KEY,
  region  TEXT NOT NULL REFERENCES region(id),
  code    TEXT NOT NULL,
  since   TEXT NOT NULL,
  until   TEXT
);
CREATE INDEX region_code_by_code ON region_code(code);

CREATE TABLE region_alias(
  id      TEXT PRIMARY KEY,
  region  TEXT NOT NULL REFERENCES region(id),
  name    TEXT NOT NULL
);

CREATE TABLE org(
  id      TEXT PRIMARY KEY,
  kind    TEXT NOT NULL,
  name    TEXT NOT NULL,
  uscc    TEXT,
  region  TEXT NOT NULL REFERENCES region(id),
  since   TEXT NOT NULL,
  until   TEXT
);

CREATE TABLE person(
  id          TEXT PRIMARY KEY,
  external_id TEXT,
  name        TEXT NOT NULL,
  sex         TEXT,
  birth       TEXT,
  id_number   TEXT,
  phone       TEXT,
  home        TEXT REFERENCES region(id),
  note        TEXT
);
CREATE UNIQUE INDEX person_by_external ON person(external_id);
CREATE UNIQUE INDEX person_by_number ON person(id_number);
CREATE INDEX person_by_name ON person(name);

CREATE TABLE qualification(
  id          TEXT PRIMARY KEY,
  external_id TEXT,
  person      TEXT NOT NULL REFERENCES person(id),
  kind        TEXT NOT NULL,
  level       TEXT,
  number      TEXT,
  issuer      TEXT,
  since       TEXT NOT NULL,
  until       TEXT
);
CREATE INDEX qualification_by_person ON qualification(person);
CREATE UNIQUE INDEX qualification_by_external ON qualification(external_id);

CREATE TABLE work_history(
  id      TEXT PRIMARY KEY,
  person  TEXT NOT NULL REFERENCES person(id),
  kind    TEXT NOT NULL,
  place   TEXT NOT NULL,
  since   TEXT NOT NULL,
  until   TEXT
);
CREATE INDEX work_history_by_person ON work_history(person);

CREATE TABLE file(
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  mime     TEXT NOT NULL,
  bytes    BIGINT NOT NULL,
  digest   TEXT NOT NULL,
  path     TEXT NOT NULL,
  by_account TEXT NOT NULL,
  at       BIGINT NOT NULL
);

CREATE TABLE site(
  id      TEXT PRIMARY KEY,
  code    TEXT NOT NULL,
  kind    TEXT NOT NULL,
  name    TEXT NOT NULL,
  named   TEXT,
  region  TEXT NOT NULL REFERENCES region(id),
  parent  TEXT REFERENCES site(id),
  basis   TEXT,
  label   TEXT,
  address TEXT,
  host    TEXT,
  area    BIGINT,
  phone   TEXT,
  since   TEXT NOT NULL,
  until   TEXT
);
CREATE UNIQUE INDEX site_by_code ON site(code);
CREATE INDEX site_by_region ON site(region);

CREATE TABLE post(
  id          TEXT PRIMARY KEY,
  external_id TEXT,
  site        TEXT NOT NULL REFERENCES site(id),
  person      TEXT NOT NULL REFERENCES person(id),
  role        TEXT NOT NULL,
  employment  TEXT NOT NULL,
  affiliation TEXT,
  grade       TEXT,
  duty        TEXT,
  since       TEXT NOT NULL,
  until       TEXT
);
CREATE INDEX post_by_site ON post(site);
CREATE INDEX post_by_person ON post(person);
CREATE UNIQUE INDEX post_by_external ON post(external_id);
