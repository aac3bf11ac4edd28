-- What is known of residents served beside the file itself. Narrative is sealed for the client's id.
CREATE TABLE client_category(
  id       TEXT PRIMARY KEY,
  client   TEXT NOT NULL REFERENCES client(id),
  category TEXT NOT NULL,
  detail   TEXT,
  source   TEXT NOT NULL,
  verified_by TEXT REFERENCES person(id),
  since    TEXT NOT NULL,
  until    TEXT
);
CREATE INDEX client_category_by_client ON client_category(client);
CREATE INDEX client_category_by_word ON client_category(category, client);

-- What awaits the head's word: an assignment (未成年人网络保护条例 §36), a lower risk grade.
CREATE TABLE client_request(
  id         TEXT PRIMARY KEY,
  client     TEXT NOT NULL REFERENCES client(id),
  kind       TEXT NOT NULL,
  person     TEXT REFERENCES person(id),
  role       TEXT,
  grade      TEXT,
  reason     TEXT,
  asked_by   TEXT NOT NULL,
  asked_at   BIGINT NOT NULL,
  decided_by TEXT,
  decided_at BIGINT,
  granted    BIGINT
);
CREATE INDEX client_request_by_client ON client_request(client);
CREATE INDEX client_request_open ON client_request(decided_at, client);

-- Finds a household by region, building and door without opening its door.
CREATE TABLE household_place(
  household TEXT PRIMARY KEY REFERENCES household(id),
  place     TEXT NOT NULL
);
CREATE INDEX household_place_by_place ON household_place(place);

-- Every risk grade a client was given, with what spoke for it.
CREATE TABLE risk(
  id       TEXT PRIMARY KEY,
  client   TEXT NOT NULL REFERENCES client(id),
  grade    TEXT NOT NULL,
  factors  TEXT,
  reason   TEXT,
  day      TEXT NOT NULL,
  at       BIGINT NOT NULL,
  by_account TEXT NOT NULL,
  approved_by TEXT
);
CREATE INDEX risk_by_client ON risk(client, at);
