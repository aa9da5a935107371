-- Where a customer is told of the events of all its orders. No secret is kept: each is made from the
-- endpoint's id and the version.
CREATE TABLE webhook_endpoints (
  id text PRIMARY KEY,
  customer_id text NOT NULL,
  url text NOT NULL,
  events text[] NOT NULL,
  description text,
  secret_version integer NOT NULL,
  -- Until then the version before signs as well.
  previous_secret_until timestamptz,
  disabled_at timestamptz,
  disabled_reason text,
  -- Of the first try that failed since the last that did not.
  failing_since timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX webhook_endpoints_by_customer ON webhook_endpoints (customer_id, id);

-- What endpoints are told, and what became of it.
CREATE TABLE webhook_deliveries (
  id text PRIMARY KEY,
  -- No reference: an order's change must not fail because the endpoint went in the same moment.
  endpoint_id text NOT NULL,
  -- Null for a test.
  order_id text REFERENCES orders ON DELETE CASCADE,
  event_id text NOT NULL,
  type text NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  attempts jsonb NOT NULL DEFAULT '[]',
  next_try_at timestamptz,
  created_at timestamptz NOT NULL
);
-- Ids sort by time, so this is the list, newest first.
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_by_order ON webhook_deliveries (order_id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
