// Bundles src/ into page.html. `--check` compares instead of writing, and fails where they differ.
import * as esbuild from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "page.html");
// As in data_table.h and call_sections.cc.
const FILTERS = 6;
const ORDERS = 4;
const RANK_BASE = 32;
const MOST_COLUMNS = 16;
const BAR = 100;

function tableRules() {
  const rules = [];
  for (let i = 0; i < FILTERS; ++i) rules.push(`.block:has(.f${i}:checked) tbody>tr:not(.g${i}){display:none}`);
  for (let i = 0; i < ORDERS; ++i) {
    const [high, low] = ["abcd"[i], "ABCD"[i]];
    const rank = `var(--${high})*${RANK_BASE} + var(--${low})`;
    rules.push(`.block:has(.o${i}:checked) tbody>tr{order:calc(${rank})}`);
    rules.push(`.block:has(.o${i}:checked):has(.o-down:checked) tbody>tr{order:calc(-1*(${rank}))}`);
    for (let digit = 0; digit < RANK_BASE; ++digit) {
      rules.push(`.${high}${digit}{--${high}:${digit}}.${low}${digit}{--${low}:${digit}}`);
    }
  }
  for (let i = 1; i <= MOST_COLUMNS; ++i) rules.push(`.cols-${i}{--columns:${i}}`);
  for (let i = 0; i < BAR; ++i) rules.push(`.s${i}{--start:${i}}.i${i}{--idle-from:${i}}`);
  return rules.join("\n");
}

async function bundle(entry, options) {
  const result = await esbuild.build({
    entryPoints: [join(here, entry)], absWorkingDir: here, bundle: true, minify: true, write: false, metafile: true,
    charset: "utf8", legalComments: "none", target: ["chrome117", "firefox121", "safari17"], ...options,
  });
  return { text: result.outputFiles[0].text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

// The licences of what is in the bundle, as their notices ask.
function licences(inputs) {
  const names = new Set(inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
  return [...names].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `<h3>${name} ${version}</h3>\n<pre>${escaped(readFileSync(join(folder, file), "utf8").trim())}</pre>`;
  }).join("\n");
}

const hash = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

async function build() {
  const script = await bundle("src/main.js", { format: "iife" });
  const style = await bundle("src/style.css", {});
  const { code: rules } = await esbuild.transform(tableRules(), { loader: "css", minify: true });
  const css = style.text + rules.trim();
  if (/<\/style|<!--/i.test(css) || /<\/script|<!--/i.test(script.text)) throw new Error("would end its element");
  const parts = {
    policy: `default-src 'none'; script-src ${hash(script.text)}; style-src ${hash(css)}; img-src data:; ` +
      "base-uri 'none'; form-action 'none'",
    style: css,
    script: script.text,
    licences: licences(script.inputs),
  };
  const page = readFileSync(join(here, "src", "page.html"), "utf8");
  return page.replace(/\{\{(\w+)\}\}/g, (mark, name) => parts[name] ?? mark);
}

const page = await build();
if (!process.argv.includes("--check")) {
  writeFileSync(output, page);
  console.log(`page.html: ${page.length} characters`);
} else if (readFileSync(output, "utf8") !== page) {
  console.error("page.html is not what its sources make: run npm ci && npm run build");
  process.exit(1);
}
