// usage: node query.mjs QUESTION.sql FILE.ndjson...
// Answers a question about the calls of NDJSON files, a row a line.
import {readFileSync} from 'node:fs';
import {DuckDBInstance} from '@duckdb/node-api';

const [question, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node query.mjs QUESTION.sql FILE.ndjson...');
  process.exit(2);
}
const sql = name => readFileSync(name, 'utf8');
const literal = text => `'${text.replaceAll("'", "''")}'`;

const database = await DuckDBInstance.create(':memory:');
const connection = await database.connect();
await connection.run(`SET VARIABLE files = [${files.map(literal).join(', ')}]`);
await connection.run(sql(new URL('calls.sql', import.meta.url)));
const answer = await connection.runAndReadAll(sql(question));
for (const row of answer.getRowObjectsJson()) console.log(JSON.stringify(row));
