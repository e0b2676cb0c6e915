// What a script adds to a page that is whole without it. Text from the capture reaches the page as text nodes and
// attribute values alone.
import { drawGraph } from "./graph.js";
import { adoptTables } from "./tables.js";
import { drawTimeline } from "./timeline.js";

// The columns' names stand once, and a value of false for what is not told.
const named = ({ columns, rows }) => rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]]).filter(([, value]) => value !== false)));
const { pairs, calls, sessions } = JSON.parse(document.getElementById("data").textContent);
const data = { pairs: named(pairs), calls: named(calls), sessions: named(sessions) };
document.documentElement.classList.add("js");
const tables = adoptTables();
drawGraph(data);
drawTimeline(data, (call) => tables.reveal(`call-${call}`));
