DROP TABLE weeksmith.plan_item;
DROP TABLE weeksmith.weekly_plan;
DROP FUNCTION weeksmith.is_lock_week(smallint);
