-- A reference names the owner as well as the row, here and in every table that follows: foreign keys are checked without
-- row-level security, and by the id alone one user's row could hang on another's. So the owner of a row is that of its parent,
-- for superusers too, and cannot change while it has children.

CREATE TABLE weeksmith.vision (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL DEFAULT weeksmith.current_user_id(),
    title text NOT NULL,
    statement text NOT NULL,
    pillars jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT vision_id_user_id_key UNIQUE (id, user_id),
    CONSTRAINT vision_title_check CHECK (title <> ''),
    CONSTRAINT vision_pillars_check CHECK (jsonb_typeof(pillars) = 'array' AND NOT pillars @? 'strict $[*] ? (@.type() != "string")')
);

CREATE INDEX vision_user_id_idx ON weeksmith.vision (user_id);

CREATE TRIGGER vision_touch BEFORE UPDATE ON weeksmith.vision
    FOR EACH ROW EXECUTE FUNCTION weeksmith.touch_updated_at();

COMMENT ON TABLE weeksmith.vision IS 'Where users want to be in some years; what their cycles lead to.';
COMMENT ON COLUMN weeksmith.vision.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN weeksmith.vision.user_id IS
    'User that the row belongs to; the current one where none is given.';
COMMENT ON COLUMN weeksmith.vision.title IS
    'The vision in one line.';
COMMENT ON COLUMN weeksmith.vision.statement IS
    'The vision in full, as Markdown.';
COMMENT ON COLUMN weeksmith.vision.pillars IS
    'JSON array of strings: what it rests on.';
COMMENT ON COLUMN weeksmith.vision.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN weeksmith.vision.updated_at IS
    'When the row was last changed; a trigger sets it.';

CREATE TYPE weeksmith.cycle_status AS ENUM (
    'planned',
    'active',
    'completed',
    'abandoned'
);
COMMENT ON TYPE weeksmith.cycle_status IS 'Where a cycle stands.';

CREATE TABLE weeksmith.cycle (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL DEFAULT weeksmith.current_user_id(),
    vision_id uuid NOT NULL,
    title text NOT NULL,
    status weeksmith.cycle_status NOT NULL DEFAULT 'planned',
    starts_on date NOT NULL,
    ends_on date NOT NULL GENERATED ALWAYS AS (starts_on + 83) STORED,
    locks_enforced boolean NOT NULL DEFAULT true,
    review jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT cycle_id_user_id_key UNIQUE (id, user_id),
    CONSTRAINT cycle_vision_fkey FOREIGN KEY (vision_id, user_id)
        REFERENCES weeksmith.vision (id, user_id) ON DELETE RESTRICT,
    CONSTRAINT cycle_title_check CHECK (title <> ''),
    CONSTRAINT cycle_review_check CHECK (jsonb_typeof(review) = 'object')
);

CREATE INDEX cycle_vision_id_idx ON weeksmith.cycle (vision_id, user_id);
CREATE INDEX cycle_user_id_starts_on_idx ON weeksmith.cycle (user_id, starts_on);
CREATE UNIQUE INDEX cycle_one_active_key ON weeksmith.cycle (user_id) WHERE status = 'active';

CREATE TRIGGER cycle_touch BEFORE UPDATE ON weeksmith.cycle
    FOR EACH ROW EXECUTE FUNCTION weeksmith.touch_updated_at();

COMMENT ON TABLE weeksmith.cycle IS 'Twelve weeks that users plan as one; at most one a user is active.';
COMMENT ON COLUMN weeksmith.cycle.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN weeksmith.cycle.user_id IS
    'User that the row belongs to; the current one where none is given.';
COMMENT ON COLUMN weeksmith.cycle.vision_id IS
    'Vision that the cycle leads to; cannot be deleted while a cycle needs it.';
COMMENT ON COLUMN weeksmith.cycle.title IS
    'Name for people.';
COMMENT ON COLUMN weeksmith.cycle.status IS
    'Where it stands.';
COMMENT ON COLUMN weeksmith.cycle.starts_on IS
    'First day of week 1.';
COMMENT ON COLUMN weeksmith.cycle.ends_on IS
    'Last day of week 12, 83 days after the first; the database computes it.';
COMMENT ON COLUMN weeksmith.cycle.locks_enforced IS
    'Whether the quotas of weeks 7 to 12 are locked once they are planned.';
COMMENT ON COLUMN weeksmith.cycle.review IS
    'JSON object: what was learnt, written when the cycle ends.';
COMMENT ON COLUMN weeksmith.cycle.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN weeksmith.cycle.updated_at IS
    'When the row was last changed; a trigger sets it.';
