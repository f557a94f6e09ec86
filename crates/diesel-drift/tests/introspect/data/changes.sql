ALTER TABLE t ENABLE ROW LEVEL SECURITY;
--> relations[t].row_security: - → true

ALTER TABLE t FORCE ROW LEVEL SECURITY;
--> relations[t].force_row_security: - → true

ALTER TABLE t SET (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = off);
--> relations[t].options: - → ["autovacuum_enabled=false","fillfactor=70"]
--> relations[t].toast_options: - → ["autovacuum_enabled=false"]

ALTER TABLE t REPLICA IDENTITY FULL;
--> relations[t].replica_identity: - → "full"

ALTER TABLE t REPLICA IDENTITY NOTHING;
--> relations[t].replica_identity: "full" → "nothing"

ALTER TABLE t REPLICA IDENTITY USING INDEX ix_unique;
--> relations[t].replica_identity: "nothing" → -
--> relations[t].replica_identity.index: - → "ix_unique"

ALTER TABLE t REPLICA IDENTITY DEFAULT;
--> relations[t].replica_identity.index: "ix_unique" → -

ALTER TABLE t CLUSTER ON ix;
--> relations[t].clustered_on: - → "ix"

ALTER VIEW v SET (security_barrier = true, check_option = local);
--> relations[v].options: - → ["check_option=local","security_barrier=true"]

--- since 15
ALTER VIEW v SET (security_invoker = true);
--> relations[v].options: ["check_option=local","security_barrier=true"] → ["check_option=local","security_barrier=true","security_invoker=true"]

REFRESH MATERIALIZED VIEW m WITH NO DATA;
--> relations[m].unpopulated: - → true

COMMENT ON MATERIALIZED VIEW m IS 'it''s';
--> relations[m].comment: - → "it's"

ALTER FOREIGN TABLE f OPTIONS (ADD table_name 'x', ADD schema_name 'y');
--> relations[f].server_options.schema_name: - → "y"
--> relations[f].server_options.table_name: - → "x"

ALTER FOREIGN TABLE f ALTER a OPTIONS (ADD column_name 'b');
--> relations[f].columns[a].server_options.column_name: - → "b"

DROP FOREIGN TABLE f; CREATE FOREIGN TABLE f (a integer) SERVER elsewhere;
--> relations[f].columns[a].server_options.column_name: "b" → -
--> relations[f].server: "nowhere" → "elsewhere"
--> relations[f].server_options.schema_name: "y" → -
--> relations[f].server_options.table_name: "x" → -

ALTER FOREIGN TABLE f OPTIONS (ADD table_name 'host=x password=hidden');
--> relations[f].server_options.table_name: - → "<secret>"

ALTER TABLE t OWNER TO app_other;
--> relations[t].owner: - → "app_other"
--> sequences[t_always_seq].owner: - → "app_other"
--> sequences[t_serial_seq].owner: - → "app_other"

ALTER TABLE t OWNER TO current_user;
--> relations[t].owner: "app_other" → -
--> sequences[t_always_seq].owner: "app_other" → -
--> sequences[t_serial_seq].owner: "app_other" → -

GRANT ALL ON t TO app_ro;
--> relations[t].privileges.app_ro: - → ["ALL"]

GRANT SELECT, UPDATE ON t TO PUBLIC;
--> relations[t].privileges.PUBLIC: - → ["SELECT","UPDATE"]

REVOKE ALL ON t FROM app_ro; GRANT SELECT ON t TO app_ro WITH GRANT OPTION;
--> relations[t].privileges.app_ro: ["ALL"] → ["SELECT WITH GRANT OPTION"]

SET ROLE app_ro; GRANT SELECT ON t TO app_other; RESET ROLE;
--> relations[t].privileges.app_other: - → ["SELECT GRANTED BY app_ro"]

REVOKE DELETE ON t FROM current_user;
--> relations[t].privileges.OWNER: - → ["REVOKED DELETE"]

REVOKE ALL ON t FROM current_user;
--> relations[t].privileges.OWNER: ["REVOKED DELETE"] → ["REVOKED ALL"]

