-- RESTRICT is the default: this fails as long as any down.sql before it has left something behind.
DROP SCHEMA tower;
DROP SCHEMA cwom;
