-- Groups: plan, workers, phases, judgements of the plan, members, sessions with steps, records, attendance and sign-in. Sealed columns hold `s1.…`.
CREATE TABLE group_work(
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  openness   TEXT NOT NULL,
  model      TEXT,
  theory     TEXT,
  target     TEXT NOT NULL,
  goals      TEXT NOT NULL,
  criteria   TEXT,
  risks      TEXT,
  evaluation TEXT,
  size       BIGINT NOT NULL,
  planned    BIGINT NOT NULL,
  starts     TEXT,
  place      TEXT,
  scale      TEXT,
  site       TEXT NOT NULL REFERENCES site(id),
  region     TEXT NOT NULL REFERENCES region(id),
  path       TEXT NOT NULL,
  by_account TEXT NOT NULL,
  at         BIGINT NOT NULL
);
CREATE INDEX group_work_by_path ON group_work(path);
CREATE INDEX group_work_by_site ON group_work(site);

CREATE TABLE group_worker(
  id       TEXT PRIMARY KEY,
  group_id TEXT NOT NULL REFERENCES group_work(id),
  person   TEXT NOT NULL REFERENCES person(id),
  role     TEXT NOT NULL,
  since    TEXT NOT NULL,
  until    TEXT
);
CREATE INDEX group_worker_by_group ON group_worker(group_id);
CREATE INDEX group_worker_by_person ON group_worker(person);

CREATE TABLE group_phase(
  id         TEXT PRIMARY KEY,
  group_id   TEXT NOT NULL REFERENCES group_work(id),
  phase      TEXT NOT NULL,
  day        TEXT NOT NULL,
  by_account TEXT NOT NULL,
  by_name    TEXT NOT NULL,
  at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX group_phase_once ON group_phase(group_id, phase);

CREATE TABLE group_review(
  id         TEXT PRIMARY KEY,
  group_id   TEXT NOT NULL REFERENCES group_work(id),
  step       TEXT NOT NULL,
  reason     TEXT,
  by_account TEXT NOT NULL,
  by_name    TEXT NOT NULL,
  at         BIGINT NOT NULL
);
CREATE INDEX group_review_by_group ON group_review(group_id, at);

CREATE TABLE group_member(
  id          TEXT PRIMARY KEY,
  group_id    TEXT NOT NULL REFERENCES group_work(id),
  number      BIGINT NOT NULL,
  client      TEXT REFERENCES client(id),
  name        TEXT NOT NULL,
  tail        TEXT,
  adult_on    TEXT,
  applied_on  TEXT NOT NULL,
  outcome     TEXT NOT NULL,
  why         TEXT,
  decided_by  TEXT,
  decided_at  BIGINT,
  enrolled_on TEXT,
  contract_on TEXT,
  left_on     TEXT,
  left_why    TEXT
);
CREATE UNIQUE INDEX group_member_by_number ON group_member(group_id, number);
CREATE INDEX group_member_by_client ON group_member(client);

CREATE TABLE group_session(
  id       TEXT PRIMARY KEY,
  group_id TEXT NOT NULL REFERENCES group_work(id),
  number   BIGINT NOT NULL,
  day      TEXT NOT NULL,
  begins   TEXT NOT NULL,
  ends     TEXT NOT NULL,
  place    TEXT,
  theme    TEXT NOT NULL,
  goals    TEXT,
  steps    TEXT NOT NULL
);
CREATE UNIQUE INDEX group_session_by_number ON group_session(group_id, number);
CREATE INDEX group_session_by_day ON group_session(day);

CREATE TABLE group_record(
  id         TEXT PRIMARY KEY,
  session    TEXT NOT NULL REFERENCES group_session(id),
  group_id   TEXT NOT NULL REFERENCES group_work(id),
  day        TEXT NOT NULL,
  begins     TEXT NOT NULL,
  ends       TEXT NOT NULL,
  others     BIGINT NOT NULL,
  photos     BIGINT NOT NULL,
  happened   TEXT NOT NULL,
  dynamics   TEXT,
  attainment TEXT,
  reflection TEXT,
  next_time  TEXT,
  by_account TEXT NOT NULL,
  by_name    TEXT NOT NULL,
  at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX group_record_once ON group_record(session);
CREATE INDEX group_record_by_group ON group_record(group_id);

CREATE TABLE group_present(
  id        TEXT PRIMARY KEY,
  session   TEXT NOT NULL REFERENCES group_session(id),
  member    TEXT NOT NULL REFERENCES group_member(id),
  mark      TEXT NOT NULL,
  why       TEXT,
  note      TEXT,
  signed_at BIGINT
);
CREATE UNIQUE INDEX group_present_once ON group_present(session, member);
CREATE INDEX group_present_by_member ON group_present(member);

CREATE TABLE group_door(
  id          TEXT PRIMARY KEY,
  session     TEXT NOT NULL REFERENCES group_session(id),
  token       TEXT NOT NULL,
  token_index TEXT NOT NULL,
  closes      BIGINT NOT NULL,
  by_account  TEXT NOT NULL,
  at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX group_door_once ON group_door(session);
CREATE UNIQUE INDEX group_door_by_token ON group_door(token_index);
