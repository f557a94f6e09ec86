DROP TABLE weeksmith.cycle;
DROP TYPE weeksmith.cycle_status;
DROP TABLE weeksmith.vision;
