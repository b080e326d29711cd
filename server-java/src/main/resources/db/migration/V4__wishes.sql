-- The operator's last word on a run: GO, PAUSE or STOP; NULL: none was said.

ALTER TABLE run_plan ADD COLUMN wish VARCHAR(8);
