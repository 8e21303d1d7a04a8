-- The database of the Prefect server, beside that of the archive. Its tables need pg_trgm.
CREATE DATABASE prefect;
\connect prefect
CREATE EXTENSION IF NOT EXISTS pg_trgm;
