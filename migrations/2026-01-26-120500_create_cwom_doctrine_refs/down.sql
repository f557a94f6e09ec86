DROP TABLE cwom.doctrine_refs;
DROP TYPE cwom.doctrine_priority;
DROP TYPE cwom.doctrine_kind;
