DROP TABLE cwom.constraint_snapshots;
DROP TYPE cwom.constraint_scope;
