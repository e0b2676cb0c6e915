// Chromium for the test and the screenshots: pages that tell of every word on the console.
import { chromium } from "playwright-core";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

export const launch = () => chromium.launch({
  executablePath: process.env.SESSENUM_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

// Opens `file` without network; `complaints` gathers what the page says, asks or tries to fetch.
export async function open(browser, file, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, offline: true, ...options });
  const complaints = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.stack));
  page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (!request.url().startsWith("file:")) complaints.push(`fetches ${request.url()}`); });
  await page.goto(pathToFileURL(resolve(file)).href);
  if (options.javaScriptEnabled !== false) await page.waitForFunction(() => document.documentElement.classList.contains("js"));
  return { page, complaints };
}
