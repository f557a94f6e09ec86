CREATE TYPE crucible.chat_mode AS ENUM (
    'setup',
    'analysis'
);
COMMENT ON TYPE crucible.chat_mode IS 'What a chat is for.';

CREATE TYPE crucible.message_role AS ENUM (
    'user',
    'system',
    'agent'
);
COMMENT ON TYPE crucible.message_role IS 'Who says a message.';

CREATE TABLE crucible.chat_sessions (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES crucible.projects (id) ON DELETE CASCADE,
    run_id uuid,
    candidate_id uuid,
    title text,
    mode crucible.chat_mode NOT NULL DEFAULT 'setup',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT chat_sessions_run_id_project_id_fkey
        FOREIGN KEY (run_id, project_id) REFERENCES crucible.runs (id, project_id),
    CONSTRAINT chat_sessions_candidate_id_project_id_fkey
        FOREIGN KEY (candidate_id, project_id) REFERENCES crucible.candidates (id, project_id),
    CONSTRAINT chat_sessions_title_check CHECK (title <> '')
);

CREATE INDEX chat_sessions_project_id_idx ON crucible.chat_sessions (project_id);
CREATE INDEX chat_sessions_run_id_idx ON crucible.chat_sessions (run_id);
CREATE INDEX chat_sessions_candidate_id_idx ON crucible.chat_sessions (candidate_id);

CREATE TRIGGER chat_sessions_touch BEFORE UPDATE ON crucible.chat_sessions
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.chat_sessions IS 'Conversations in a project.';
COMMENT ON COLUMN crucible.chat_sessions.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.chat_sessions.project_id IS
    'Project that is talked about; the conversation goes with it.';
COMMENT ON COLUMN crucible.chat_sessions.run_id IS
    'Run of the project that is talked about; null where it is none in particular.';
COMMENT ON COLUMN crucible.chat_sessions.candidate_id IS
    'Candidate of the project that is talked about; null where it is none in particular.';
COMMENT ON COLUMN crucible.chat_sessions.title IS
    'What is talked about, in one line; null while nobody named it.';
COMMENT ON COLUMN crucible.chat_sessions.mode IS
    'What the conversation is for.';
COMMENT ON COLUMN crucible.chat_sessions.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.chat_sessions.updated_at IS
    'When the row was last changed: the time of that transaction.';

CREATE TABLE crucible.messages (
    id uuid PRIMARY KEY,
    chat_session_id uuid NOT NULL REFERENCES crucible.chat_sessions (id) ON DELETE CASCADE,
    role crucible.message_role NOT NULL,
    content text NOT NULL,
    message_metadata jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT messages_message_metadata_check CHECK (jsonb_typeof(message_metadata) = 'object'),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT messages_content_check CHECK (content <> '')
);

CREATE INDEX messages_chat_session_id_id_idx ON crucible.messages (chat_session_id, id);

CREATE TRIGGER messages_touch BEFORE UPDATE ON crucible.messages
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.messages IS 'What was said in a conversation, in the order of its keys.';
COMMENT ON COLUMN crucible.messages.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.messages.chat_session_id IS
    'Conversation that it is part of; the message goes with it.';
COMMENT ON COLUMN crucible.messages.role IS
    'Who says it.';
COMMENT ON COLUMN crucible.messages.content IS
    'What is said, as Markdown.';
COMMENT ON COLUMN crucible.messages.message_metadata IS
    'JSON object about the message, for example which agent says it. Named so because the ORM of seed 3 keeps the name metadata for itself.';
COMMENT ON COLUMN crucible.messages.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.messages.updated_at IS
    'When the row was last changed: the time of that transaction.';