GRANT ALL ON t TO current_user; REVOKE ALL ON t FROM PUBLIC;
--> relations[t].privileges.OWNER: ["REVOKED ALL"] → -
--> relations[t].privileges.PUBLIC: ["SELECT","UPDATE"] → -

REVOKE ALL ON t FROM app_ro CASCADE;
--> relations[t].privileges.app_other: ["SELECT GRANTED BY app_ro"] → -
--> relations[t].privileges.app_ro: ["SELECT WITH GRANT OPTION"] → -

GRANT SELECT (a), UPDATE (a) ON t TO app_ro;
--> relations[t].columns[a].privileges.app_ro: - → ["SELECT","UPDATE"]

GRANT ALL (b) ON t TO PUBLIC;
--> relations[t].columns[b].privileges.PUBLIC: - → ["ALL"]

ALTER TABLE t ALTER a SET STORAGE EXTERNAL;
--> relations[t].columns[a].storage: - → "external"

ALTER TABLE t ALTER a SET STATISTICS 500;
--> relations[t].columns[a].statistics: - → 500

ALTER TABLE t ALTER a SET (n_distinct = -0.5, n_distinct_inherited = 3);
--> relations[t].columns[a].options: - → ["n_distinct=-0.5","n_distinct_inherited=3"]

--- since 14
ALTER TABLE t ALTER a SET COMPRESSION pglz;
--> relations[t].columns[a].compression: - → "pglz"

COMMENT ON COLUMN t.a IS 'a';
--> relations[t].columns[a].comment: - → "a"

--- since 18
ALTER TABLE t RENAME CONSTRAINT t_c_not_null TO needed;
--> relations[t].columns[c].not_null_constraint.name: - → "needed"

--- since 18
COMMENT ON CONSTRAINT needed ON t IS 'why';
--> relations[t].columns[c].not_null_constraint.comment: - → "why"

--- since 18
ALTER TABLE t ADD CONSTRAINT b_given NOT NULL b NO INHERIT NOT VALID;
--> relations[t].columns[b].not_null_constraint.name: - → "b_given"
--> relations[t].columns[b].not_null_constraint.no_inherit: - → true
--> relations[t].columns[b].not_null_not_valid: - → true

--- since 18
ALTER TABLE t VALIDATE CONSTRAINT b_given;
--> relations[t].columns[b].not_null: - → true
--> relations[t].columns[b].not_null_not_valid: true → -

ALTER TABLE parent ADD COLUMN r integer;
--> relations[parent].columns[r].data_type.name: - → "int4"
--> relations[parent].columns[r].data_type.schema: - → "pg_catalog"
--> relations[parent].columns[r].data_type.sql: - → "integer"
--> relations[parent].columns[r].name: - → "r"

ALTER TABLE parent ADD COLUMN mine integer;
--> relations[child].columns[mine].data_type.name: - → "int4"
--> relations[child].columns[mine].data_type.schema: - → "pg_catalog"
--> relations[child].columns[mine].data_type.sql: - → "integer"
--> relations[child].columns[mine].inherited: - → true
--> relations[child].columns[mine].name: - → "mine"
--> relations[parent].columns[mine].data_type.name: - → "int4"
--> relations[parent].columns[mine].data_type.schema: - → "pg_catalog"
--> relations[parent].columns[mine].data_type.sql: - → "integer"
--> relations[parent].columns[mine].name: - → "mine"

ALTER TABLE parent ALTER q SET NOT NULL;
--> relations[child].columns[q].not_null: - → true
--18> relations[child].columns[q].not_null_constraint.inherited: - → true
--> relations[parent].columns[q].not_null: - → true

ALTER TABLE child NO INHERIT parent;
--> relations[child].checks[parent_q_check].inherited: true → -
--> relations[child].columns[mine].inherited: true → -
--> relations[child].columns[p].inherited: true → -
--> relations[child].columns[q].inherited: true → -
--18> relations[child].columns[q].not_null_constraint.inherited: true → -
--18> relations[child].columns[q].not_null_constraint.name: - → "parent_q_not_null"
--> relations[child].inherits[parent].name: "parent" → -
--> relations[child].inherits[parent].schema: "public" → -

ALTER TABLE child INHERIT parent;
--> relations[child].inherits[parent].name: - → "parent"
--> relations[child].inherits[parent].schema: - → "public"

