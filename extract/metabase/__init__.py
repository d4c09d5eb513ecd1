"""A shop's operational database, read through the SQL that Metabase runs for us."""
