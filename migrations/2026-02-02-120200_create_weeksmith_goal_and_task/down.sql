DROP TABLE weeksmith.task;
DROP TYPE weeksmith.task_status;
DROP TABLE weeksmith.goal;
DROP TYPE weeksmith.goal_status;
DROP TYPE weeksmith.goal_type;