COMMENT ON CONSTRAINT t_pkey ON t IS 'key';
--> relations[t].primary_key.comment: - → "key"

COMMENT ON CONSTRAINT positive ON t IS 'check';
--> relations[t].checks[positive].comment: - → "check"

COMMENT ON CONSTRAINT to_target ON t IS 'foreign';
--> relations[t].foreign_keys[to_target].comment: - → "foreign"

COMMENT ON CONSTRAINT no_overlap ON t IS 'exclusion';
--> relations[t].exclusions[no_overlap].comment: - → "exclusion"

ALTER TABLE t DISABLE TRIGGER ALL;
--> relations[t].exclusions[no_overlap].recheck: - → "disabled"
--> relations[t].foreign_keys[to_target].internal_triggers.on_insert: - → "disabled"
--> relations[t].foreign_keys[to_target].internal_triggers.on_update: - → "disabled"
--> relations[t].triggers[touch].enabled: - → "disabled"

ALTER TABLE target DISABLE TRIGGER ALL;
--> relations[t].foreign_keys[to_target].internal_triggers.on_target_delete: - → "disabled"
--> relations[t].foreign_keys[to_target].internal_triggers.on_target_update: - → "disabled"
--> relations[target].unique[later].recheck: - → "disabled"

ALTER TABLE t ENABLE TRIGGER ALL; ALTER TABLE target ENABLE TRIGGER ALL;
--> relations[t].exclusions[no_overlap].recheck: "disabled" → -
--> relations[t].foreign_keys[to_target].internal_triggers.on_insert: "disabled" → -
--> relations[t].foreign_keys[to_target].internal_triggers.on_target_delete: "disabled" → -
--> relations[t].foreign_keys[to_target].internal_triggers.on_target_update: "disabled" → -
--> relations[t].foreign_keys[to_target].internal_triggers.on_update: "disabled" → -
--> relations[t].triggers[touch].enabled: "disabled" → -
--> relations[target].unique[later].recheck: "disabled" → -

ALTER TABLE t ALTER CONSTRAINT to_target DEFERRABLE INITIALLY DEFERRED;
--> relations[t].foreign_keys[to_target].deferrable: - → true
--> relations[t].foreign_keys[to_target].initially_deferred: - → true

ALTER INDEX ix SET (fillfactor = 60);
--> relations[t].indexes[ix].options: - → ["fillfactor=60"]

ALTER INDEX ix_expression ALTER COLUMN 1 SET STATISTICS 77;
--> relations[t].indexes[ix_expression].columns[0].statistics: - → 77

COMMENT ON INDEX ix IS 'index';
--> relations[t].indexes[ix].comment: - → "index"

UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass;
--> relations[t].indexes[ix].invalid: - → true

DROP INDEX ix; CREATE INDEX ix ON t USING gist (at range_ops, to_tsvector('simple', a) tsvector_ops (siglen = 64));
--> relations[t].clustered_on: "ix" → -
--> relations[t].indexes[ix].columns[0].term.column: "a" → "at"
--> relations[t].indexes[ix].columns[1].options: - → ["siglen=64"]
--> relations[t].indexes[ix].columns[1].term.expression: - → "to_tsvector('simple'::regconfig, a)"
--> relations[t].indexes[ix].comment: "index" → -
--> relations[t].indexes[ix].invalid: true → -
--> relations[t].indexes[ix].method: - → "gist"
--> relations[t].indexes[ix].options: ["fillfactor=60"] → -

ALTER INDEX ix DEPENDS ON EXTENSION postgres_fdw;
--> relations[t].indexes[ix].depends_on_extensions: - → ["postgres_fdw"]

ALTER TRIGGER touch ON t DEPENDS ON EXTENSION postgres_fdw;
--> relations[t].triggers[touch].depends_on_extensions: - → ["postgres_fdw"]

ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION postgres_fdw;
--> relations[m].depends_on_extensions: - → ["postgres_fdw"]

CREATE INDEX whole_n ON ONLY whole (n);
--> relations[whole].indexes[whole_n].columns[0].term.column: - → "n"
--> relations[whole].indexes[whole_n].invalid: - → true
--> relations[whole].indexes[whole_n].name: - → "whole_n"

