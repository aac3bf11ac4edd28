-- Community activities from plan to summary: who signed up, who came, who helped, what it cost.
CREATE TABLE activity(
  id          TEXT PRIMARY KEY,
  site        TEXT NOT NULL,
  region      TEXT NOT NULL REFERENCES region(id),
  path        TEXT NOT NULL,
  title       TEXT NOT NULL,
  kind        TEXT NOT NULL,
  field       TEXT NOT NULL,
  need        TEXT,
  goals       TEXT NOT NULL,
  target      TEXT,
  place       TEXT NOT NULL,
  day         TEXT NOT NULL,
  time        TEXT NOT NULL,
  minutes     BIGINT NOT NULL,
  capacity    BIGINT NOT NULL,
  budget      BIGINT NOT NULL,
  safety      TEXT NOT NULL,
  publicity   TEXT,
  token       TEXT NOT NULL,
  token_index TEXT NOT NULL,
  cancelled   BIGINT,
  cancelled_why TEXT,
  held        BIGINT,
  unnamed     BIGINT NOT NULL,
  materials   TEXT,
  closed      BIGINT,
  summary     TEXT,
  lessons     TEXT,
  score_5     BIGINT NOT NULL,
  score_4     BIGINT NOT NULL,
  score_3     BIGINT NOT NULL,
  score_2     BIGINT NOT NULL,
  score_1     BIGINT NOT NULL,
  by_account  TEXT NOT NULL,
  at          BIGINT NOT NULL
);
CREATE INDEX activity_by_path ON activity(path, day);
CREATE INDEX activity_by_site ON activity(site, day);
CREATE UNIQUE INDEX activity_by_token ON activity(token_index);

CREATE TABLE activity_worker(
  id       TEXT PRIMARY KEY,
  activity TEXT NOT NULL REFERENCES activity(id),
  person   TEXT NOT NULL REFERENCES person(id)
);
CREATE INDEX activity_worker_by_activity ON activity_worker(activity);

CREATE TABLE signup(
  id          TEXT PRIMARY KEY,
  activity    TEXT NOT NULL REFERENCES activity(id),
  client      TEXT REFERENCES client(id),
  name        TEXT NOT NULL,
  phone       TEXT,
  phone_index TEXT,
  way         TEXT NOT NULL,
  photo       BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  cancelled   BIGINT,
  came        BIGINT
);
CREATE INDEX signup_by_activity ON signup(activity, at);
CREATE INDEX signup_by_client ON signup(client);

CREATE TABLE activity_volunteer(
  id       TEXT PRIMARY KEY,
  activity TEXT NOT NULL REFERENCES activity(id),
  name     TEXT NOT NULL,
  minutes  BIGINT NOT NULL
);
CREATE INDEX activity_volunteer_by_activity ON activity_volunteer(activity);

CREATE TABLE activity_spend(
  id       TEXT PRIMARY KEY,
  activity TEXT NOT NULL REFERENCES activity(id),
  what     TEXT NOT NULL,
  amount   BIGINT NOT NULL,
  receipt  TEXT
);
CREATE INDEX activity_spend_by_activity ON activity_spend(activity);
