-- Filled-in forms and scales, and the forms that a bureau adds to the shipped ones.
-- The body is sealed text; totals are kept in tenths so that trends are drawn without opening bodies.
CREATE TABLE form_answer (
    id           TEXT   PRIMARY KEY,
    form         TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    subject      TEXT   NOT NULL,
    subject_id   TEXT   NOT NULL,
    client       TEXT,
    stage        TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    total        BIGINT,
    band         TEXT,
    on_day       TEXT   NOT NULL,
    by_account   TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    revised_from TEXT   REFERENCES form_answer (id),
    at           BIGINT NOT NULL
);
CREATE INDEX form_answer_subject ON form_answer (subject, subject_id, form);
CREATE INDEX form_answer_client ON form_answer (client, form, on_day);
-- A final answer is corrected once: a second correction corrects the first one.
CREATE UNIQUE INDEX form_answer_revised ON form_answer (revised_from);
CREATE TABLE form_definition (
    id         TEXT   PRIMARY KEY,
    form       TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    source     TEXT   NOT NULL,
    by_account TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX form_definition_version ON form_definition (form, version);
