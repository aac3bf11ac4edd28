-- Social work at schools: who is placed where under which agreement, and what was delivered there. `notes` is sealed for its own row.
CREATE TABLE school_placement(
  id        TEXT PRIMARY KEY,
  school    TEXT NOT NULL REFERENCES org(id),
  person    TEXT NOT NULL REFERENCES person(id),
  mode      TEXT NOT NULL,
  number    TEXT,
  signed_on TEXT NOT NULL,
  since     TEXT NOT NULL,
  until     TEXT
);
CREATE INDEX school_placement_by_school ON school_placement(school, since);
CREATE INDEX school_placement_by_person ON school_placement(person);

CREATE TABLE school_service(
  id        TEXT PRIMARY KEY,
  placement TEXT NOT NULL REFERENCES school_placement(id),
  school    TEXT NOT NULL REFERENCES org(id),
  person    TEXT NOT NULL REFERENCES person(id),
  day       TEXT NOT NULL,
  kind      TEXT NOT NULL,
  minutes   BIGINT NOT NULL,
  pupils    BIGINT NOT NULL,
  notes     TEXT,
  at        BIGINT NOT NULL,
  withdrawn BIGINT
);
CREATE INDEX school_service_by_school ON school_service(school, day);
CREATE INDEX school_service_by_placement ON school_service(placement, day);
