-- Orders whose rows were removed and whose objects may not be: a removal that stopped in the middle, or a
-- worker that had not heard of it yet.
CREATE TABLE removed_orders (
  id text PRIMARY KEY,
  removed_at timestamptz NOT NULL
);
CREATE INDEX removed_orders_by_age ON removed_orders (removed_at);
