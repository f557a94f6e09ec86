DROP TABLE cwom.artifacts;
DROP TYPE cwom.artifact_kind;
