-- What time alone set off, told once: a step (`harm_report.street`) about a record.
CREATE TABLE notice_step(
  about TEXT NOT NULL,
  step  TEXT NOT NULL,
  at    BIGINT NOT NULL,
  PRIMARY KEY (about, step)
);
