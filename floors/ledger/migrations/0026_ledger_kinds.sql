-- Administrative work that stands among the services (4B.1-7); services by month of the whole district; nobody twice in one service.
ALTER TABLE other_time ADD COLUMN listed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX service_by_day ON service(day);
CREATE UNIQUE INDEX service_client_once ON service_client(service, client);
