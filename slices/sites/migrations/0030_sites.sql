CREATE TABLE site_name(
  id    TEXT PRIMARY KEY,
  site  TEXT NOT NULL REFERENCES site(id),
  name  TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL
);
CREATE INDEX site_name_by_site ON site_name(site);

CREATE TABLE operation(
  id       TEXT PRIMARY KEY,
  site     TEXT NOT NULL REFERENCES site(id),
  mode     TEXT NOT NULL,
  operator TEXT REFERENCES org(id),
  contract TEXT,
  since    TEXT NOT NULL,
  until    TEXT
);
CREATE INDEX operation_by_site ON operation(site);

CREATE TABLE room(
  id        TEXT PRIMARY KEY,
  site      TEXT NOT NULL REFERENCES site(id),
  name      TEXT NOT NULL,
  functions TEXT NOT NULL,
  area      BIGINT,
  since     TEXT NOT NULL,
  until     TEXT
);
CREATE INDEX room_by_site ON room(site);

CREATE TABLE facility(
  id    TEXT PRIMARY KEY,
  site  TEXT NOT NULL REFERENCES site(id),
  kind  TEXT NOT NULL,
  name  TEXT,
  place TEXT,
  since TEXT NOT NULL,
  until TEXT
);
CREATE INDEX facility_by_site ON facility(site);

CREATE TABLE rule_doc(
  id      TEXT PRIMARY KEY,
  site    TEXT NOT NULL REFERENCES site(id),
  class   TEXT NOT NULL,
  kind    TEXT NOT NULL,
  title   TEXT NOT NULL,
  version TEXT,
  signer  TEXT,
  since   TEXT NOT NULL,
  until   TEXT
);
CREATE INDEX rule_doc_by_site ON rule_doc(site);

CREATE TABLE designation(
  id     TEXT PRIMARY KEY,
  site   TEXT NOT NULL REFERENCES site(id),
  honour TEXT NOT NULL,
  level  TEXT NOT NULL,
  year   BIGINT,
  doc_no TEXT,
  note   TEXT,
  since  TEXT NOT NULL,
  until  TEXT
);
CREATE INDEX designation_by_site ON designation(site);

CREATE TABLE register_report(
  id       TEXT PRIMARY KEY,
  site     TEXT NOT NULL REFERENCES site(id),
  register TEXT NOT NULL,
  since    TEXT NOT NULL
);
CREATE UNIQUE INDEX register_report_once ON register_report(site, register);

CREATE TABLE evidence(
  id          TEXT PRIMARY KEY,
  site        TEXT NOT NULL REFERENCES site(id),
  subject     TEXT NOT NULL,
  record      TEXT NOT NULL,
  file        TEXT NOT NULL REFERENCES file(id),
  taken       TEXT NOT NULL,
  note        TEXT,
  by_account  TEXT NOT NULL,
  at          BIGINT NOT NULL,
  outcome     TEXT,
  reason      TEXT,
  reviewer    TEXT,
  reviewed_at BIGINT
);
CREATE INDEX evidence_by_site ON evidence(site);
CREATE INDEX evidence_by_record ON evidence(subject, record);
