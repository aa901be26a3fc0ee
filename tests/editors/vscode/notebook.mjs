// A notebook whose cells together hold a mistake.

import { drive } from "./workbench.mjs";

await drive("notebook", async (workbench) => {
  const { page } = workbench;
  await workbench.open("sound.py"); // starts the extensions, without which a notebook is shown as JSON
  await page.waitForSelector('[id="status.languageStatus"]');
  await workbench.open("train.ipynb");
  await page.waitForSelector(".notebookOverlay .monaco-list-row");
  await workbench.waitForSquiggle(".notebookOverlay");
  const problems = await workbench.problems();
  await workbench.picture("marked");
  const place = await page.locator(".notebookOverlay .squiggly-error, .notebookOverlay .squiggly-warning").first();
  await place.scrollIntoViewIfNeeded();
  const box = await place.boundingBox();
  await page.mouse.click(box.x + 4, box.y + box.height / 2);
  await page.waitForTimeout(500);
  const fixes = await workbench.fixes();
  await workbench.picture("fixes");
  await page.keyboard.press("Enter");
  await workbench.waitForNoSquiggle();
  const mended = await workbench.saved("train.ipynb", "BCEWithLogitsLoss");
  await workbench.picture("mended");
  return { problems, fixes, mended };
});
