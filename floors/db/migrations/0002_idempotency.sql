-- What was answered to a request that carried a key, so that a retry is answered and not done again.
CREATE TABLE idempotency (
    key          TEXT   NOT NULL,
    account      TEXT   NOT NULL,
    request_hash TEXT   NOT NULL,
    answer       TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX idempotency_at ON idempotency (at);
