-- Everything that a page shows, and names and texts that could break one. For PostgreSQL 13 and later, without extensions.
COMMENT ON SCHEMA public IS 'What is everybody''s: `code`, *stars*, a|b, <script>alert(1)</script>.';

CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'The application''s own.';
CREATE SCHEMA "readme";
CREATE SCHEMA "odd | `names`";
CREATE SCHEMA empty;

-- Types
CREATE TYPE app.mood AS ENUM ('fine', 'two words', '', 'a|b', '`', 'new
line');
COMMENT ON TYPE app.mood IS 'How it feels.';
CREATE DOMAIN app.email AS text CHECK (VALUE ~ '^[^@|]+@[^@|]+$') NOT NULL DEFAULT 'nobody@example.com';
COMMENT ON DOMAIN app.email IS 'An address, not verified.';
CREATE TYPE app.money_of AS (amount numeric(12, 2), currency character(3));
COMMENT ON TYPE app.money_of IS 'An amount with its currency.';
COMMENT ON COLUMN app.money_of.currency IS 'ISO 4217.';
CREATE TYPE app.span AS RANGE (subtype = float8);

-- Functions
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
COMMENT ON FUNCTION app.touch() IS 'Keeps `updated_at`.';
CREATE FUNCTION app.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
CREATE FUNCTION app.add(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a + b';
CREATE FUNCTION app.add(a text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT a';
CREATE PROCEDURE app.clean() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE app.total(integer) (SFUNC = int4_sum, STYPE = bigint);

-- Cardinalities: who refers to owners, in every way there is.
CREATE TABLE app.owners (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text NOT NULL,
    name text NOT NULL,
    email app.email,
    score integer DEFAULT 0 CHECK (score >= 0),
    doubled integer GENERATED ALWAYS AS (score * 2) STORED,
    mood app.mood DEFAULT 'fine',
    price app.money_of,
    tags text[] NOT NULL DEFAULT '{}',
    code character varying(12) COLLATE "C",
    updated_at timestamp(3) with time zone,
    UNIQUE (region, name),
    UNIQUE (id, score) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE app.owners IS 'Who owns things.

In two paragraphs: `quoted`, "and" $1 or $2.';
COMMENT ON COLUMN app.owners.name IS '# not a heading
- not a list';
CREATE UNIQUE INDEX owners_code ON app.owners (code);
CREATE INDEX owners_search ON app.owners (lower(name) DESC NULLS LAST, score) INCLUDE (region) WHERE score > 0;
COMMENT ON INDEX app.owners_search IS 'For the search.';
CREATE TRIGGER owners_touch BEFORE UPDATE ON app.owners FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER owners_kept BEFORE DELETE OR TRUNCATE ON app.owners FOR EACH STATEMENT EXECUTE FUNCTION app.refuse('a|b');
CREATE TRIGGER owners_named AFTER INSERT OR UPDATE OF name, region ON app.owners FOR EACH ROW
    WHEN (NEW.name <> 'a' || 'b') EXECUTE FUNCTION app.touch();
ALTER TABLE app.owners DISABLE TRIGGER owners_named;
COMMENT ON TRIGGER owners_kept ON app.owners IS 'Owners stay.';
ALTER TABLE app.owners ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.owners FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON app.owners USING (region = current_setting('app.region')) WITH CHECK (region <> '');
CREATE POLICY not_gone ON app.owners AS RESTRICTIVE FOR SELECT TO app_ro USING (score > 0);
COMMENT ON POLICY by_region ON app.owners IS 'Everybody sees their region.';

CREATE TABLE app.many_of_one (id integer PRIMARY KEY, owner_id bigint NOT NULL REFERENCES app.owners ON DELETE CASCADE ON UPDATE RESTRICT);
CREATE TABLE app.many_of_none (id integer PRIMARY KEY, owner_id bigint REFERENCES app.owners ON DELETE SET NULL);
CREATE TABLE app.one_of_one (owner_id bigint PRIMARY KEY REFERENCES app.owners DEFERRABLE);
CREATE TABLE app.one_of_none (id integer PRIMARY KEY, owner_id bigint UNIQUE REFERENCES app.owners);
CREATE TABLE app.compound (
    region text, name text, at date,
    PRIMARY KEY (region, name, at),
    CONSTRAINT compound_owner FOREIGN KEY (region, name) REFERENCES app.owners (region, name)
);
COMMENT ON CONSTRAINT compound_owner ON app.compound IS 'By name.';
ALTER TABLE app.compound ADD CHECK (at > '2000-01-01') NOT VALID;
ALTER TABLE app.compound ADD EXCLUDE USING btree (at WITH =);
CREATE TABLE app.tree (
    id integer PRIMARY KEY,
    parent_id integer REFERENCES app.tree,
    owner_id bigint NOT NULL,
    CONSTRAINT tree_owner FOREIGN KEY (owner_id) REFERENCES app.owners NOT VALID
);
CREATE POLICY unused ON app.tree USING (true);

-- Other relations
CREATE UNLOGGED TABLE app.scratch (a integer);
ALTER TABLE app.scratch ENABLE ROW LEVEL SECURITY;
CREATE TABLE app.nothing ();
CREATE TABLE app.heir (extra integer) INHERITS (app.scratch);
CREATE TABLE app.events (at timestamp NOT NULL, kind text) PARTITION BY RANGE (at);
COMMENT ON TABLE app.events IS 'By year.';
CREATE TABLE app.events_2025 PARTITION OF app.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (kind);
CREATE TABLE "readme".events_other PARTITION OF app.events_2026 DEFAULT;
CREATE SEQUENCE app.tickets AS integer;
COMMENT ON SEQUENCE app.tickets IS 'Numbers on doors.';
CREATE VIEW app.names AS SELECT id, name FROM app.owners WHERE score > 0;
COMMENT ON VIEW app.names IS 'Those that count.';
COMMENT ON COLUMN app.names.name IS 'As in `app.owners`.';
CREATE MATERIALIZED VIEW app.counts AS SELECT region, count(*) AS owners FROM app.owners GROUP BY region;
CREATE UNIQUE INDEX counts_region ON app.counts (region);
CREATE RULE names_stay AS ON DELETE TO app.names DO INSTEAD NOTHING;

-- Names
CREATE TABLE "readme"."one" ("pk" integer PRIMARY KEY, "FK" bigint REFERENCES app.owners, "uk" uuid UNIQUE, "a~b~" text, "2fa" text);
CREATE TABLE "readme"."to" (id integer PRIMARY KEY);
CREATE TABLE "readme"."erDiagram" ("style" integer, "class" integer);
CREATE TABLE "readme"."direction TB" ("u" integer, "direction  TB" integer);
CREATE TABLE "readme"."%%{init: {""theme"": ""dark""}}%%" ("}" integer, "%%" integer);
CREATE TABLE "readme"."_private_" ("_id_" integer, "__proto__" integer);
CREATE TABLE "readme"."a.b" ("c.d" integer PRIMARY KEY);
CREATE TABLE "odd | `names`"."<script>alert(1)</script>" (
    "|" integer PRIMARY KEY, "`" integer, "a
b" integer, "‮" text, "​" text, "   " text, """" text, "\" text, "日本語" text, "🎉" text, "-->" text, "[x](y)" text, "*b*" text,
    CONSTRAINT "odd | key" FOREIGN KEY ("`") REFERENCES "readme"."a.b" ON DELETE RESTRICT,
    CONSTRAINT "to | itself" FOREIGN KEY ("a
b") REFERENCES "odd | `names`"."<script>alert(1)</script>",
    CONSTRAINT "odd ``` check" CHECK ("`" > 0 AND '|' || '```' <> '<b>')
);
COMMENT ON TABLE "odd | `names`"."<script>alert(1)</script>" IS '</table><script>alert(1)</script> | ``` --> [link](javascript:alert(1)) ![](x)
---
# heading
‮txt.exe';
COMMENT ON COLUMN "odd | `names`"."<script>alert(1)</script>"."|" IS '1. not a list | `a|b` | `unpaired';
CREATE VIEW "odd | `names`"."```" AS SELECT '
```
</details> | <b>'::text AS "```";
CREATE TABLE public."README" (id integer PRIMARY KEY, note text DEFAULT 'a|b`c');
