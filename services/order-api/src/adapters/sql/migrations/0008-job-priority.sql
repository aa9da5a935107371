-- Of its order, so that the backlog is read without the orders; null in the rows of an older program.
ALTER TABLE jobs ADD COLUMN priority text;
