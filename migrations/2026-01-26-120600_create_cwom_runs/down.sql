DROP TABLE cwom.runs;
DROP TYPE cwom.actor_kind;
DROP TYPE cwom.run_status;
DROP TYPE cwom.run_kind;
