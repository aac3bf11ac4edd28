-- What the page was called that a draft belongs to, sealed as the draft is: so that a person finds it again from the first screen.
ALTER TABLE draft ADD COLUMN title TEXT;
