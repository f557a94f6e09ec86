DROP TABLE tower.workflows;
DROP TABLE tower.agents;
DROP TYPE tower.workflow_trigger_kind;
DROP TYPE tower.workflow_status;
DROP TYPE tower.agent_status;
DROP TYPE tower.agent_kind;
