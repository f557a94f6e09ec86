DROP TABLE tower.events;
DROP TYPE tower.event_status;
DROP TYPE tower.event_kind;
