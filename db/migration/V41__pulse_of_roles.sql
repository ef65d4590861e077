-- How a run goes, role by role: written by its holder with each renewal, read by `status`. The arrays go together.
ALTER TABLE reconciler.lease
    ADD COLUMN roles            text[],
    ADD COLUMN role_planned     bigint[],
    ADD COLUMN role_settled     bigint[],
    ADD COLUMN role_not_applied bigint[],
    ADD CONSTRAINT roles_go_together CHECK (
        num_nonnulls(roles, role_planned, role_settled, role_not_applied) IN (0, 4)
        AND (roles IS NULL OR cardinality(roles) = ALL (ARRAY[cardinality(role_planned), cardinality(role_settled),
                                                              cardinality(role_not_applied)])));
