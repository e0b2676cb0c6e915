-- Which rules were broken, by whom, and where?
SELECT f.rule AS rule, f.party AS party, CAST(count(*) AS INTEGER) AS findings,
       CAST(count(DISTINCT capture) AS INTEGER) AS captures
FROM (SELECT capture, unnest(findings) AS f FROM calls)
WHERE f.verdict = 'violation'
GROUP BY rule, party
ORDER BY findings DESC, rule, party;
