-- What a site's service plan, contract or assessment lists for a year (4B.1-7).
CREATE TABLE service_item(
  id     TEXT PRIMARY KEY,
  site   TEXT NOT NULL REFERENCES site(id),
  year   BIGINT NOT NULL,
  title  TEXT NOT NULL,
  source TEXT NOT NULL,
  admin  BIGINT NOT NULL
);
CREATE INDEX service_item_by_site ON service_item(site, year);
