-- Why the run under way sends nothing for now; null while it sends. Told with each renewal, as the rest of the pulse is.
ALTER TABLE reconciler.lease ADD COLUMN held_up_by text;
