-- What an operator chose for a customer; one without a row, or a choice that is missing, is as the service is set.
CREATE TABLE customers (
  id text PRIMARY KEY,
  limits jsonb NOT NULL,
  source_prefixes text[] NOT NULL,
  destination_prefixes text[] NOT NULL,
  created_at timestamptz NOT NULL
);

-- A revoked key keeps its row: that there ever was a key is what switches keys on.
CREATE TABLE api_keys (
  id text PRIMARY KEY,
  -- Null: a key of the operator.
  customer_id text REFERENCES customers,
  -- SHA-256 of the key, which is 256 random bits: nothing to be guessed, so nothing to be slowed down.
  hash bytea NOT NULL,
  -- Its last four characters.
  hint text NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);

-- Counts a customer's open orders, however many have ended.
CREATE INDEX orders_open_by_customer ON orders (customer_id) WHERE ended_at IS NULL;
