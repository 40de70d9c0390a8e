#!/bin/sh
# Run once by the database's image: the owner that migrates, the application that has no DDL, and their database.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE registry_owner LOGIN PASSWORD :'owner';
CREATE ROLE registry_app LOGIN PASSWORD :'app';
CREATE DATABASE registry OWNER registry_owner ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
\connect registry
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO registry_owner;
REVOKE TEMPORARY ON DATABASE registry FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO registry_app;
ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner GRANT USAGE, SELECT ON SEQUENCES TO registry_app;
SQL
