// A notebook whose cells together hold a mistake.

import { drive, eventually, servers, until } from "./workbench.mjs";

const CELL = ".notebookOverlay .monaco-list-row";

await drive("notebook", async (workbench) => {
  const { page } = workbench;
  await workbench.open("sound.py"); // starts the extensions, without which a notebook is shown as JSON
  await until("a server", () => servers() === 1);
  await workbench.open("train.ipynb");
  await page.waitForSelector(CELL);
  await workbench.waitForSquiggle(".notebookOverlay");
  const problems = await workbench.problems("BCELoss");
  const problem = page.locator(".markers-panel .monaco-list-row", { hasText: "BCELoss" }).first();
  await eventually(
    "the keyboard in the cell of the problem",
    () => problem.dblclick(),
    () => page.locator(`${CELL}.focused .monaco-editor.focused`).isVisible(),
  );
  await workbench.waitForSquiggle(`${CELL}.focused`);
  await workbench.picture("marked");
  const fixes = await workbench.mend("Take the loss for logits");
  await workbench.waitForNoSquiggle();
  const mended = await workbench.saved("train.ipynb", "BCEWithLogitsLoss");
  await workbench.picture("mended");
  return { problems, fixes, mended };
});
