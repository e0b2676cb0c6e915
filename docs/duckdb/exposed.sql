-- Which accounts were exposed to whom? `logon` is the earliest that any answer claimed: when it was sent, less the time
-- that the session had lasted. 4294967295 seconds are Samba's for "just now", and no time.
SELECT s.username AS account, s.cname AS workstation, "id.resp_h" AS server, "id.orig_h" AS told_to,
       CAST(count(*) AS INTEGER) AS times,
       strftime(make_timestamp(CAST(floor(min(ts - nullif(s."time", 4294967295))) AS BIGINT) * 1000000),
                '%Y-%m-%dT%H:%M:%SZ') AS logon
FROM (SELECT *, unnest(response.container.sessions) AS s FROM calls)
WHERE s.username <> ''
GROUP BY account, workstation, server, told_to
ORDER BY account, workstation NULLS FIRST, server, told_to;
