-- Three roles for an archive in PostgreSQL, each with no more rights than its part needs. Plain SQL, safe to repeat.
--
--   psql --dbname pressrun --file deploy/postgres-roles.sql          as a superuser, before and after `pressrun db upgrade`
--
-- pressrun_owner    owns the tables: `pressrun db upgrade`, `maintain`, `articles remove`
-- pressrun_crawler  reads and writes rows: `pressrun up`, workers, crawls, imports, `db reindex`
-- pressrun_reader   reads: `pressrun browse`, `mcp`, `articles export`, notebooks, Datasette
--
-- The roles have no password yet: give each one with \password, or let pg_hba.conf know them otherwise.

DO $$
DECLARE
    role text;
    relation text;
BEGIN
    FOREACH role IN ARRAY ARRAY['pressrun_owner', 'pressrun_crawler', 'pressrun_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', role);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE public.%I OWNER TO pressrun_owner', relation);
    END LOOP;
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO pressrun_owner;
GRANT USAGE ON SCHEMA public TO pressrun_crawler, pressrun_reader;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO pressrun_crawler;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO pressrun_crawler;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO pressrun_reader;

-- Tables of a later version get the same rights when the owner makes them.
ALTER DEFAULT PRIVILEGES FOR ROLE pressrun_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO pressrun_crawler;
ALTER DEFAULT PRIVILEGES FOR ROLE pressrun_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO pressrun_crawler;
ALTER DEFAULT PRIVILEGES FOR ROLE pressrun_owner IN SCHEMA public GRANT SELECT ON TABLES TO pressrun_reader;

-- Which version the store is of, only its owner may say.
DO $$
BEGIN
    IF to_regclass('public.alembic_version') IS NOT NULL THEN
        REVOKE INSERT, UPDATE, DELETE ON public.alembic_version FROM pressrun_crawler;
    END IF;
END
$$;
