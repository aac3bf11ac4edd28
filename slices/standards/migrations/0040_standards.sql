CREATE TABLE pack_choice(
  id            TEXT PRIMARY KEY,
  pack          TEXT NOT NULL,
  in_force_from TEXT,
  chosen_at     BIGINT NOT NULL
);

CREATE TABLE option_choice(
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  value   TEXT NOT NULL,
  since   TEXT NOT NULL,
  until   TEXT
);
CREATE INDEX option_choice_by_name ON option_choice(name, since);

CREATE TABLE waiver(
  id       TEXT PRIMARY KEY,
  rule     TEXT NOT NULL,
  unit     TEXT NOT NULL,
  reason   TEXT NOT NULL,
  approver TEXT NOT NULL,
  since    TEXT NOT NULL,
  until    TEXT NOT NULL
);
CREATE INDEX waiver_by_unit ON waiver(unit);

CREATE TABLE bound_text(
  id      TEXT PRIMARY KEY,
  pack    TEXT NOT NULL,
  text    TEXT NOT NULL,
  at      BIGINT NOT NULL
);
