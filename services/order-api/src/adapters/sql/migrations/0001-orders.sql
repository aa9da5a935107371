CREATE TABLE orders (
  id text PRIMARY KEY,
  customer_id text NOT NULL,
  -- What was ordered, as accepted: source, outputs, priority, webhook, metadata.
  request jsonb NOT NULL,
  status text NOT NULL,
  stage text NOT NULL,
  progress double precision NOT NULL,
  error jsonb,
  warnings jsonb NOT NULL,
  ffmpeg_build text,
  foreign_builds integer NOT NULL,
  -- Number of the last event.
  sequence integer NOT NULL,
  -- Grows with every change: a writer names the one it has read (law 2).
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  playable_at timestamptz,
  ended_at timestamptz
);
-- Ids sort by time, so these are the lists, newest first.
CREATE INDEX orders_by_status ON orders (status, id);
CREATE INDEX orders_by_customer ON orders (customer_id, id);
CREATE INDEX orders_open ON orders (created_at) WHERE ended_at IS NULL;

CREATE TABLE jobs (
  order_id text NOT NULL REFERENCES orders ON DELETE CASCADE,
  kind text NOT NULL,
  index integer NOT NULL,
  status text NOT NULL,
  progress double precision NOT NULL,
  -- What the first valid result said; the plan, the source and the output are here and nowhere else.
  outcome jsonb,
  attempts jsonb NOT NULL,
  estimate_seconds double precision,
  times_lost integer NOT NULL,
  sent_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (order_id, kind, index)
);
CREATE INDEX jobs_open ON jobs (sent_at) WHERE ended_at IS NULL;

-- Told by server-sent events, which can be taken up again at any of them.
CREATE TABLE events (
  order_id text NOT NULL REFERENCES orders ON DELETE CASCADE,
  sequence integer NOT NULL,
  type text NOT NULL,
  occurred_at timestamptz NOT NULL,
  snapshot jsonb NOT NULL,
  PRIMARY KEY (order_id, sequence)
);

CREATE TABLE idempotency_keys (
  customer_id text NOT NULL,
  key text NOT NULL,
  body_hash text NOT NULL,
  -- Who works on it; another takes it over when its process has died.
  claim text NOT NULL,
  claimed_at timestamptz NOT NULL,
  -- The answer, once there is one.
  response jsonb,
  PRIMARY KEY (customer_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (claimed_at);
