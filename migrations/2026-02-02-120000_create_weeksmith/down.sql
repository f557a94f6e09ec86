DROP FUNCTION weeksmith.current_user_id();
DROP FUNCTION weeksmith.touch_updated_at();
-- RESTRICT is the default: this fails as long as any down.sql before it has left something behind.
DROP SCHEMA weeksmith;
