-- When its files were given up, by the settings: playback is over, and it cannot be begun again.
ALTER TABLE orders ADD COLUMN expired_at timestamptz;
-- When its events but the last were removed.
ALTER TABLE orders ADD COLUMN events_removed_at timestamptz;

CREATE INDEX orders_by_end ON orders (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX orders_with_files ON orders ((status = 'completed'), ended_at)
  WHERE ended_at IS NOT NULL AND expired_at IS NULL;
CREATE INDEX orders_with_events ON orders (ended_at)
  WHERE ended_at IS NOT NULL AND events_removed_at IS NULL;
