-- Messages that were written in the transaction that made them necessary, until the broker has them.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  destination text NOT NULL,
  body text NOT NULL,
  attributes jsonb NOT NULL,
  -- Messages of one group are sent in the order of their ids.
  message_group text,
  deduplication_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Why the broker will never take it: kept for the engineer on call, sent no more.
  rejected text
);
