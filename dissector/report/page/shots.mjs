// node shots.mjs REPORT.html FOLDER: screenshots of a report, light, dark and narrow, and each section by itself.
// Fails where the page says anything on the console.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, open } from "./browser.mjs";

const [report, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  narrow: { colorScheme: "light", viewport: { width: 400, height: 860 } },
  "no-script": { colorScheme: "light", javaScriptEnabled: false },
};
const browser = await launch();
for (const [look, options] of Object.entries(LOOKS)) {
  const { page, complaints } = await open(browser, report, options);
  await page.screenshot({ path: join(folder, `${look}.png`) });
  for (const section of await page.locator("section").all()) {
    if (!(await section.isVisible())) continue;
    await section.screenshot({ path: join(folder, `${look}-${await section.getAttribute("id")}.png`) });
  }
  for (const complaint of complaints) console.error(`${look}: ${complaint}`);
  if (complaints.length) process.exitCode = 1;
  await page.close();
}
await browser.close();
