-- What is chosen of a client's attachments to go along: their ids, joined by commas. What was sent stands in the sealed packet.
ALTER TABLE referral ADD COLUMN attachments TEXT;
