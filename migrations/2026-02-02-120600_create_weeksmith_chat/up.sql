CREATE TABLE weeksmith.chat_session (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL DEFAULT weeksmith.current_user_id(),
    cycle_id uuid,
    title text NOT NULL,
    context jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT chat_session_id_user_id_key UNIQUE (id, user_id),
    CONSTRAINT chat_session_cycle_fkey FOREIGN KEY (cycle_id, user_id)
        REFERENCES weeksmith.cycle (id, user_id) ON DELETE CASCADE,
    CONSTRAINT chat_session_title_check CHECK (title <> ''),
    CONSTRAINT chat_session_context_check CHECK (jsonb_typeof(context) = 'object')
);

CREATE INDEX chat_session_cycle_id_idx ON weeksmith.chat_session (cycle_id, user_id);
CREATE INDEX chat_session_user_id_idx ON weeksmith.chat_session (user_id);

CREATE TRIGGER chat_session_touch BEFORE UPDATE ON weeksmith.chat_session
    FOR EACH ROW EXECUTE FUNCTION weeksmith.touch_updated_at();

COMMENT ON TABLE weeksmith.chat_session IS 'Conversations of users with the assistant.';
COMMENT ON COLUMN weeksmith.chat_session.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN weeksmith.chat_session.user_id IS
    'User that the row belongs to; the current one where none is given.';
COMMENT ON COLUMN weeksmith.chat_session.cycle_id IS
    'Cycle that it is about, and goes with; null where it is about none.';
COMMENT ON COLUMN weeksmith.chat_session.title IS
    'Name for people.';
COMMENT ON COLUMN weeksmith.chat_session.context IS
    'JSON object that the assistant was given to begin with.';
COMMENT ON COLUMN weeksmith.chat_session.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN weeksmith.chat_session.updated_at IS
    'When the row was last changed; a trigger sets it.';

CREATE TYPE weeksmith.chat_role AS ENUM (
    'system',
    'user',
    'assistant',
    'tool'
);
COMMENT ON TYPE weeksmith.chat_role IS 'Who speaks in a conversation.';

CREATE TABLE weeksmith.chat_message (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL DEFAULT weeksmith.current_user_id(),
    chat_session_id uuid NOT NULL,
    role weeksmith.chat_role NOT NULL,
    content text NOT NULL,
    meta jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT chat_message_chat_session_fkey FOREIGN KEY (chat_session_id, user_id)
        REFERENCES weeksmith.chat_session (id, user_id) ON DELETE CASCADE,
    CONSTRAINT chat_message_meta_check CHECK (jsonb_typeof(meta) = 'object')
);

CREATE INDEX chat_message_chat_session_id_idx ON weeksmith.chat_message (chat_session_id, user_id);
CREATE INDEX chat_message_user_id_idx ON weeksmith.chat_message (user_id);

CREATE TRIGGER chat_message_touch BEFORE UPDATE ON weeksmith.chat_message
    FOR EACH ROW EXECUTE FUNCTION weeksmith.touch_updated_at();

COMMENT ON TABLE weeksmith.chat_message IS 'What was said in a conversation; in the order of the keys.';
COMMENT ON COLUMN weeksmith.chat_message.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN weeksmith.chat_message.user_id IS
    'User that the row belongs to; the current one where none is given.';
COMMENT ON COLUMN weeksmith.chat_message.chat_session_id IS
    'Conversation that it is part of; the message goes with it.';
COMMENT ON COLUMN weeksmith.chat_message.role IS
    'Who said it.';
COMMENT ON COLUMN weeksmith.chat_message.content IS
    'What was said, as Markdown.';
COMMENT ON COLUMN weeksmith.chat_message.meta IS
    'JSON object for facts that no column has yet, such as the model that answered; nothing in the system may depend on its keys.';
COMMENT ON COLUMN weeksmith.chat_message.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN weeksmith.chat_message.updated_at IS
    'When the row was last changed; a trigger sets it.';
