#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What docs/follow-postgres.md shows, against the server that the environment names (PGHOST, PGUSER, PGDATABASE), in the
# folder that it is started in, where follow_postgres.toml is. A test runs it.
set -euo pipefail
psql -q -v ON_ERROR_STOP=1 << 'SQL'
CREATE SCHEMA hotich;
CREATE TABLE hotich.cong_dan (so_cccd text PRIMARY KEY, ho_ten text, ngay_sinh date, gioi_tinh int, het_han date, ma_xa int);
INSERT INTO hotich.cong_dan VALUES ('001201000001', 'Nguyễn Văn An', '2001-02-03', 1, '2031-02-03', 7);
SQL
xacthuc follow-postgres --print-setup --conninfo "dbname=$PGDATABASE" --mapping follow_postgres.toml \
    --publication xacthuc --slot xacthuc > setup.sql
psql -q -v ON_ERROR_STOP=1 -f setup.sql
xacthuc follow-postgres register --mapping follow_postgres.toml --publication xacthuc --slot xacthuc --once
psql -q -c "UPDATE hotich.cong_dan SET ho_ten = 'Nguyễn Văn Bình'"
xacthuc follow-postgres register --mapping follow_postgres.toml --publication xacthuc --slot xacthuc --once
printf 'id,name\n001201000001,Nguyễn Văn Bình\n' | xacthuc verify - --register register
