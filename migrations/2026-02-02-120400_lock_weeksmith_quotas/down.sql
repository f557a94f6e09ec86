DROP TRIGGER weekly_plan_guard ON weeksmith.weekly_plan;
DROP FUNCTION weeksmith.guard_weekly_plan();
DROP TRIGGER plan_item_guard_truncate ON weeksmith.plan_item;
DROP TRIGGER plan_item_guard ON weeksmith.plan_item;
DROP FUNCTION weeksmith.guard_plan_item();
DROP FUNCTION weeksmith.has_locked_quotas(uuid);
DROP FUNCTION weeksmith.enforces_locks(uuid);
