-- Inspection dossiers that were taken: who, of what, for which day, where the log stood, and the digest of what was handed over.
CREATE TABLE dossier(
  id         TEXT PRIMARY KEY,
  unit       TEXT NOT NULL,
  place      TEXT NOT NULL,
  path       TEXT NOT NULL,
  as_of      TEXT NOT NULL,
  digest     TEXT NOT NULL,
  code       TEXT NOT NULL,
  head       BIGINT NOT NULL,
  head_hash  TEXT NOT NULL,
  by_account TEXT NOT NULL,
  by_name    TEXT NOT NULL,
  at         BIGINT NOT NULL
);
CREATE INDEX dossier_by_path ON dossier(path);
