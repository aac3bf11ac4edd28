-- Mandatory reports of harm to a minor. Rows are added and completed, never removed. `reporter` opens to two people only.
CREATE TABLE harm_report(
  id          TEXT PRIMARY KEY,
  year        BIGINT NOT NULL,
  serial      BIGINT NOT NULL,
  client      TEXT REFERENCES client(id),
  case_file   TEXT REFERENCES case_file(id),
  site        TEXT,
  path        TEXT NOT NULL,
  situation   TEXT,
  minor       TEXT,
  facts       TEXT,
  place       TEXT,
  steps       TEXT,
  found_at    BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  police_at   BIGINT,
  police      TEXT,
  police_receipt TEXT,
  police_officer TEXT,
  reporter    TEXT NOT NULL,
  reporter_index TEXT NOT NULL,
  closed_at   BIGINT,
  closed_by   TEXT,
  outcome     TEXT
);
CREATE UNIQUE INDEX harm_report_by_number ON harm_report(year, serial);
CREATE INDEX harm_report_by_path ON harm_report(path, at);
CREATE INDEX harm_report_by_reporter ON harm_report(reporter_index);
CREATE INDEX harm_report_by_client ON harm_report(client);
