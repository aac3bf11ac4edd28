-- Where messages go besides the app: webhooks with their outbox, and calendar feeds.
CREATE INDEX notice_unread ON notice(account) WHERE read_at IS NULL;

CREATE TABLE webhook(
  id          TEXT PRIMARY KEY,
  url         TEXT NOT NULL,
  note        TEXT NOT NULL,
  secret      TEXT NOT NULL,
  urgent_only BIGINT NOT NULL,
  paused_at   BIGINT,
  at          BIGINT NOT NULL
);

CREATE TABLE webhook_delivery(
  id      TEXT PRIMARY KEY,
  webhook TEXT NOT NULL,
  kind    TEXT NOT NULL,
  said    TEXT NOT NULL,
  href    TEXT NOT NULL,
  urgent  BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  tries   BIGINT NOT NULL,
  next_at BIGINT,
  done_at BIGINT,
  answer  TEXT
);
CREATE INDEX webhook_delivery_due ON webhook_delivery(next_at);
CREATE INDEX webhook_delivery_of ON webhook_delivery(webhook, at);

CREATE TABLE calendar_feed(
  id         TEXT PRIMARY KEY,
  token      TEXT NOT NULL,
  account    TEXT NOT NULL REFERENCES account(id),
  role_grant TEXT NOT NULL REFERENCES role_grant(id),
  at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendar_feed_by_token ON calendar_feed(token);
CREATE INDEX calendar_feed_by_account ON calendar_feed(account);
