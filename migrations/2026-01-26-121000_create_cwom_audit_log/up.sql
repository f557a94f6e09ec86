-- Queries by ts alone and by entity_kind alone are served by the leading columns of ts_action and entity.

CREATE TYPE cwom.audit_action AS ENUM (
    'created',
    'updated',
    'status_changed',
    'linked',
    'unlinked',
    'deleted'
);
COMMENT ON TYPE cwom.audit_action IS 'What was done to an entity.';

CREATE TYPE cwom.audit_entity_kind AS ENUM (
    'repo',
    'issue',
    'context_packet',
    'constraint_snapshot',
    'doctrine_ref',
    'run',
    'artifact',
    'event',
    'workflow',
    'agent',
    'task',
    'job',
    'tower_artifact'
);
COMMENT ON TYPE cwom.audit_entity_kind IS 'Which table an audited entity lives in; a label without a prefix is a table of schema cwom, or the only table of its name.';

CREATE TABLE cwom.audit_log (
    id uuid PRIMARY KEY,
    ts timestamptz NOT NULL DEFAULT now(),
    actor_kind cwom.actor_kind NOT NULL,
    actor_id varchar(128) NOT NULL,
    action cwom.audit_action NOT NULL,
    entity_kind cwom.audit_entity_kind NOT NULL,
    entity_id uuid NOT NULL,
    before jsonb
        CONSTRAINT audit_log_before_check CHECK (jsonb_typeof(before) = 'object'),
    after jsonb
        CONSTRAINT audit_log_after_check CHECK (jsonb_typeof(after) = 'object'),
    note text,
    trace_id uuid,
    CONSTRAINT audit_log_created_check CHECK (action <> 'created' OR before IS NULL),
    CONSTRAINT audit_log_deleted_check CHECK (action <> 'deleted' OR after IS NULL)
);

CREATE INDEX audit_log_entity_idx ON cwom.audit_log (entity_kind, entity_id);
CREATE INDEX audit_log_actor_idx ON cwom.audit_log (actor_kind, actor_id);
CREATE INDEX audit_log_ts_action_idx ON cwom.audit_log (ts, action);
CREATE INDEX audit_log_entity_id_idx ON cwom.audit_log (entity_id);
CREATE INDEX audit_log_actor_id_idx ON cwom.audit_log (actor_id);
CREATE INDEX audit_log_action_idx ON cwom.audit_log (action);
CREATE INDEX audit_log_trace_id_idx ON cwom.audit_log (trace_id);

COMMENT ON TABLE cwom.audit_log IS 'Who did what to which entity, and what it looked like before and after. Append-only by convention.';
COMMENT ON COLUMN cwom.audit_log.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN cwom.audit_log.ts IS
    'When it was done.';
COMMENT ON COLUMN cwom.audit_log.actor_kind IS
    'What sort of actor did it.';
COMMENT ON COLUMN cwom.audit_log.actor_id IS
    'Which one: a user name, the name of an agent, a component.';
COMMENT ON COLUMN cwom.audit_log.action IS
    'What was done.';
COMMENT ON COLUMN cwom.audit_log.entity_kind IS
    'Which table the entity lives in.';
COMMENT ON COLUMN cwom.audit_log.entity_id IS
    'Its primary key. No foreign key: the entry outlives the entity.';
COMMENT ON COLUMN cwom.audit_log.before IS
    'The entity before, as a JSON object; null where there was none.';
COMMENT ON COLUMN cwom.audit_log.after IS
    'The entity after, as a JSON object; null where there is none.';
COMMENT ON COLUMN cwom.audit_log.note IS
    'Why, in the words of the actor; null where nothing was said.';
COMMENT ON COLUMN cwom.audit_log.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
