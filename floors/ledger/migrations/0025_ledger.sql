-- The service ledger, its monthly sums (kept in the same transaction), and time that was no service.
CREATE TABLE service(
  id           TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  source       TEXT NOT NULL,
  source_id    TEXT NOT NULL,
  site         TEXT NOT NULL,
  region       TEXT NOT NULL REFERENCES region(id),
  path         TEXT NOT NULL,
  day          TEXT NOT NULL,
  month        TEXT NOT NULL,
  minutes      BIGINT NOT NULL,
  person_times BIGINT NOT NULL,
  unnamed      BIGINT NOT NULL,
  project      TEXT,
  need         TEXT,
  field        TEXT,
  at           BIGINT NOT NULL,
  withdrawn    BIGINT
);
CREATE INDEX service_by_source ON service(source, source_id);
CREATE INDEX service_by_site ON service(site, day);
CREATE INDEX service_by_path ON service(path, day);
CREATE INDEX service_by_project ON service(project, day);

CREATE TABLE service_worker(
  id      TEXT PRIMARY KEY,
  service TEXT NOT NULL REFERENCES service(id),
  person  TEXT NOT NULL REFERENCES person(id),
  day     TEXT NOT NULL,
  minutes BIGINT NOT NULL
);
CREATE INDEX service_worker_by_service ON service_worker(service);
CREATE INDEX service_worker_by_person ON service_worker(person, day);

CREATE TABLE service_client(
  id      TEXT PRIMARY KEY,
  service TEXT NOT NULL REFERENCES service(id),
  client  TEXT NOT NULL REFERENCES client(id),
  day     TEXT NOT NULL
);
CREATE INDEX service_client_by_service ON service_client(service);
CREATE INDEX service_client_by_client ON service_client(client, day);

CREATE TABLE service_month(
  site         TEXT NOT NULL,
  month        TEXT NOT NULL,
  kind         TEXT NOT NULL,
  path         TEXT NOT NULL,
  services     BIGINT NOT NULL,
  minutes      BIGINT NOT NULL,
  person_times BIGINT NOT NULL,
  persons      BIGINT NOT NULL,
  PRIMARY KEY (site, month, kind)
);
CREATE INDEX service_month_by_path ON service_month(path, month);

CREATE TABLE service_month_client(
  site   TEXT NOT NULL,
  month  TEXT NOT NULL,
  kind   TEXT NOT NULL,
  client TEXT NOT NULL,
  times  BIGINT NOT NULL,
  PRIMARY KEY (site, month, kind, client)
);

CREATE TABLE other_time(
  id       TEXT PRIMARY KEY,
  person   TEXT NOT NULL REFERENCES person(id),
  site     TEXT NOT NULL,
  path     TEXT NOT NULL,
  kind     TEXT NOT NULL,
  day      TEXT NOT NULL,
  minutes  BIGINT NOT NULL,
  what     TEXT NOT NULL,
  asked_by TEXT,
  at       BIGINT NOT NULL
);
CREATE INDEX other_time_by_person ON other_time(person, day);
CREATE INDEX other_time_by_path ON other_time(path, day);
