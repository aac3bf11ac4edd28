-- Visits: how often, when planned, how they went, and what was found to be needed. Sealed columns are sealed for the client.
CREATE TABLE visit_plan(
  id         TEXT PRIMARY KEY,
  client     TEXT NOT NULL REFERENCES client(id),
  every_days BIGINT NOT NULL,
  why        TEXT,
  set_by     TEXT NOT NULL,
  since      TEXT NOT NULL,
  until      TEXT
);
CREATE INDEX visit_plan_by_client ON visit_plan(client, since);

CREATE TABLE visit(
  id            TEXT PRIMARY KEY,
  client        TEXT NOT NULL REFERENCES client(id),
  site          TEXT NOT NULL,
  region        TEXT NOT NULL REFERENCES region(id),
  path          TEXT NOT NULL,
  day           TEXT NOT NULL,
  time          TEXT NOT NULL,
  minutes       BIGINT NOT NULL,
  way           TEXT NOT NULL,
  planned       BIGINT NOT NULL,
  outcome       TEXT NOT NULL,
  state         TEXT,
  help          TEXT,
  note          TEXT,
  next_on       TEXT,
  by_account    TEXT NOT NULL,
  at            BIGINT NOT NULL,
  withdrawn     BIGINT,
  withdrawn_why TEXT
);
CREATE INDEX visit_by_client ON visit(client, day);
CREATE INDEX visit_by_site ON visit(site, day);
CREATE INDEX visit_by_path ON visit(path, day);

CREATE TABLE visit_worker(
  id     TEXT PRIMARY KEY,
  visit  TEXT NOT NULL REFERENCES visit(id),
  person TEXT NOT NULL REFERENCES person(id)
);
CREATE INDEX visit_worker_by_visit ON visit_worker(visit);

CREATE TABLE visit_need(
  id         TEXT PRIMARY KEY,
  visit      TEXT NOT NULL REFERENCES visit(id),
  client     TEXT NOT NULL REFERENCES client(id),
  kind       TEXT NOT NULL,
  words      TEXT,
  answered   TEXT,
  answered_on TEXT,
  at         BIGINT NOT NULL
);
CREATE INDEX visit_need_by_client ON visit_need(client, answered);
CREATE INDEX visit_need_by_visit ON visit_need(visit);

-- A visit planned for a day; done once a visit stands beside it.
CREATE TABLE visit_turn(
  id      TEXT PRIMARY KEY,
  client  TEXT NOT NULL REFERENCES client(id),
  day     TEXT NOT NULL,
  set_by  TEXT NOT NULL,
  at      BIGINT NOT NULL,
  visit   TEXT REFERENCES visit(id),
  dropped BIGINT
);
CREATE INDEX visit_turn_by_client ON visit_turn(client, day);
CREATE INDEX visit_turn_by_day ON visit_turn(day);

CREATE TABLE visit_turn_worker(
  id     TEXT PRIMARY KEY,
  turn   TEXT NOT NULL REFERENCES visit_turn(id),
  person TEXT NOT NULL REFERENCES person(id)
);
CREATE INDEX visit_turn_worker_by_turn ON visit_turn_worker(turn);
CREATE INDEX visit_turn_worker_by_person ON visit_turn_worker(person);
