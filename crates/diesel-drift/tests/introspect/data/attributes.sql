-- What has every attribute that a statement can change, for PostgreSQL 13 and later.
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE FUNCTION touch_too() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TABLE target (id integer PRIMARY KEY, code integer, CONSTRAINT later UNIQUE (code) DEFERRABLE);
CREATE TABLE t (
    id integer CONSTRAINT t_pkey PRIMARY KEY, a text, b text, c integer NOT NULL, at tstzrange, serial serial,
    always bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT to_target FOREIGN KEY (c) REFERENCES target, CONSTRAINT positive CHECK (c > 0),
    CONSTRAINT no_overlap EXCLUDE USING gist (at WITH &&) DEFERRABLE
);
CREATE INDEX ix ON t (a);
CREATE INDEX ix_expression ON t (lower(a), b);
CREATE UNIQUE INDEX ix_unique ON t (c);
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE silent AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE POLICY mine ON t USING (c > 0);
CREATE STATISTICS together ON a, b FROM t;
CREATE TABLE parent (p integer, q text CHECK (q <> ''));
CREATE TABLE child (r integer) INHERITS (parent);
CREATE TABLE whole (at date, n integer CHECK (n > 0)) PARTITION BY RANGE (at);
CREATE TABLE part PARTITION OF whole FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX part_n ON part (n);
CREATE TRIGGER touch_whole AFTER INSERT ON whole FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW v AS SELECT id, a FROM t WHERE c > 0;
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
CREATE EXTENSION postgres_fdw;
CREATE SERVER nowhere FOREIGN DATA WRAPPER postgres_fdw;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw;
CREATE FOREIGN TABLE f (a integer) SERVER nowhere;
CREATE SEQUENCE s;
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('ok');
CREATE DOMAIN email AS text CONSTRAINT at CHECK (VALUE LIKE '%@%');
CREATE TYPE pair AS (x text, y integer);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE TYPE number;
CREATE FUNCTION number_in(cstring) RETURNS number LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION number_out(number) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE FUNCTION number_receive(internal) RETURNS number LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION number_send(number) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
CREATE TYPE number (INPUT = number_in, OUTPUT = number_out, INTERNALLENGTH = 4, PASSEDBYVALUE);
CREATE TYPE words;
CREATE FUNCTION words_in(cstring) RETURNS words LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION words_out(words) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
