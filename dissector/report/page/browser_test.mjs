// node --test browser_test.mjs: reports in headless Chromium. SESSENUM_REPORTS is a folder with office.html,
// hostile.html, crowd.html and all.html (see tools/report_page_test.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { launch, open } from "./browser.mjs";

const folder = process.env.SESSENUM_REPORTS;
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

async function withPage(name, options, body) {
  const { page, complaints } = await open(browser, join(folder, `${name}.html`), options);
  try {
    await body(page);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
}

const cells = (page, table, column) =>
  page.$$eval(`#${table} tbody tr`, (rows, at) => rows.filter((row) => row.checkVisibility()).map((row) => row.cells[at].textContent), column);
// By where they are on the screen, which a style sheet can change.
const cellsAsSeen = (page, table, column) =>
  page.$$eval(`#${table} tbody tr`, (rows, at) => rows.filter((row) => row.checkVisibility())
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map((row) => row.cells[at].textContent), column);

for (const name of ["office", "hostile", "crowd", "all"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name}, ${colorScheme}: silent, offline, drawn`, () => withPage(name, { colorScheme }, async (page) => {
      assert.ok(await page.locator("#graph-canvas canvas").count() > 0);
      assert.ok(await page.locator("#sessions-chart a").count() > 0);
      const { width, inner } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth, inner: innerWidth }));
      assert.ok(width <= inner, "the page is wider than its window");
    }));
  }
}

test("narrow: nothing sticks out", () => withPage("office", { viewport: { width: 360, height: 800 } }, async (page) => {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
}));

test("names that mean harm stay names", () => withPage("hostile", {}, async (page) => {
  assert.equal(await page.locator("img, iframe, object, embed, plaintext").count(), 0);
  assert.equal(await page.locator("script").count(), 2);
  assert.ok((await cells(page, "accounts-table", 0)).includes("</script><img src=x onerror=alert(1)>"));
  const listed = await page.$$eval("#graph-tools option", (options) => options.map((option) => option.textContent));
  assert.ok(listed.some((label) => label.startsWith("</script><img src=x onerror")));
  // Whatever a reader may touch keeps quiet, too.
  const nodes = page.locator("#graph-tools select").first();
  for (const node of await nodes.locator("option").evaluateAll((options) => options.map((option) => option.value))) {
    await nodes.selectOption(node);
  }
  for (const order of ["account", "workstation", "latest answer"]) {
    await page.locator("#timeline-tools select").nth(1).selectOption(order);
    await page.locator("#sessions-chart a").first().focus();
  }
  await page.locator("#accounts input[type=search]").fill("<img");
  assert.equal((await cells(page, "accounts-table", 0)).length, 2, "an account of that name, and one from a computer of it");
}));

test("markup that slipped through would not run", () => withPage("hostile", {}, async (page) => {
  const ran = await page.evaluate(async () => {
    let refused = 0;
    document.addEventListener("securitypolicyviolation", () => { ++refused; });
    const holder = document.createElement("div");
    holder.innerHTML = "<svg onload=\"document.title='ran'\"></svg><p style=\"color:red\">x</p>";
    document.body.append(holder);
    const script = document.createElement("script");
    script.textContent = "document.title = 'ran'";
    document.body.append(script);
    await new Promise((done) => setTimeout(done, 200));
    return { title: document.title, refused };
  });
  assert.notEqual(ran.title, "ran");
  assert.ok(ran.refused >= 2);
}).catch((error) => {
  // The browser tells of what it refuses: that is what was asked for.
  assert.match(String(error), /Content Security Policy/);
}));

test("a heading sorts, twice turns round, and says so", () => withPage("office", {}, async (page) => {
  const heading = page.locator("#pairs-table th", { hasText: "Sessions told" });
  await heading.locator("button").press("Enter");
  assert.equal(await heading.getAttribute("aria-sort"), "ascending");
  const column = await heading.evaluate((th) => th.cellIndex);
  const up = (await cells(page, "pairs-table", column)).map(Number);
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await heading.locator("button").press("Enter");
  assert.equal(await heading.getAttribute("aria-sort"), "descending");
  assert.deepEqual((await cells(page, "pairs-table", column)).map(Number), [...up].reverse());
}));

test("filter and search narrow the rows, and the count follows", () => withPage("office", {}, async (page) => {
  const calls = page.locator("#calls");
  await calls.locator("input.f1").check();
  assert.equal((await cells(page, "calls-table", 0)).length, 3);
  assert.match(await calls.locator(".pager").innerText(), /3 calls \(of 51\)/);
  await calls.locator("input.f-all").check();
  await calls.locator("input[type=search]").fill("10.20.4.37 10.20.0.13");
  assert.equal((await cells(page, "calls-table", 0)).length, 1);
}));

test("a finding leads to its call, on whatever page it stands", () => withPage("crowd", {}, async (page) => {
  const rule = page.locator("details.rule").first();
  await rule.locator("summary").press("Enter");
  await rule.getByRole("button", { name: "Next" }).press("Enter");
  const link = rule.locator("tbody tr:last-child a").first();
  const number = await link.innerText();
  await link.press("Enter");
  const focused = await page.evaluate(() => document.activeElement.id);
  assert.equal(focused, `call-${number}`);
  assert.ok(Number(number) > 100);
}));

test("every row of a crowd is reached by Next", () => withPage("crowd", {}, async (page) => {
  const next = page.locator("#calls .pager button", { hasText: "Next" });
  const seen = new Set(await cells(page, "calls-table", 0));
  while (await next.isEnabled()) {
    await next.evaluate((button) => button.click());
    for (const number of await cells(page, "calls-table", 0)) seen.add(number);
  }
  assert.equal(seen.size, 6000);
}));

test("what is printed is whole, fits its page and is not drawn dot by dot", () => withPage("office", {}, async (page) => {
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const rows = await page.$$eval("table.data tbody", (bodies) => bodies.map((body) => body.rows.length));
  const said = await page.$$eval(".pager [role=status]", (all) => all.map((where) => where.textContent.replaceAll(",", "")));
  for (const [index, text] of said.entries()) assert.equal(rows[index], Number(/(\d+) \D+$/.exec(text)[1]), text);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 1047, height: 718 });  // A4 across, less the margins
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok((await page.pdf({ preferCSSPageSize: true })).length < 4_000_000);
}));

test("a crowd stays smooth, and the page says what it shows", () => withPage("crowd", {}, async (page) => {
  const times = await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const measure = async (act) => { const began = performance.now(); act(); await frame(); return performance.now() - began; };
    const calls = document.getElementById("calls");
    const search = calls.querySelector("input[type=search]");
    const navigation = performance.getEntriesByType("navigation")[0];
    return {
      load: navigation.domContentLoadedEventEnd,
      sort: await measure(() => calls.querySelectorAll("th button")[2].click()),
      find: await measure(() => { search.value = "10.40.0.7"; search.dispatchEvent(new Event("input")); }),
      again: await measure(() => { search.value = "10.40.0.77"; search.dispatchEvent(new Event("input")); }),
      page: await measure(() => document.querySelectorAll("#sessions .pager button")[1].click()),
      lanes: await measure(() => document.querySelectorAll("#timeline-tools button")[1].click()),
    };
  });
  console.log(Object.entries(times).map(([name, ms]) => `${name} ${Math.round(ms)} ms`).join(", "));
  // What keeps it smooth: no more is laid out than a page of a table and a page of lanes.
  const rows = await page.$$eval("table.data tbody", (bodies) => bodies.map((body) => body.rows.length));
  assert.ok(Math.max(...rows) <= 100, `${rows}`);
  assert.ok(await page.locator("#sessions-chart svg > g").count() <= 32);
  assert.match(await page.locator("#graph-part").innerText(), /shows the \d+ busiest of [\d,]+ nodes/);
  assert.match(await page.locator("#timeline-part").innerText(), /Shown: \d+ to \d+ of [\d,]+ sessions/);
  assert.match(await page.locator("#calls-chart p").innerText(), /12 busiest of \d+ askers/);
}));

test("arrow keys go from bar to bar, and Enter opens the call", () => withPage("office", {}, async (page) => {
  await page.locator("#sessions-chart a[tabindex='0']").focus();
  const first = await page.locator("#timeline-detail").innerText();
  await page.keyboard.press("ArrowDown");
  const second = await page.locator("#timeline-detail").innerText();
  assert.notEqual(first, second);
  assert.match(second, /from .* at .*: for .*, since .*, idle .*; told at .* in call \d+/);
  await page.keyboard.press("Enter");
  assert.match(await page.evaluate(() => document.activeElement.id), /^call-\d+$/);
}));

test("the list beside the graph says in words what the graph shows", () => withPage("office", {}, async (page) => {
  await page.locator("#graph-tools select").first().selectOption({ label: "10.20.4.37" });
  const words = await page.locator("#graph-detail").innerText();
  assert.match(words, /^10\.20\.4\.37 \(asker.*\) \[sweep, refused by many\]: asked /);
}));

test("a screen reader finds headings, tables, captions and labels", () => withPage("office", {}, async (page) => {
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
  for (const [name, rows] of [["Every call, with the frames to look at in Wireshark", 52], ["Who asked whom", 18]]) {
    assert.equal(await page.getByRole("table", { name }).getByRole("row").count(), rows, name);
  }
  const unnamed = await page.$$eval("input, select, button, [role=region], [role=img]", (all) => all.filter((one) =>
    !one.getAttribute("aria-label") && !one.labels?.length && !one.textContent.trim()).map((one) => one.outerHTML));
  assert.deepEqual(unnamed, []);
}));

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
for (const [name, options] of [["office", { colorScheme: "light" }], ["office", { colorScheme: "dark" }], ["hostile", {}],
  ["office", { viewport: { width: 400, height: 860 } }]]) {
  test(`axe finds no fault with ${name}, ${JSON.stringify(options)}`, () => withPage(name, options, async (page) => {
    for (const rule of await page.locator("details.rule > summary").all()) await rule.press("Enter");
    await page.evaluate(AXE);
    const { violations, passes } = await page.evaluate(() => axe.run(document));
    assert.ok(passes.length > 20, "axe looked");
    assert.deepEqual(violations.map((fault) => [fault.id, fault.nodes.map((node) => node.target.join(" ")).slice(0, 3)]), []);
  }));
}

test("a sweep is flagged at the call that completed it", () => withPage("office", {}, async (page) => {
  const flags = await page.$$eval("#calls-chart .flag title", (titles) => titles.map((title) => title.textContent));
  assert.ok(flags.some((text) => /sweep.*: complete with call \d+, at /.test(text)), flags.join());
  assert.match(await page.locator("#calls-chart p").innerText(), /Flag: /);
}));

test("without a script: whole tables, sorted and filtered by style sheet", () => withPage("office", { javaScriptEnabled: false }, async (page) => {
  assert.equal((await cells(page, "calls-table", 0)).length, 51);
  await page.locator("#calls input.f1").check();
  assert.equal((await cells(page, "calls-table", 0)).length, 3);
  await page.locator("#calls input.f-all").check();
  await page.locator("#calls input.o3").check();
  const up = (await cellsAsSeen(page, "calls-table", 7)).map(Number);
  assert.ok(new Set(up).size > 3 && !up.includes(NaN), "the column has something to sort");
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await page.locator("#calls input.o-down").check();
  const down = (await cellsAsSeen(page, "calls-table", 7)).map(Number);
  assert.deepEqual(down, [...up].reverse());
  assert.equal(await page.getByRole("table", { name: /^Every call/ }).getByRole("row").count(), 52, "a sorted table is still a table");
  assert.ok(!(await page.locator("#graph").isVisible()));
  assert.ok(await page.locator("noscript p").isVisible());
}));
