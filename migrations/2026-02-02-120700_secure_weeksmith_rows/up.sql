-- A user reads and writes the rows that are his own, and without a user there are none. Forced, so that the tables' owner is no
-- exception; only superusers and roles with BYPASSRLS are. A role of the application needs USAGE on the schema and the
-- privileges that it uses on the tables; on audit_log SELECT and INSERT, without which it can change no plan.
--
-- The function is called in a sub-select, because it is evaluated once a statement there, and once a row otherwise.
-- That a row's parent belongs to the same user is the foreign keys' to see to.

ALTER TABLE weeksmith.vision ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY vision_owner ON weeksmith.vision
    USING (user_id = (SELECT weeksmith.current_user_id()))
    WITH CHECK (user_id = (SELECT weeksmith.current_user_id()));

ALTER TABLE weeksmith.cycle ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY cycle_owner ON weeksmith.cycle
    USING (user_id = (SELECT weeksmith.current_user_id()))
    WITH CHECK (user_id = (SELECT weeksmith.current_user_id()));

ALTER TABLE weeksmith.goal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY goal_owner ON weeksmith.goal
    USING (user_id = (SELECT weeksmith.current_user_id()))
    WITH CHECK (user_id = (SELECT weeksmith.current_user_id()));

ALTER TABLE weeksmith.task ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY task_owner ON weeksmith.task
    USING (user_id = (SELECT weeksmith.current_user_id()))
    WITH CHECK (user_id = (SELECT weeksmith.current_user_id()));

ALTER TABLE weeksmith.weekly_plan ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY weekly_plan_owner ON weeksmith.weekly_plan
    USING (user_id = (SELECT weeksmith.current_user_id()))
    WITH CHECK (user_id = (SELECT weeksmith.current_user_id()));

ALTER TABLE weeksmith.plan_item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_item_owner ON weeksmith.plan_item
    USING (user_id = (SELECT weeksmith.current_user_id()))
    WITH CHECK (user_id = (SELECT weeksmith.current_user_id()));

ALTER TABLE weeksmith.chat_session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY chat_session_owner ON weeksmith.chat_session
    USING (user_id = (SELECT weeksmith.current_user_id()))
    WITH CHECK (user_id = (SELECT weeksmith.current_user_id()));

ALTER TABLE weeksmith.chat_message ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY chat_message_owner ON weeksmith.chat_message
    USING (user_id = (SELECT weeksmith.current_user_id()))
    WITH CHECK (user_id = (SELECT weeksmith.current_user_id()));

-- No policy lets anybody change or delete an entry; a trigger says so to those whom policies do not bind.
ALTER TABLE weeksmith.audit_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_log_owner_reads ON weeksmith.audit_log FOR SELECT
    USING (user_id = (SELECT weeksmith.current_user_id()));
CREATE POLICY audit_log_owner_adds ON weeksmith.audit_log FOR INSERT
    WITH CHECK (user_id = (SELECT weeksmith.current_user_id()));
