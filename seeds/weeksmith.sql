-- A user in the middle of a cycle, for development and tests. Every id is fixed and what is there already is left alone, so
-- that the file can be loaded any number of times. With row-level security it is loaded as the user it is about:
--
--     psql --single-transaction --command "SET LOCAL app.user_id = '019b8b74-1800-7000-8000-000000000001'" \
--         --file seeds/weeksmith.sql "$DATABASE_URL"

INSERT INTO weeksmith.vision (id, user_id, title, statement, pillars) VALUES (
    '019b8b74-1800-7000-8000-000000000101',
    '019b8b74-1800-7000-8000-000000000001',
    'A workshop of my own',
    'In three years I build furniture to order, four days a week, and am home for dinner.',
    '["craft", "health", "family"]'
) ON CONFLICT (id) DO NOTHING;

INSERT INTO weeksmith.cycle (id, user_id, vision_id, title, status, starts_on) VALUES (
    '019b8b74-1800-7000-8000-000000000201',
    '019b8b74-1800-7000-8000-000000000001',
    '019b8b74-1800-7000-8000-000000000101',
    'First quarter of 2026',
    'active',
    '2026-01-05'
) ON CONFLICT (id) DO NOTHING;

INSERT INTO weeksmith.goal (id, user_id, cycle_id, goal_type, title, description, measure) VALUES
    (
        '019b8b74-1800-7000-8000-000000000301',
        '019b8b74-1800-7000-8000-000000000001',
        '019b8b74-1800-7000-8000-000000000201',
        'professional',
        'Sell three tables',
        'Orders that are paid for, from people I do not know.',
        '{"metric": "tables sold", "target": 3}'
    ),
    (
        '019b8b74-1800-7000-8000-000000000302',
        '019b8b74-1800-7000-8000-000000000001',
        '019b8b74-1800-7000-8000-000000000201',
        'personal',
        'Run ten kilometres',
        'Without stopping, in the park.',
        '{"metric": "longest run", "target": 10, "unit": "km"}'
    )
ON CONFLICT (id) DO NOTHING;

INSERT INTO weeksmith.task (id, user_id, cycle_id, goal_id, title, unit, steps) VALUES
    (
        '019b8b74-1800-7000-8000-000000000401',
        '019b8b74-1800-7000-8000-000000000001',
        '019b8b74-1800-7000-8000-000000000201',
        '019b8b74-1800-7000-8000-000000000301',
        'Talk to somebody who needs a table',
        'conversations',
        '["ask where the last one came from", "write down the words they use"]'
    ),
    (
        '019b8b74-1800-7000-8000-000000000402',
        '019b8b74-1800-7000-8000-000000000001',
        '019b8b74-1800-7000-8000-000000000201',
        '019b8b74-1800-7000-8000-000000000301',
        'Work on the sample table',
        'hours',
        '[]'
    ),
    (
        '019b8b74-1800-7000-8000-000000000403',
        '019b8b74-1800-7000-8000-000000000001',
        '019b8b74-1800-7000-8000-000000000201',
        '019b8b74-1800-7000-8000-000000000302',
        'Run',
        'times',
        '["lay the shoes out the evening before"]'
    )
ON CONFLICT (id) DO NOTHING;

-- Twelve weeks; the last two digits of an id are the week.
INSERT INTO weeksmith.weekly_plan (id, user_id, cycle_id, week, focus, reflection)
SELECT
    format('019b8b74-1800-7000-8000-0000000005%s', lpad(week::text, 2, '0'))::uuid,
    '019b8b74-1800-7000-8000-000000000001',
    '019b8b74-1800-7000-8000-000000000201',
    week,
    CASE WHEN week <= 4 THEN 'Find out' WHEN week <= 9 THEN 'Build' ELSE 'Sell' END,
    CASE WHEN week <= 3 THEN '{"went_well": ["kept the mornings free"], "to_change": []}'::jsonb ELSE '{}' END
FROM generate_series(1, 12) AS week
ON CONFLICT (id) DO NOTHING;

-- Every task in every week; the digits are the task and the week. Three weeks are over.
INSERT INTO weeksmith.plan_item (id, user_id, cycle_id, weekly_plan_id, task_id, quota, done, evidence)
SELECT
    format('019b8b74-1800-7000-8000-000000006%s%s', task.number, lpad(week::text, 2, '0'))::uuid,
    '019b8b74-1800-7000-8000-000000000001',
    '019b8b74-1800-7000-8000-000000000201',
    format('019b8b74-1800-7000-8000-0000000005%s', lpad(week::text, 2, '0'))::uuid,
    format('019b8b74-1800-7000-8000-00000000040%s', task.number)::uuid,
    task.quota,
    CASE WHEN week <= 3 THEN task.quota ELSE 0 END,
    CASE WHEN week <= 3 THEN '["ticked off on Sunday"]'::jsonb ELSE '[]' END
FROM generate_series(1, 12) AS week
CROSS JOIN (VALUES (1, 2), (2, 10), (3, 3)) AS task (number, quota)
ON CONFLICT (id) DO NOTHING;

INSERT INTO weeksmith.chat_session (id, user_id, cycle_id, title, context) VALUES (
    '019b8b74-1800-7000-8000-000000000701',
    '019b8b74-1800-7000-8000-000000000001',
    '019b8b74-1800-7000-8000-000000000201',
    'Planning week 4',
    '{"week": 4}'
) ON CONFLICT (id) DO NOTHING;

INSERT INTO weeksmith.chat_message (id, user_id, chat_session_id, role, content, meta) VALUES
    (
        '019b8b74-1800-7000-8000-000000000801',
        '019b8b74-1800-7000-8000-000000000001',
        '019b8b74-1800-7000-8000-000000000701',
        'user',
        'Three runs were too many in a week with so much gluing.',
        '{}'
    ),
    (
        '019b8b74-1800-7000-8000-000000000802',
        '019b8b74-1800-7000-8000-000000000001',
        '019b8b74-1800-7000-8000-000000000701',
        'assistant',
        'Then plan two for week 4, which is not locked. From week 7 on a quota stays as it was planned.',
        '{"model": "example"}'
    )
ON CONFLICT (id) DO NOTHING;

-- What the trigger writes for all of the above has its own ids; this one shows an entry by an agent, with a note.
INSERT INTO weeksmith.audit_log (id, user_id, ts, actor_kind, actor_id, action, entity_table, entity_id, before, after, note) VALUES (
    '019b8b74-1800-7000-8000-000000000901',
    '019b8b74-1800-7000-8000-000000000001',
    '2026-01-25 18:00+00',
    'agent',
    'coach',
    'updated',
    'plan_item',
    '019b8b74-1800-7000-8000-000000006304',
    '{"id": "019b8b74-1800-7000-8000-000000006304", "quota": 4, "done": 0}',
    '{"id": "019b8b74-1800-7000-8000-000000006304", "quota": 3, "done": 0}',
    'four runs a week came before the ankle hurt'
) ON CONFLICT (id) DO NOTHING;
