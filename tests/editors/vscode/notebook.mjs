// A notebook whose cells together hold a mistake.

import { drive, servers, until } from "./workbench.mjs";

await drive("notebook", async (workbench) => {
  const { page } = workbench;
  await workbench.open("sound.py"); // starts the extensions, without which a notebook is shown as JSON
  await until("a server", () => servers() === 1);
  await workbench.open("train.ipynb");
  await page.waitForSelector(".notebookOverlay .monaco-list-row");
  await workbench.waitForSquiggle(".notebookOverlay");
  const problems = await workbench.problems();
  await page.locator(".markers-panel .monaco-list-row", { hasText: "BCELoss" }).first().dblclick();
  await page.waitForSelector(".notebookOverlay .monaco-list-row.focused");
  await workbench.waitForSquiggle(".notebookOverlay .monaco-list-row.focused");
  await page.waitForTimeout(500);
  await workbench.picture("marked");
  const fixes = await workbench.fixes();
  await workbench.picture("fixes");
  await page.keyboard.press("Enter");
  await workbench.waitForNoSquiggle();
  const mended = await workbench.saved("train.ipynb", "BCEWithLogitsLoss");
  await workbench.picture("mended");
  return { problems, fixes, mended };
});
