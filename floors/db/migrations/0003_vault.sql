-- One data key per owner, wrapped by a key that lies outside the database. An empty key was destroyed.
CREATE TABLE data_key (
    owner   TEXT   PRIMARY KEY,
    wrapped TEXT   NOT NULL,
    kek     BIGINT NOT NULL
);
