-- Who asked most servers?
SELECT "id.orig_h" AS asker, CAST(count(DISTINCT "id.resp_h") AS INTEGER) AS servers, CAST(count(*) AS INTEGER) AS calls
FROM calls
GROUP BY asker
ORDER BY servers DESC, calls DESC, asker;
