"""The statements that write records: set-based, so a thousand records cost as many round trips as one."""

LOCK = """
SELECT id, type_id, data::text, version, deleted_at IS NOT NULL AS deleted FROM record
WHERE workspace_id = $1 AND type_id = ANY($2::uuid[]) AND id = ANY($3::uuid[])
ORDER BY id FOR UPDATE
"""
RELATED = """
SELECT id, type_id, title, data::text FROM record
WHERE workspace_id = $1 AND type_id = ANY($2::uuid[]) AND id = ANY($3::uuid[]) AND deleted_at IS NULL
"""
POINTING = """
SELECT l.to_id, l.field_id, l.from_id FROM record_link l
JOIN unnest($1::uuid[], $2::uuid[]) AS i(to_id, field_id) ON l.to_id = i.to_id AND l.field_id = i.field_id
ORDER BY l.from_id
"""
ALONG = "SELECT DISTINCT from_id AS id FROM record_link WHERE field_id = $1 AND to_id = ANY($2::uuid[])"
AGAINST = "SELECT DISTINCT to_id AS id FROM record_link WHERE field_id = $1 AND from_id = ANY($2::uuid[])"
PEOPLE = "SELECT user_id FROM membership WHERE workspace_id = $1 AND user_id = ANY($2::uuid[])"
NUMBERS = """
INSERT INTO record_counter (field_id, next) VALUES ($1, $2::bigint + $3::bigint)
ON CONFLICT (field_id) DO UPDATE SET next = record_counter.next + $3::bigint RETURNING next - $3::bigint AS first
"""
FREE_UNIQUE = """
DELETE FROM record_unique u USING unnest($1::uuid[], $2::uuid[]) AS i(field_id, record_id)
WHERE u.field_id = i.field_id AND u.record_id = i.record_id
"""
TAKE_UNIQUE = """
INSERT INTO record_unique (field_id, value, record_id)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]) ORDER BY 1, 2
ON CONFLICT (field_id, value) DO NOTHING RETURNING field_id, value, record_id
"""
HOLDERS = """
SELECT u.field_id, u.value, u.record_id FROM record_unique u
JOIN unnest($1::uuid[], $2::text[]) AS i(field_id, value) ON u.field_id = i.field_id AND u.value = i.value
"""
INSERT = """
INSERT INTO record (id, type_id, workspace_id, title, data, errors, search, version, created_at, created_by,
                    updated_at)
SELECT i.id, i.type_id, $1, i.title, i.data, i.errors, to_tsvector('simple', left(i.words, 100000))
       || to_tsvector('russian', left(i.words, 100000)) || to_tsvector('english', left(i.words, 100000)),
       1, $7::timestamptz, $8::jsonb, $7::timestamptz
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $6::jsonb[], $9::text[])
  AS i(id, type_id, title, data, errors, words)
"""
UPDATE = """
UPDATE record r SET title = i.title, data = i.data, errors = i.errors, version = r.version + 1,
  updated_at = $7::timestamptz,
  deleted_at = CASE i.what WHEN 'deleted' THEN $7::timestamptz WHEN 'restored' THEN NULL ELSE r.deleted_at END,
  search = CASE WHEN i.words IS NULL THEN r.search ELSE to_tsvector('simple', left(i.words, 100000))
       || to_tsvector('russian', left(i.words, 100000)) || to_tsvector('english', left(i.words, 100000)) END
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $6::jsonb[], $8::text[], $9::text[])
  AS i(id, type_id, title, data, errors, words, what)
WHERE r.workspace_id = $1 AND r.type_id = i.type_id AND r.id = i.id
"""
UNLINK = """
DELETE FROM record_link l USING unnest($1::uuid[], $2::uuid[]) AS i(from_id, field_id)
WHERE l.from_id = i.from_id AND l.field_id = i.field_id
"""
LINK = """
INSERT INTO record_link (from_id, field_id, to_id, workspace_id, from_type, to_type, place)
SELECT i.from_id, i.field_id, i.to_id, $1, i.from_type, i.to_type, i.place
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::int[])
  AS i(from_id, field_id, to_id, from_type, to_type, place)
"""
CHANGED = """
INSERT INTO record_change (id, workspace_id, type_id, record_id, what, changes, actor, at)
SELECT i.id, $1, i.type_id, i.record_id, i.what, i.changes, $7::jsonb, $8
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[])
  AS i(id, type_id, record_id, what, changes)
"""
