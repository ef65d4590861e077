-- Batch's two look-ups at every start: the latest instance of a job, and what is still running. Neither reads what is over.
CREATE INDEX batch_job_instance_by_name ON batch.batch_job_instance (job_name, job_instance_id);
CREATE INDEX batch_job_execution_running ON batch.batch_job_execution (job_instance_id)
    WHERE status IN ('STARTING', 'STARTED', 'STOPPING');

-- "What did people do in November?"
CREATE INDEX event_by_time ON audit.event USING brin (occurred_at);
