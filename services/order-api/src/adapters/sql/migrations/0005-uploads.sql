-- Files that customers send to us. Their bytes are objects; how many of a waiting one have come, the object store knows.
CREATE TABLE uploads (
  id text PRIMARY KEY,
  customer_id text NOT NULL,
  filename text,
  -- As declared, until it is complete; null: not known.
  bytes bigint,
  -- What its customer was allowed when it was made.
  max_bytes bigint NOT NULL,
  -- waiting, complete; expired: its bytes are being removed, and then the row.
  status text NOT NULL,
  -- Of the object, once it is complete.
  etag text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  completed_at timestamptz,
  -- Who may write to it, and until when: one at a time among all processes.
  writer text,
  writer_until timestamptz
);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);

-- The orders that name an upload; most name none.
CREATE INDEX orders_of_uploads ON orders USING gin ((request->'uploads'))
  WHERE request->'uploads' <> '{}'::jsonb;
