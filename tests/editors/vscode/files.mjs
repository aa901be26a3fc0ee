// A file with a mistake whose evidence lies in another one.

import { drive, eventually, servers, until } from "./workbench.mjs";

const FIX = "Take the loss for logits";

await drive("files", async (workbench) => {
  const { page } = workbench;
  await workbench.open("train.py");
  await workbench.waitForSquiggle();
  const problems = await workbench.problems("nn.Linear gives");
  const links = await workbench.links();
  await workbench.goToProblem();
  await workbench.picture("problems");
  const hover = await workbench.hover("What it finds");
  await workbench.picture("hover");
  await page.keyboard.press("Escape");
  const states = await workbench.languageStates(".venv");
  await workbench.picture("states");
  await page.keyboard.press("Escape");

  await workbench.command("trainlint: Restart Server");
  await until("a second server", () => servers() === 2);
  await workbench.waitForSquiggle();

  // An edit in the other file that is not saved makes the mistake go, and its undoing brings it back.
  await workbench.open("models.py");
  await eventually(
    "the edit of models.py",
    async () => {
      await workbench.focus("models.py");
      await page.keyboard.press("Control+End");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("End");
      await page.keyboard.press("Shift+Home");
      await page.keyboard.insertText("return torch.sigmoid(self.head(x))");
    },
    async () => (await workbench.text()).includes("(self, x):\n        return torch.sigmoid(self.head(x))"),
  );
  await workbench.open("train.py");
  await workbench.waitForNoSquiggle();
  await workbench.open("models.py");
  await workbench.command("File: Revert File");
  await workbench.open("train.py");
  await workbench.waitForSquiggle();

  await workbench.goToProblem();
  const fixes = await workbench.mend(FIX);
  await workbench.waitForNoSquiggle();
  const mended = await workbench.saved("train.py", "BCEWithLogitsLoss");
  await workbench.picture("mended");

  // All safe fixes at once, after the first has been taken back.
  await workbench.open("train.py");
  await eventually(
    "the mistake again",
    () => page.keyboard.press("Control+Z"),
    async () => (await workbench.text()).includes("BCELoss"),
  );
  await workbench.waitForSquiggle();
  await workbench.command("trainlint: Apply All Safe Fixes");
  await workbench.waitForNoSquiggle();
  const mendedAtOnce = await workbench.saved("train.py", "BCEWithLogitsLoss");

  await workbench.command("trainlint: Show Information for Bug Reports");
  await page.waitForSelector('.tab.active[data-resource-name^="Untitled"]');
  const information = await until("the information", async () => {
    const text = await workbench.text();
    return text.includes("trainlint 0") && text;
  });

  await workbench.command("trainlint: Show Log");
  const log = page.locator(".part.panel .monaco-select-box").first();
  await log.waitFor();
  const shownLog = await log.evaluate((box) => box.value ?? box.textContent);
  await workbench.picture("log");
  return { problems, links, hover, states, fixes, mended, mendedAtOnce, information, shownLog, servers: servers() };
});