ALTER INDEX whole_n ATTACH PARTITION part_n;
--> relations[part].indexes[part_n].part_of.name: - → "whole_n"
--> relations[part].indexes[part_n].part_of.schema: - → "public"
--> relations[whole].indexes[whole_n].invalid: true → -

ALTER TABLE t DISABLE TRIGGER touch;
--> relations[t].triggers[touch].enabled: - → "disabled"

ALTER TABLE t ENABLE REPLICA TRIGGER touch;
--> relations[t].triggers[touch].enabled: "disabled" → "replica"

ALTER TABLE t ENABLE ALWAYS TRIGGER touch;
--> relations[t].triggers[touch].enabled: "replica" → "always"

COMMENT ON TRIGGER touch ON t IS 'trigger';
--> relations[t].triggers[touch].comment: - → "trigger"

DROP TRIGGER touch ON t; CREATE TRIGGER touch AFTER INSERT OR UPDATE OF b, a ON t FOR EACH ROW WHEN (new.a IS DISTINCT FROM ' WHEN (') EXECUTE FUNCTION touch_too('it''s', '', '\');
--> relations[t].triggers[touch].arguments: - → ["it's","","\\"]
--> relations[t].triggers[touch].comment: "trigger" → -
--> relations[t].triggers[touch].depends_on_extensions: ["postgres_fdw"] → -
--> relations[t].triggers[touch].enabled: "always" → -
--> relations[t].triggers[touch].events: ["update"] → ["insert","update"]
--> relations[t].triggers[touch].function.name: "touch" → "touch_too"
--> relations[t].triggers[touch].timing: "before" → "after"
--> relations[t].triggers[touch].update_of: - → ["a","b"]
--> relations[t].triggers[touch].when: - → "(new.a IS DISTINCT FROM ' WHEN ('::text)"

DROP TRIGGER touch ON t; CREATE TRIGGER touch AFTER DELETE ON t REFERENCING OLD TABLE AS was EXECUTE FUNCTION touch();
--> relations[t].triggers[touch].arguments: ["it's","","\\"] → -
--> relations[t].triggers[touch].events: ["insert","update"] → ["delete"]
--> relations[t].triggers[touch].for_each_row: true → -
--> relations[t].triggers[touch].function.name: "touch_too" → "touch"
--> relations[t].triggers[touch].old_table: - → "was"
--> relations[t].triggers[touch].update_of: ["a","b"] → -
--> relations[t].triggers[touch].when: "(new.a IS DISTINCT FROM ' WHEN ('::text)" → -

DROP TRIGGER touch ON t; CREATE CONSTRAINT TRIGGER touch AFTER INSERT ON t FROM target DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch();
--> relations[t].triggers[touch].constraint: - → true
--> relations[t].triggers[touch].deferrable: - → true
--> relations[t].triggers[touch].events: ["delete"] → ["insert"]
--> relations[t].triggers[touch].for_each_row: - → true
--> relations[t].triggers[touch].initially_deferred: - → true
--> relations[t].triggers[touch].old_table: "was" → -
--> relations[t].triggers[touch].references.name: - → "target"
--> relations[t].triggers[touch].references.schema: - → "public"

CREATE TRIGGER instead INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION touch();
--> relations[v].triggers[instead].events: - → ["insert"]
--> relations[v].triggers[instead].for_each_row: - → true
--> relations[v].triggers[instead].function.name: - → "touch"
--> relations[v].triggers[instead].function.schema: - → "public"
--> relations[v].triggers[instead].name: - → "instead"
--> relations[v].triggers[instead].timing: - → "instead_of"

CREATE TRIGGER emptied BEFORE TRUNCATE ON target EXECUTE FUNCTION touch();
--> relations[target].triggers[emptied].events: - → ["truncate"]
--> relations[target].triggers[emptied].function.name: - → "touch"
--> relations[target].triggers[emptied].function.schema: - → "public"
--> relations[target].triggers[emptied].name: - → "emptied"
--> relations[target].triggers[emptied].timing: - → "before"

ALTER TABLE part DISABLE TRIGGER touch_whole;
--> relations[part].triggers[touch_whole].enabled: - → "disabled"
--> relations[part].triggers[touch_whole].events: - → ["insert"]
--> relations[part].triggers[touch_whole].for_each_row: - → true
--> relations[part].triggers[touch_whole].function.name: - → "touch"
--> relations[part].triggers[touch_whole].function.schema: - → "public"
--> relations[part].triggers[touch_whole].inherited: - → true
--> relations[part].triggers[touch_whole].name: - → "touch_whole"
--> relations[part].triggers[touch_whole].timing: - → "after"

ALTER TABLE t DISABLE RULE silent;
--> relations[t].rules[silent].enabled: - → "disabled"

COMMENT ON RULE silent ON t IS 'rule';
--> relations[t].rules[silent].comment: - → "rule"

CREATE OR REPLACE RULE silent AS ON DELETE TO t WHERE old.c > 3 DO ALSO INSERT INTO target VALUES (old.id);
--> relations[t].rules[silent].definition: "CREATE RULE silent AS\n    ON DELETE TO public.t DO INSTEAD NOTHING;" → "CREATE RULE silent AS\n    ON DELETE TO public.t\n   WHERE (old.c > 3) DO  INSERT INTO public.target (id)\n  VALUES (old.id);"

ALTER POLICY mine ON t TO app_ro, app_other USING (c > 1) WITH CHECK (c > 2);
--> relations[t].policies[mine].check: - → "(c > 2)"
--> relations[t].policies[mine].roles: - → ["app_other","app_ro"]
--> relations[t].policies[mine].using: "(c > 0)" → "(c > 1)"

COMMENT ON POLICY mine ON t IS 'policy';
--> relations[t].policies[mine].comment: - → "policy"

DROP POLICY mine ON t; CREATE POLICY mine ON t AS RESTRICTIVE FOR INSERT WITH CHECK (a IS NOT NULL);
--> relations[t].policies[mine].check: "(c > 2)" → "(a IS NOT NULL)"
--> relations[t].policies[mine].command: - → "insert"
--> relations[t].policies[mine].comment: "policy" → -
--> relations[t].policies[mine].restrictive: - → true
--> relations[t].policies[mine].roles: ["app_other","app_ro"] → -
--> relations[t].policies[mine].using: "(c > 1)" → -

ALTER STATISTICS together SET STATISTICS 300;
--> statistics[together].target: - → 300

COMMENT ON STATISTICS together IS 'statistics';
--> statistics[together].comment: - → "statistics"

ALTER STATISTICS together OWNER TO app_other;
--> statistics[together].owner: - → "app_other"

DROP STATISTICS together; CREATE STATISTICS together (mcv, dependencies) ON b, c FROM t;
--> statistics[together].comment: "statistics" → -
--> statistics[together].kinds: - → ["dependencies","mcv"]
--> statistics[together].on_columns: ["a","b"] → ["b","c"]
--> statistics[together].owner: "app_other" → -
--> statistics[together].target: 300 → -

--- since 14
DROP STATISTICS together; CREATE STATISTICS together (ndistinct) ON a, lower(b), (c + 1) FROM t;
--> statistics[together].expressions: - → "lower(b), (c + 1)"
--> statistics[together].kinds: ["dependencies","mcv"] → ["ndistinct"]
--> statistics[together].on_columns: ["b","c"] → ["a"]

--- since 14
DROP STATISTICS together; CREATE STATISTICS together ON lower(b) FROM t;
--> statistics[together].expressions: "lower(b), (c + 1)" → "lower(b)"
--> statistics[together].kinds: ["ndistinct"] → -
--> statistics[together].on_columns: ["a"] → -

ALTER SEQUENCE s AS smallint INCREMENT BY -2 CACHE 3 CYCLE;
--> sequences[s].cache: - → 3
--> sequences[s].cycle: - → true
--> sequences[s].data_type: - → "smallint"
--> sequences[s].increment: - → -2
--> sequences[s].max: - → 32767
--> sequences[s].min: - → 1
--> sequences[s].start: - → 1

ALTER SEQUENCE s MINVALUE -100 MAXVALUE 10 START 4 RESTART 4;
--> sequences[s].max: 32767 → 10
--> sequences[s].min: 1 → -100
--> sequences[s].start: 1 → 4

COMMENT ON SEQUENCE s IS 'sequence';
--> sequences[s].comment: - → "sequence"

GRANT USAGE ON SEQUENCE s TO app_ro;
--> sequences[s].privileges.app_ro: - → ["USAGE"]

ALTER SEQUENCE s OWNER TO app_other;
--> sequences[s].owner: - → "app_other"

ALTER SEQUENCE s OWNER TO current_user; ALTER SEQUENCE s OWNED BY t.c;
--> sequences[s].owned_by.column: - → "c"
--> sequences[s].owned_by.relation.name: - → "t"
--> sequences[s].owned_by.relation.schema: - → "public"
--> sequences[s].owner: "app_other" → -

ALTER TABLE t ALTER always SET MAXVALUE 1000;
--> sequences[t_always_seq].max: - → 1000

ALTER SEQUENCE t_serial_seq MAXVALUE 1000;
--> sequences[t_serial_seq].max: - → 1000

--- since 15
ALTER SEQUENCE s SET UNLOGGED;
--> sequences[s].persistence: - → "unlogged"

SELECT nextval('t_serial_seq'), setval('s', -6);

ALTER SCHEMA app OWNER TO app_other;
--> schemas[app].owner: - → "app_other"

GRANT USAGE ON SCHEMA app TO app_ro;
--> schemas[app].privileges.app_ro: - → ["USAGE"]

COMMENT ON SCHEMA app IS 'schema';
--> schemas[app].comment: - → "schema"

COMMENT ON SCHEMA public IS 'ours';
--> schemas[public].comment: - → "ours"

ALTER SCHEMA public OWNER TO app_ro;
--> schemas[public].owner: - → "app_ro"

GRANT USAGE ON SCHEMA public TO app_ro;

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
--> schemas[public].privileges.PUBLIC: - → ["REVOKED USAGE"]

ALTER TYPE mood OWNER TO app_other;
--> enums[mood].owner: - → "app_other"

REVOKE USAGE ON TYPE mood FROM PUBLIC;
--> enums[mood].privileges.PUBLIC: - → ["REVOKED USAGE"]

COMMENT ON TYPE mood IS 'enum';
--> enums[mood].comment: - → "enum"

ALTER DOMAIN email OWNER TO app_other;
--> domains[email].owner: - → "app_other"

GRANT USAGE ON DOMAIN email TO app_ro;
--> domains[email].privileges.app_ro: - → ["USAGE"]

COMMENT ON DOMAIN email IS 'domain';
--> domains[email].comment: - → "domain"

COMMENT ON CONSTRAINT at ON DOMAIN email IS 'check';
--> domains[email].checks[at].comment: - → "check"

ALTER DOMAIN email SET NOT NULL;
--> domains[email].not_null: - → true

--- since 17
COMMENT ON CONSTRAINT email_not_null ON DOMAIN email IS 'not null';
--> domains[email].not_null_constraint.comment: - → "not null"

--- since 17
ALTER DOMAIN email RENAME CONSTRAINT email_not_null TO given;
--> domains[email].not_null_constraint.name: - → "given"

ALTER TYPE pair OWNER TO app_other;
--> composites[pair].owner: - → "app_other"

REVOKE ALL ON TYPE pair FROM PUBLIC;
--> composites[pair].privileges.PUBLIC: - → ["REVOKED USAGE"]

COMMENT ON TYPE pair IS 'composite';
--> composites[pair].comment: - → "composite"

COMMENT ON COLUMN pair.x IS 'attribute';
--> composites[pair].attributes[x].comment: - → "attribute"

ALTER TYPE pair ALTER ATTRIBUTE x TYPE text COLLATE "C";
--> composites[pair].attributes[x].collation.name: - → "C"
--> composites[pair].attributes[x].collation.schema: - → "pg_catalog"

ALTER TYPE span OWNER TO app_other;
--> ranges[span].owner: - → "app_other"

REVOKE ALL ON TYPE span FROM PUBLIC;
--> ranges[span].privileges.PUBLIC: - → ["REVOKED USAGE"]

COMMENT ON TYPE span IS 'range';
--> ranges[span].comment: - → "range"

--- since 14
DROP TYPE span; CREATE TYPE span AS RANGE (subtype = text, subtype_opclass = text_pattern_ops, collation = "C", multirange_type_name = spans);
--> ranges[span].collation.name: - → "C"
--> ranges[span].collation.schema: - → "pg_catalog"
--> ranges[span].comment: "range" → -
--> ranges[span].multirange.name: - → "spans"
--> ranges[span].multirange.schema: - → "public"
--> ranges[span].operator_class.name: - → "text_pattern_ops"
--> ranges[span].operator_class.schema: - → "pg_catalog"
--> ranges[span].owner: "app_other" → -
--> ranges[span].privileges.PUBLIC: ["REVOKED USAGE"] → -
--> ranges[span].subtype.name: "int4" → "text"
--> ranges[span].subtype.sql: "integer" → "text"

ALTER TYPE number OWNER TO app_other;
--> base_types[number].owner: - → "app_other"

ALTER TYPE number SET (RECEIVE = number_receive, SEND = number_send);
--> base_types[number].receive: - → "public.number_receive(internal)"
--> base_types[number].send: - → "public.number_send(public.number)"

COMMENT ON TYPE number IS 'base';
--> base_types[number].comment: - → "base"

REVOKE ALL ON TYPE number FROM PUBLIC;
--> base_types[number].privileges.PUBLIC: - → ["REVOKED USAGE"]

CREATE TYPE words (INPUT = words_in, OUTPUT = words_out, STORAGE = extended, ALIGNMENT = double, CATEGORY = 'S', PREFERRED, DEFAULT = 'none', DELIMITER = ';', COLLATABLE, TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout);
--> base_types[words].alignment: - → "double"
--> base_types[words].category: - → "S"
--> base_types[words].collatable: - → true
--> base_types[words].default: - → "none"
--> base_types[words].delimiter: - → ";"
--> base_types[words].input: - → "public.words_in(cstring)"
--> base_types[words].modifier_input: - → "varchartypmodin(cstring[])"
--> base_types[words].modifier_output: - → "varchartypmodout(integer)"
--> base_types[words].output: - → "public.words_out(public.words)"
--> base_types[words].preferred: - → true
--> base_types[words].shell: true → -
--> base_types[words].storage: - → "extended"

CREATE TYPE unknown_yet;
--> base_types[unknown_yet].name.name: - → "unknown_yet"
--> base_types[unknown_yet].name.schema: - → "public"
--> base_types[unknown_yet].shell: - → true

ALTER TABLE whole DETACH PARTITION part;
--> relations[part].checks[whole_n_check].inherited: true → -
--> relations[part].indexes[part_n].part_of.name: "whole_n" → -
--> relations[part].indexes[part_n].part_of.schema: "public" → -
--> relations[part].partition_of.bound: "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')" → -
--> relations[part].partition_of.parent.name: "whole" → -
--> relations[part].partition_of.parent.schema: "public" → -
--> relations[part].triggers[touch_whole].enabled: "disabled" → -
--> relations[part].triggers[touch_whole].events: ["insert"] → -
--> relations[part].triggers[touch_whole].for_each_row: true → -
--> relations[part].triggers[touch_whole].function.name: "touch" → -
--> relations[part].triggers[touch_whole].function.schema: "public" → -
--> relations[part].triggers[touch_whole].inherited: true → -
--> relations[part].triggers[touch_whole].name: "touch_whole" → -
--> relations[part].triggers[touch_whole].timing: "after" → -

ALTER TABLE whole ATTACH PARTITION part FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
--> relations[part].checks[whole_n_check].inherited: - → true
--> relations[part].indexes[part_n].part_of.name: - → "whole_n"
--> relations[part].indexes[part_n].part_of.schema: - → "public"
--> relations[part].partition_of.bound: - → "FOR VALUES FROM ('2024-01-01') TO ('2024-07-01')"
--> relations[part].partition_of.parent.name: - → "whole"
--> relations[part].partition_of.parent.schema: - → "public"

--- since 15
ALTER TABLE t SET UNLOGGED;
--> relations[t].persistence: - → "unlogged"
--> sequences[t_always_seq].persistence: - → "unlogged"
--> sequences[t_serial_seq].persistence: - → "unlogged"

VACUUM FULL t;

REINDEX TABLE t;

ANALYZE t;
