// VS Code's workbench in a browser without a window, by the keyboard and the mouse, as a user has it.

import fs from "node:fs";
import path from "node:path";

const options = JSON.parse(process.argv[2]);
const { chromium } = await import(options.playwright);
const PATIENCE = 150_000; // milliseconds for what comes by itself, on however slow a machine
export const AGAIN = 8_000; // after which an act is taken for lost: a busy window forgets keys
const END = 12_000; // characters of a log, which tell enough

export const SQUIGGLE = ".squiggly-error, .squiggly-warning, .squiggly-info";
const QUICK_FIX = ".action-widget .monaco-list-row.action";

/** Opens the workspace, lets `scenario` act on it, and prints what it returns, or all that was to be seen. */
export async function drive(name, scenario) {
  const browser = await chromium.launch({
    executablePath: options.chromium,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run"],
  });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(PATIENCE);
  const workbench = new Workbench(page, name);
  try {
    const kind = options.opened.endsWith(".code-workspace") ? "workspace" : "folder";
    await page.goto(`http://127.0.0.1:${options.port}/?${kind}=${encodeURIComponent(options.opened)}`);
    await page.waitForSelector(".monaco-workbench");
    const seen = await scenario(workbench);
    fs.writeFileSync(options.seen, JSON.stringify(seen, undefined, 2));
  } catch (error) {
    console.error(error);
    console.error(await workbench.situation());
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

class Workbench {
  constructor(page, name) {
    this.page = page;
    this.name = name;
    this.errors = [];
    page.on("pageerror", (error) => this.errors.push(String(error)));
  }

  /** Keeps a picture of the window. */
  async picture(title) {
    await this.page.screenshot({ path: path.join(options.shots, `${this.name}-${title}.png`) });
  }

  /** Opens a file of the workspace as a double click in the explorer does. */
  async open(file) {
    const row = this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: file }).first();
    const tab = this.page.locator(`.tab.active[data-resource-name="${file}"]`);
    await eventually(`the tab of ${file}`, () => row.dblclick(), () => tab.isVisible());
    if (!file.endsWith(".ipynb")) {
      await this.focus(file);
    }
  }

  /** Waits for the text of the active file, and lets the keyboard act on it. */
  async focus(file) {
    const editor = `.monaco-editor[data-uri$="/${file}"]`;
    await this.page.waitForSelector(`${editor} .view-line`);
    const focused = this.page.locator(`${editor}.focused`);
    await eventually(
      `the keyboard in ${file}`,
      () => this.command("View: Focus Active Editor Group"),
      () => focused.isVisible(),
    );
  }

  /** Runs a command of the palette. */
  async command(title, patience = PATIENCE) {
    const input = this.page.locator(".quick-input-widget input").first();
    const first = this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: title }).first();
    let isChosen = false;
    await eventually(
      `the command ${title}`,
      async () => {
        isChosen = false;
        await this.page.keyboard.press("F1");
        await input.waitFor({ timeout: AGAIN });
        await input.fill(`>${title}`);
        await first.waitFor({ timeout: AGAIN });
        isChosen = true;
        await this.page.keyboard.press("Enter");
      },
      async () => isChosen && (await input.isHidden()),
      patience,
    );
  }

  async waitForSquiggle(inside = ".monaco-workbench") {
    await this.page.locator(inside).locator(SQUIGGLE).first().waitFor({ state: "attached" });
  }

  async waitForNoSquiggle() {
    await this.page.waitForFunction((selector) => !document.querySelector(selector), SQUIGGLE);
  }

  /** The rows of the Problems panel, as a screen reader is told them, once one of them has `text`. */
  async problems(text, patience = PATIENCE) {
    return await eventually(
      `a problem with ${text}`,
      () => this.command("Problems: Focus on Problems View", patience),
      async () => {
        const rows = await this.problemRows();
        return rows.some((row) => row.includes(text)) && rows;
      },
      patience,
    );
  }

  async problemRows() {
    return await this.page.$$eval(".markers-panel .monaco-list-row", (rows) =>
      rows.map((row) => row.getAttribute("aria-label") ?? ""),
    );
  }

  /** The places that the Problems panel links to. */
  async links() {
    return await this.page.$$eval(".markers-panel a", (links) => links.map((link) => link.textContent));
  }

  /** Puts the cursor on the first problem of the active file. */
  async goToProblem() {
    const widget = this.page.locator(".marker-widget, .peekview-widget").first();
    await eventually(
      "the problem that F8 leads to",
      async () => {
        await this.command("View: Focus Active Editor Group");
        await this.page.keyboard.press("Control+Home");
        await this.page.keyboard.press("F8");
      },
      () => widget.isVisible(),
    );
    await eventually("its end", () => this.page.keyboard.press("Escape"), () => widget.isHidden());
  }

  /** What the hover at the cursor says, once `text` is in it. */
  async hover(text) {
    return await eventually(
      `a hover with ${text}`,
      () => this.command("Show or Focus Hover"),
      async () => {
        const rows = await this.page.locator(".monaco-hover .hover-row").allTextContents();
        return rows.some((row) => row.includes(text)) && rows.join("\n");
      },
    );
  }

  /** Takes a quick fix at the cursor; returns the titles of all that are offered. */
  async mend(fix) {
    const list = this.page.locator(".action-widget").first();
    const rows = this.page.locator(QUICK_FIX);
    const chosen = this.page.locator(`${QUICK_FIX}.focused`, { hasText: fix });
    let titles = [];
    await eventually(
      `an edit by the quick fix ${fix}`,
      async () => {
        if (await list.isVisible()) {
          await this.page.keyboard.press("Escape");
        }
        await this.page.keyboard.press("Control+.");
        await rows.filter({ hasText: fix }).first().waitFor({ timeout: AGAIN });
        titles = await rows.allTextContents();
        await this.picture("fixes");
        for (let row = 0; row < titles.length && !(await chosen.isVisible()); row++) {
          await this.page.keyboard.press("ArrowDown");
        }
        await this.page.keyboard.press("Enter");
      },
      () => this.page.locator(".tab.active.dirty").isVisible(),
    );
    return titles;
  }

  /** Saves, and returns the file when it has `text`. */
  async saved(file, text) {
    return await eventually(
      `${file} with ${text}`,
      () => this.page.keyboard.press("Control+S"),
      () => {
        const content = fs.readFileSync(path.join(options.workspace, file), "utf8");
        return content.includes(text) && content;
      },
    );
  }

  /** The text that is to be seen of the active file. */
  async text() {
    const text = await this.page.locator(".editor-instance .view-lines").last().innerText({ timeout: AGAIN });
    return text.replaceAll("\u00a0", " ");
  }

  /** Waits for a notification; its buttons can be clicked by their labels. */
  async notification(text) {
    const toast = this.page.locator(".notification-toast", { hasText: text });
    await toast.waitFor();
    return toast;
  }

  /** What the list of language states says, behind the braces of the status bar, once `text` is in it. */
  async languageStates(text) {
    return await eventually(
      `a language state with ${text}`,
      async () => {
        await this.page.keyboard.press("Escape");
        await this.page.locator('[id="status.languageStatus"]').click({ timeout: AGAIN });
      },
      async () => {
        const states = await this.page.locator(".hover-language-status").allTextContents();
        return states.some((state) => state.includes(text)) && states;
      },
    );
  }

  /** All that tells why something was waited for in vain, as text: it is read where no picture can be seen. */
  async situation() {
    const told = [];
    const tell = async (what, question) => {
      const answer = await Promise.race([
        question().catch((error) => String(error).split("\n")[0]),
        new Promise((resolve) => setTimeout(() => resolve("no answer"), 4 * AGAIN)),
      ]);
      told.push(`${what}: ${typeof answer === "string" ? answer : JSON.stringify(answer)}`);
    };
    const all = (selector) => this.page.locator(selector);
    const widgets = ".quick-input-widget, .action-widget, .monaco-hover, .marker-widget, .monaco-dialog-box";
    await tell("picture", () => this.picture("failed").then(() => `${this.name}-failed.png`));
    await tell("tabs", () => all(".tab").evaluateAll((tabs) => tabs.map((tab) => `${tab.dataset.resourceName} ${tab.className}`)));
    await tell("squiggles", () =>
      all(SQUIGGLE).evaluateAll((found) =>
        found.map((each) => `${each.className} in ${each.closest("[data-uri]")?.dataset.uri} at ${each.style.left}`),
      ),
    );
    await tell("keyboard", () =>
      this.page.evaluate(() => {
        const focused = document.activeElement;
        return `${focused?.tagName} ${focused?.className} in ${focused?.closest("[data-uri]")?.dataset.uri}`;
      }),
    );
    await tell("widgets", async () => {
      const shown = await all(widgets).filter({ visible: true }).allInnerTexts();
      return [...shown, await all(".quick-input-widget input").first().inputValue()];
    });
    await tell("notifications", () => all(".notification-toast").allInnerTexts());
    await tell("states", () => all(".statusbar-item").allInnerTexts());
    await tell("errors of the window", async () => this.errors.slice(-5));
    await tell("text", () => this.text());
    for (let count = 0; count < 3; count++) {
      await this.page.keyboard.press("Escape"); // whatever has the keyboard
    }
    await tell("problems", async () => {
      await this.command("Problems: Focus on Problems View", AGAIN);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return this.problemRows();
    });
    for (const file of logs()) {
      told.push(`end of ${file}:\n${fs.readFileSync(file, "utf8").slice(-END)}`);
    }
    return told.join("\n");
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

/** The messages to and from the servers; what the extension logs is kept nowhere in this build of VS Code. */
function logs() {
  const folders = fs.readdirSync(options.workspace).map((name) => path.join(options.workspace, name, "log"));
  return folders.filter((file) => fs.existsSync(file));
}

/** The first value of `check` that is one. */
export async function until(what, check) {
  return await eventually(what, () => undefined, check, PATIENCE, PATIENCE);
}

/** The same, but acts before and, if nothing comes of it, again; an error matters only if it does not pass. */
export async function eventually(what, act, check, patience = PATIENCE, again = AGAIN) {
  const end = Date.now() + patience;
  for (;;) {
    const troubles = [];
    await attempt(act, troubles);
    const soon = Date.now() + again;
    do {
      const value = await attempt(check, troubles);
      if (value) {
        return value;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    } while (Date.now() < soon);
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`, { cause: troubles.at(-1) });
    }
  }
}

async function attempt(act, troubles) {
  try {
    return await act();
  } catch (error) {
    troubles.push(error);
    return undefined;
  }
}
