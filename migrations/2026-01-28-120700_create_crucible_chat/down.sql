DROP TABLE crucible.messages;
DROP TABLE crucible.chat_sessions;
DROP TYPE crucible.message_role;
DROP TYPE crucible.chat_mode;
