-- How often it was begun again after an end, and when last: a job and its result say their run.
ALTER TABLE orders ADD COLUMN run integer NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN retried_at timestamptz;
-- When its leftovers were removed from the object store after its end.
ALTER TABLE orders ADD COLUMN swept_at timestamptz;
CREATE INDEX orders_unswept ON orders (ended_at) WHERE ended_at IS NOT NULL AND swept_at IS NULL;

-- When a worker last told of it; null: nobody has since it was sent, or an older program wrote the row.
ALTER TABLE jobs ADD COLUMN heard_at timestamptz;

-- What a job of a kind takes, learned from the results. `key` names what the work depends on.
CREATE TABLE work_estimates (
  key text PRIMARY KEY,
  -- Of one core; for each frame of a chunk, each second of sound, each job of another kind.
  seconds_per_unit double precision NOT NULL,
  updated_at timestamptz NOT NULL
);
