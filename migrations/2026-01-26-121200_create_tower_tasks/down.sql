DROP TABLE tower.tasks;
DROP TYPE tower.requester_kind;
DROP TYPE tower.task_status;
DROP TYPE tower.task_kind;
