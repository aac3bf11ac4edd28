-- Community deliberation, two-neighbours culture, resident leaders. Each state of an issue is a row of issue_step; sealed columns hold `s1.…`.
CREATE TABLE issue(
  id          TEXT PRIMARY KEY,
  number      BIGINT NOT NULL,
  title       TEXT NOT NULL,
  source      TEXT NOT NULL,
  category    TEXT NOT NULL,
  site        TEXT NOT NULL REFERENCES site(id),
  region      TEXT NOT NULL REFERENCES region(id),
  path        TEXT NOT NULL,
  worker      TEXT NOT NULL REFERENCES person(id),
  raised_by   TEXT,
  detail      TEXT,
  collected   TEXT NOT NULL,
  state       TEXT NOT NULL,
  resolution  TEXT,
  public_from TEXT,
  public_to   TEXT,
  escalated   TEXT,
  raters      BIGINT NOT NULL,
  points      BIGINT NOT NULL,
  at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX issue_by_number ON issue(number);
CREATE INDEX issue_by_path ON issue(path, number);
CREATE INDEX issue_by_site ON issue(site, number);

CREATE TABLE issue_step(
  id      TEXT PRIMARY KEY,
  issue   TEXT NOT NULL REFERENCES issue(id),
  state   TEXT NOT NULL,
  at      BIGINT NOT NULL,
  account TEXT NOT NULL,
  who     TEXT NOT NULL,
  words   TEXT,
  day     TEXT
);
CREATE INDEX issue_step_by_issue ON issue_step(issue, at);

CREATE TABLE issue_meeting(
  id         TEXT PRIMARY KEY,
  issue      TEXT NOT NULL REFERENCES issue(id),
  form       TEXT NOT NULL,
  day        TEXT NOT NULL,
  place      TEXT NOT NULL,
  noticed_on TEXT,
  held_on    TEXT,
  length     BIGINT NOT NULL,
  attended   BIGINT NOT NULL,
  rule       TEXT,
  yes        BIGINT NOT NULL,
  no         BIGINT NOT NULL,
  abstain    BIGINT NOT NULL,
  outcome    TEXT,
  views      TEXT,
  minutes    TEXT,
  at         BIGINT NOT NULL
);
CREATE INDEX issue_meeting_by_issue ON issue_meeting(issue, at);

CREATE TABLE issue_participant(
  id      TEXT PRIMARY KEY,
  issue   TEXT NOT NULL REFERENCES issue(id),
  name    TEXT NOT NULL,
  role    TEXT NOT NULL,
  present BIGINT NOT NULL,
  at      BIGINT NOT NULL
);
CREATE INDEX issue_participant_by_issue ON issue_participant(issue, at);

CREATE TABLE issue_action(
  id      TEXT PRIMARY KEY,
  issue   TEXT NOT NULL REFERENCES issue(id),
  what    TEXT NOT NULL,
  owner   TEXT NOT NULL,
  due     TEXT NOT NULL,
  done_on TEXT,
  note    TEXT,
  at      BIGINT NOT NULL
);
CREATE INDEX issue_action_by_issue ON issue_action(issue, due);
CREATE INDEX issue_action_by_due ON issue_action(done_on, due);

CREATE TABLE neighbour_activity(
  id        TEXT PRIMARY KEY,
  title     TEXT NOT NULL,
  kind      TEXT NOT NULL,
  site      TEXT NOT NULL REFERENCES site(id),
  region    TEXT NOT NULL REFERENCES region(id),
  path      TEXT NOT NULL,
  worker    TEXT NOT NULL REFERENCES person(id),
  day       TEXT NOT NULL,
  place     TEXT NOT NULL,
  minutes   BIGINT NOT NULL,
  persons   BIGINT NOT NULL,
  note      TEXT,
  withdrawn BIGINT,
  at        BIGINT NOT NULL
);
CREATE INDEX neighbour_activity_by_path ON neighbour_activity(path, day);
CREATE INDEX neighbour_activity_by_site ON neighbour_activity(site, day);

CREATE TABLE resident_leader(
  id        TEXT PRIMARY KEY,
  site      TEXT NOT NULL REFERENCES site(id),
  region    TEXT NOT NULL REFERENCES region(id),
  path      TEXT NOT NULL,
  name      TEXT NOT NULL,
  phone     TEXT,
  role      TEXT NOT NULL,
  group_led TEXT,
  since     TEXT NOT NULL,
  until     TEXT,
  at        BIGINT NOT NULL
);
CREATE INDEX resident_leader_by_path ON resident_leader(path, name);
CREATE INDEX resident_leader_by_site ON resident_leader(site, name);

CREATE TABLE leader_deed(
  id     TEXT PRIMARY KEY,
  leader TEXT NOT NULL REFERENCES resident_leader(id),
  kind   TEXT NOT NULL,
  what   TEXT NOT NULL,
  day    TEXT NOT NULL,
  hours  BIGINT NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX leader_deed_by_leader ON leader_deed(leader, day);
