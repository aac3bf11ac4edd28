-- Consultations: walk-in, by phone, online; of a client or of somebody who gives no name. Sealed for the client, else for the consultation.
CREATE TABLE consultation(
  id          TEXT PRIMARY KEY,
  client      TEXT REFERENCES client(id),
  site        TEXT NOT NULL,
  region      TEXT NOT NULL REFERENCES region(id),
  path        TEXT NOT NULL,
  person      TEXT NOT NULL REFERENCES person(id),
  channel     TEXT NOT NULL,
  field       TEXT NOT NULL,
  day         TEXT NOT NULL,
  minutes     BIGINT NOT NULL,
  question    TEXT NOT NULL,
  answer      TEXT,
  guide       TEXT,
  resolved    BIGINT NOT NULL,
  follow_on   TEXT,
  followed_on TEXT,
  follow_up   TEXT,
  by_account  TEXT NOT NULL,
  at          BIGINT NOT NULL
);
CREATE INDEX consultation_by_path ON consultation(path, day);
CREATE INDEX consultation_by_client ON consultation(client, day);
CREATE INDEX consultation_by_person ON consultation(person, follow_on);
