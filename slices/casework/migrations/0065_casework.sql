-- Cases from intake to follow-up. `case` is a word of SQL, so the table of cases is `case_file`. Sealed columns hold `s1.…`.
CREATE TABLE case_file(
  id         TEXT PRIMARY KEY,
  year       BIGINT NOT NULL,
  serial     BIGINT NOT NULL,
  client     TEXT NOT NULL REFERENCES client(id),
  site       TEXT NOT NULL REFERENCES site(id),
  region     TEXT NOT NULL REFERENCES region(id),
  path       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  source     TEXT NOT NULL,
  origin     TEXT,
  stage      TEXT NOT NULL,
  stage_on   TEXT NOT NULL,
  opened_on  TEXT NOT NULL,
  closed_on  TEXT,
  reason     TEXT,
  review_on  TEXT,
  crisis_at  BIGINT,
  keep_until TEXT
);
CREATE UNIQUE INDEX case_file_by_number ON case_file(year, serial);
CREATE INDEX case_file_by_client ON case_file(client);
CREATE INDEX case_file_by_path ON case_file(path, stage);
CREATE INDEX case_file_by_stage ON case_file(stage, opened_on);

CREATE TABLE case_stage(
  id        TEXT PRIMARY KEY,
  case_file TEXT NOT NULL REFERENCES case_file(id),
  stage     TEXT NOT NULL,
  on_day    TEXT NOT NULL,
  at        BIGINT NOT NULL,
  by_account TEXT NOT NULL,
  by_name   TEXT NOT NULL,
  reason    TEXT,
  words     TEXT
);
CREATE INDEX case_stage_by_case ON case_stage(case_file, at);

CREATE TABLE case_request(
  id         TEXT PRIMARY KEY,
  case_file  TEXT NOT NULL REFERENCES case_file(id),
  kind       TEXT NOT NULL,
  path       TEXT NOT NULL,
  asked_by   TEXT NOT NULL,
  asked_name TEXT NOT NULL,
  at         BIGINT NOT NULL,
  to_person  TEXT REFERENCES person(id),
  grade      TEXT,
  words      TEXT,
  decided_by TEXT,
  decided_name TEXT,
  decided_at BIGINT,
  outcome    TEXT,
  remark     TEXT,
  accepted_at BIGINT
);
CREATE INDEX case_request_by_case ON case_request(case_file);
CREATE INDEX case_request_open ON case_request(outcome, path);
CREATE INDEX case_request_by_person ON case_request(to_person);

CREATE TABLE contact_note(
  id        TEXT PRIMARY KEY,
  case_file TEXT NOT NULL REFERENCES case_file(id),
  serial    BIGINT NOT NULL,
  day       TEXT NOT NULL,
  start     TEXT,
  minutes   BIGINT NOT NULL,
  mode      TEXT NOT NULL,
  place     TEXT,
  facts     TEXT NOT NULL,
  analysis  TEXT,
  actions   TEXT,
  goals     TEXT NOT NULL,
  grade     TEXT,
  next_on   TEXT,
  next_step TEXT,
  late      TEXT NOT NULL,
  at        BIGINT NOT NULL,
  by_account TEXT NOT NULL,
  by_person TEXT NOT NULL REFERENCES person(id),
  by_name   TEXT NOT NULL,
  amended_at BIGINT
);
CREATE INDEX contact_note_by_case ON contact_note(case_file, day);

CREATE TABLE case_need(
  id        TEXT PRIMARY KEY,
  case_file TEXT NOT NULL REFERENCES case_file(id),
  place     BIGINT NOT NULL,
  words     TEXT NOT NULL,
  since     TEXT NOT NULL,
  until     TEXT
);
CREATE INDEX case_need_by_case ON case_need(case_file);

CREATE TABLE case_goal(
  id        TEXT PRIMARY KEY,
  case_file TEXT NOT NULL REFERENCES case_file(id),
  need      TEXT REFERENCES case_need(id),
  statement TEXT NOT NULL,
  indicator TEXT,
  due       TEXT,
  weight    BIGINT NOT NULL,
  level     BIGINT,
  levelled_on TEXT,
  since     TEXT NOT NULL,
  until     TEXT
);
CREATE INDEX case_goal_by_case ON case_goal(case_file);

CREATE TABLE case_task(
  id        TEXT PRIMARY KEY,
  case_file TEXT NOT NULL REFERENCES case_file(id),
  goal      TEXT REFERENCES case_goal(id),
  what      TEXT NOT NULL,
  owner     TEXT REFERENCES person(id),
  owner_words TEXT,
  due       TEXT,
  since     TEXT NOT NULL,
  done_on   TEXT
);
CREATE INDEX case_task_by_case ON case_task(case_file);
CREATE INDEX case_task_by_owner ON case_task(owner, done_on);

CREATE TABLE case_review(
  id        TEXT PRIMARY KEY,
  case_file TEXT NOT NULL REFERENCES case_file(id),
  about     TEXT NOT NULL,
  about_id  TEXT NOT NULL,
  verdict   TEXT NOT NULL,
  words     TEXT,
  at        BIGINT NOT NULL,
  by_account TEXT NOT NULL,
  by_name   TEXT NOT NULL,
  answer    TEXT,
  answered_at BIGINT
);
CREATE INDEX case_review_by_case ON case_review(case_file, at);

CREATE TABLE case_freeze(
  id        TEXT PRIMARY KEY,
  case_file TEXT NOT NULL REFERENCES case_file(id),
  hash      TEXT NOT NULL,
  parts     BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  by_name   TEXT NOT NULL
);
CREATE INDEX case_freeze_by_case ON case_freeze(case_file, at);

CREATE TABLE case_addendum(
  id        TEXT PRIMARY KEY,
  case_file TEXT NOT NULL REFERENCES case_file(id),
  words     TEXT NOT NULL,
  at        BIGINT NOT NULL,
  by_account TEXT NOT NULL,
  by_name   TEXT NOT NULL
);
CREATE INDEX case_addendum_by_case ON case_addendum(case_file, at);
