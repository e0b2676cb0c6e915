// node shots.mjs REPORT.html FOLDER: screenshots of a report, light, dark and narrow, and each section by itself.
// Fails where the page says anything on the console.
import { chromium } from "playwright-core";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [report, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.SESSENUM_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const LOOKS = {
  light: { colorScheme: "light", viewport: { width: 1440, height: 1000 } },
  dark: { colorScheme: "dark", viewport: { width: 1440, height: 1000 } },
  narrow: { colorScheme: "light", viewport: { width: 400, height: 860 } },
  "no-script": { colorScheme: "light", viewport: { width: 1440, height: 1000 }, javaScriptEnabled: false },
};
let complaints = 0;
for (const [look, options] of Object.entries(LOOKS)) {
  const page = await browser.newPage(options);
  page.on("console", (message) => { ++complaints; console.log(`${look}: ${message.type()}: ${message.text()}`); });
  page.on("pageerror", (error) => { ++complaints; console.log(`${look}: ${error.stack}`); });
  await page.goto(pathToFileURL(resolve(report)).href);
  if (options.javaScriptEnabled !== false) await page.waitForFunction(() => document.documentElement.classList.contains("js"));
  await page.screenshot({ path: join(folder, `${look}.png`) });
  for (const section of await page.locator("section").all()) {
    if (!(await section.isVisible())) continue;
    await section.screenshot({ path: join(folder, `${look}-${await section.getAttribute("id")}.png`) });
  }
  await page.close();
}
await browser.close();
process.exit(complaints ? 1 : 0);
