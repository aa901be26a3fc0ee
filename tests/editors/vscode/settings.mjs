// Settings of the workspace change while its files are open.

import { drive, eventually, servers, until } from "./workbench.mjs";

const RULE = "logits-into-probability-loss";

await drive("settings", async (workbench) => {
  const { page } = workbench;
  const set = async (settings) => {
    const text = JSON.stringify(settings);
    await workbench.command("Preferences: Open Workspace Settings (JSON)");
    await page.waitForSelector('.tab.active[data-resource-name="settings.json"]');
    await eventually(
      "the settings",
      async () => {
        await workbench.focus("settings.json");
        await page.keyboard.press("Control+A");
        await page.keyboard.insertText(text);
      },
      async () => (await workbench.text()).trim() === text,
    );
    await workbench.saved(".vscode/settings.json", text);
    await workbench.open("train.py");
  };
  await workbench.open("train.py");
  await workbench.waitForSquiggle();
  await set({ "trainlint.ignore": [RULE] });
  await workbench.waitForNoSquiggle();
  const ignored = await page.$$eval(".squiggly-error", (found) => found.map((each) => each.className));
  await set({ "trainlint.severity": { [RULE]: "info" } });
  await page.waitForSelector(".squiggly-info", { state: "attached" });
  const lowered = await workbench.problems("BCELoss");
  await workbench.picture("lowered");
  const plain = await workbench.text();
  await set({ "trainlint.showInlayHints": true });
  const hinted = await until("a hint", async () => {
    const text = await workbench.text();
    return text.includes("→") && text;
  });
  await workbench.picture("hinted");
  await workbench.command("trainlint: Accept All Findings (Baseline)");
  const accepted = await workbench.saved("trainlint-baseline.json", RULE);
  return { ignored, lowered, plain, hinted, accepted, servers: servers() };
});
