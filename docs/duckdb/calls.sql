-- The calls of `files`, a list of NDJSON files, with the columns that the questions need. What a level does not have is
-- NULL, as is what the wire left out.
CREATE TABLE calls AS
SELECT * EXCLUDE (type)
FROM read_ndjson(getvariable('files'), columns = {
  type: 'VARCHAR', capture: 'VARCHAR', ts: 'DOUBLE', "id.orig_h": 'VARCHAR', "id.resp_h": 'VARCHAR', "user": 'VARCHAR',
  undecoded: 'VARCHAR',
  request: 'STRUCT(level UINTEGER, client_name VARCHAR, user_name VARCHAR)',
  response: 'STRUCT(status_name VARCHAR, container STRUCT(sessions STRUCT(
    cname VARCHAR, username VARCHAR, num_opens UINTEGER, "time" UINTEGER, idle_time UINTEGER, user_flags UINTEGER,
    cltype_name VARCHAR, transport VARCHAR)[]))',
  findings: 'STRUCT(rule VARCHAR, verdict VARCHAR, party VARCHAR, field VARCHAR, frame UBIGINT, message VARCHAR)[]'})
WHERE type = 'call';
