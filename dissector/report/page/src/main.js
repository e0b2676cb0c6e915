// What a script adds to a page that is whole without it. Text from the capture reaches the page as text nodes and
// attribute values alone.
import { drawGraph } from "./graph.js";
import { adoptTables } from "./tables.js";
import { drawTimeline } from "./timeline.js";

const data = JSON.parse(document.getElementById("data").textContent);
document.documentElement.classList.add("js");
const tables = adoptTables();
drawGraph(data);
drawTimeline(data, (call) => tables.reveal(`call-${call}`));
