-- Referrals: what is asked of another body, the packet as it was sent, each state with who and when, links for partners without an account, and
-- who has room for what. Sealed columns hold `s1.…`; of links and browsers only hashes are kept.
CREATE TABLE referral(
  id            TEXT PRIMARY KEY,
  number        BIGINT NOT NULL,
  client        TEXT NOT NULL REFERENCES client(id),
  site          TEXT NOT NULL REFERENCES site(id),
  region        TEXT NOT NULL REFERENCES region(id),
  path          TEXT NOT NULL,
  worker        TEXT NOT NULL REFERENCES person(id),
  origin        TEXT,
  to_site       TEXT REFERENCES site(id),
  to_org        TEXT REFERENCES org(id),
  to_path       TEXT,
  to_name       TEXT NOT NULL,
  to_contact    TEXT,
  field         TEXT NOT NULL,
  urgency       TEXT NOT NULL,
  reason        TEXT NOT NULL,
  summary       TEXT,
  categories    TEXT,
  shares        TEXT NOT NULL,
  basis         TEXT,
  consent_by    TEXT,
  consent_on    TEXT,
  consent_form  TEXT,
  clause        TEXT,
  packet        TEXT,
  state         TEXT NOT NULL,
  sent_at       BIGINT,
  answer_by     TEXT,
  opened_at     BIGINT,
  answered_at   BIGINT,
  keeper        TEXT REFERENCES person(id),
  first_service TEXT,
  minutes       BIGINT NOT NULL,
  at            BIGINT NOT NULL
);
CREATE UNIQUE INDEX referral_by_number ON referral(number);
CREATE INDEX referral_by_client ON referral(client, number);
CREATE INDEX referral_by_site ON referral(site, number);
CREATE INDEX referral_by_receiver ON referral(to_site, number);
CREATE INDEX referral_by_to_path ON referral(to_path, number);
CREATE INDEX referral_by_state ON referral(state, answer_by);

CREATE TABLE referral_step(
  id       TEXT PRIMARY KEY,
  referral TEXT NOT NULL REFERENCES referral(id),
  state    TEXT NOT NULL,
  at       BIGINT NOT NULL,
  account  TEXT,
  who      TEXT NOT NULL,
  link     TEXT,
  words    TEXT,
  detail   TEXT
);
CREATE INDEX referral_step_by_referral ON referral_step(referral, at);

CREATE TABLE referral_link(
  id         TEXT PRIMARY KEY,
  referral   TEXT NOT NULL REFERENCES referral(id),
  hash       TEXT NOT NULL,
  code       TEXT NOT NULL,
  until      BIGINT NOT NULL,
  made_by    TEXT NOT NULL,
  made_at    BIGINT NOT NULL,
  bound      TEXT,
  bound_at   BIGINT,
  wrong      BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE UNIQUE INDEX referral_link_by_hash ON referral_link(hash);
CREATE INDEX referral_link_by_referral ON referral_link(referral, made_at);

CREATE TABLE referral_look(
  id    TEXT PRIMARY KEY,
  link  TEXT NOT NULL REFERENCES referral_link(id),
  at    BIGINT NOT NULL,
  what  TEXT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX referral_look_by_link ON referral_look(link, at);

CREATE TABLE capacity(
  id        TEXT PRIMARY KEY,
  site      TEXT REFERENCES site(id),
  org       TEXT REFERENCES org(id),
  field     TEXT NOT NULL,
  room      TEXT NOT NULL,
  note      TEXT,
  confirmed TEXT NOT NULL,
  by_name   TEXT NOT NULL,
  at        BIGINT NOT NULL
);
CREATE UNIQUE INDEX capacity_by_site ON capacity(site, field);
CREATE UNIQUE INDEX capacity_by_org ON capacity(org, field);
