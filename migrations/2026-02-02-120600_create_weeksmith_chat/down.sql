DROP TABLE weeksmith.chat_message;
DROP TYPE weeksmith.chat_role;
DROP TABLE weeksmith.chat_session;
