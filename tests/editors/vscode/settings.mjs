// Settings of the workspace change while its files are open.

import { drive, servers } from "./workbench.mjs";

const RULE = "logits-into-probability-loss";

await drive("settings", async (workbench) => {
  const { page } = workbench;
  const set = async (settings) => {
    await workbench.command("Preferences: Open Workspace Settings (JSON)");
    await page.waitForSelector('.tab.active[data-resource-name="settings.json"]');
    await workbench.focus("settings.json");
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(JSON.stringify(settings));
    await page.waitForSelector('.tab.active.dirty[data-resource-name="settings.json"]');
    await workbench.saved(".vscode/settings.json", Object.keys(settings)[0]);
    await workbench.open("train.py");
  };
  await workbench.open("train.py");
  await workbench.waitForSquiggle();
  await set({ "trainlint.ignore": [RULE] });
  await workbench.waitForNoSquiggle();
  const ignored = await page.$$eval(".squiggly-error", (found) => found.map((each) => each.className));
  await set({ "trainlint.severity": { [RULE]: "info" } });
  await page.waitForSelector(".squiggly-info", { state: "attached" });
  const lowered = await workbench.problems();
  await workbench.picture("lowered");
  return { ignored, lowered, servers: servers() };
});
