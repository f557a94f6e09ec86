DROP TABLE crucible.candidate_parents;
DROP FUNCTION crucible.keep_lineage_acyclic();
DROP FUNCTION crucible.candidate_descendants(uuid);
DROP FUNCTION crucible.candidate_ancestors(uuid);
