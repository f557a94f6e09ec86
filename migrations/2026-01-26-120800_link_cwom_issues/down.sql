DROP TABLE cwom.issue_constraint_snapshots;
DROP TABLE cwom.issue_doctrine_refs;
DROP TABLE cwom.issue_context_packets;
