-- What the rounds look for: reports whose police nobody told, and cases that owe a crisis plan.
CREATE INDEX harm_report_waiting ON harm_report(at) WHERE police_at IS NULL;
CREATE INDEX case_file_by_crisis ON case_file(crisis_at) WHERE crisis_at IS NOT NULL;
