// VS Code's workbench in a browser without a window, by the keyboard and the mouse, as a user has it.

import fs from "node:fs";
import path from "node:path";

const options = JSON.parse(process.argv[2]);
const { chromium } = await import(options.playwright);
const PATIENCE = 60_000;

export const SQUIGGLE = ".squiggly-error, .squiggly-warning, .squiggly-info";

/** Opens the workspace, lets `scenario` act on it, and prints what it returns. */
export async function drive(name, scenario) {
  const browser = await chromium.launch({
    executablePath: options.chromium,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run"],
  });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(PATIENCE);
  const workbench = new Workbench(page, name);
  try {
    await page.goto(`http://127.0.0.1:${options.port}/?folder=${encodeURIComponent(options.workspace)}`);
    await page.waitForSelector(".monaco-workbench");
    console.log(JSON.stringify(await scenario(workbench)));
  } catch (error) {
    await workbench.picture("failed");
    console.error(error);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

class Workbench {
  constructor(page, name) {
    this.page = page;
    this.name = name;
  }

  /** Keeps a picture of the window. */
  async picture(title) {
    await this.page.screenshot({ path: path.join(options.shots, `${this.name}-${title}.png`) });
  }

  /** Opens a file of the workspace as a double click in the explorer does. */
  async open(file) {
    await this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: file }).first().dblclick();
    await this.page.waitForSelector(`.tab.active[data-resource-name="${file}"]`);
    if (!file.endsWith(".ipynb")) {
      await this.focus(file);
    }
  }

  /** Waits for the text of the active file, and lets the keyboard act on it. */
  async focus(file) {
    const editor = `.monaco-editor[data-uri$="/${file}"]`;
    await this.page.waitForSelector(`${editor} .view-line`);
    await this.command("View: Focus Active Editor Group");
    await this.page.waitForSelector(editor.replace(".monaco-editor", ".monaco-editor.focused"));
  }

  /** Runs a command of the palette. */
  async command(title) {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
    await this.page.keyboard.press("Enter");
  }

  async waitForSquiggle(inside = ".monaco-workbench") {
    await this.page.locator(inside).locator(SQUIGGLE).first().waitFor({ state: "attached" });
  }

  async waitForNoSquiggle() {
    await this.page.waitForFunction((selector) => !document.querySelector(selector), SQUIGGLE);
  }

  /** The rows of the Problems panel, as a screen reader is told them. */
  async problems() {
    await this.command("Problems: Focus on Problems View");
    await this.page.waitForSelector(".markers-panel .monaco-list-row");
    await this.page.waitForTimeout(500);
    return await this.page.$$eval(".markers-panel .monaco-list-row", (rows) =>
      rows.map((row) => row.getAttribute("aria-label")),
    );
  }

  /** The places that the Problems panel links to. */
  async links() {
    return await this.page.$$eval(".markers-panel a", (links) => links.map((link) => link.textContent));
  }

  /** Puts the cursor on the first problem of the active file. */
  async goToProblem() {
    await this.command("View: Focus Active Editor Group");
    await this.page.keyboard.press("Control+Home");
    await this.page.keyboard.press("F8");
    await this.page.waitForSelector(".marker-widget, .peekview-widget");
    await this.page.keyboard.press("Escape");
    await this.page.waitForTimeout(300);
  }

  /** What the hover at the cursor says. */
  async hover() {
    await this.command("Show or Focus Hover");
    await this.page.waitForSelector(".monaco-hover .hover-row .rendered-markdown");
    await this.page.waitForTimeout(700); // more of it comes in from the server
    const text = await this.page.$$eval(".monaco-hover .hover-row", (rows) => rows.map((row) => row.textContent).join("\n"));
    return text;
  }

  /** The titles of the quick fixes at the cursor; the list stays open. */
  async fixes() {
    await this.page.keyboard.press("Control+.");
    await this.page.waitForSelector(".action-widget .monaco-list-row");
    await this.page.waitForTimeout(500);
    return await this.page.$$eval(".action-widget .monaco-list-row.action", (rows) => rows.map((row) => row.textContent));
  }

  /** Saves, and returns the file when it has `text`. */
  async saved(file, text) {
    await this.page.keyboard.press("Control+S");
    return await until(`${file} with ${text}`, () => {
      const content = fs.readFileSync(path.join(options.workspace, file), "utf8");
      return content.includes(text) ? content : undefined;
    });
  }

  /** Waits for a notification; its buttons can be clicked by their labels. */
  async notification(text) {
    const toast = this.page.locator(".notification-toast", { hasText: text });
    await toast.waitFor();
    return toast;
  }

  /** What the list of language states says, behind the braces of the status bar. */
  async languageStates() {
    await this.page.locator('[id="status.languageStatus"]').click();
    await this.page.waitForSelector(".hover-language-status");
    await this.page.waitForTimeout(300);
    return await this.page.$$eval(".hover-language-status", (rows) => rows.map((row) => row.textContent));
  }
}

/** What an environment of the workspace was started with, see `interpreter` in test_vscode.py. */
export function starts(environment = ".venv") {
  const file = path.join(options.workspace, environment, "starts");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
}

/** How many servers were started there. */
export function servers(environment) {
  return starts(environment).filter((line) => line.endsWith("trainlint server")).length;
}

export async function until(what, check, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await check();
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
