DROP FUNCTION crucible.touch_updated_at();
-- RESTRICT is the default: this fails as long as somebody, Kosmos for example, still keeps something in the schema.
DROP SCHEMA crucible;
