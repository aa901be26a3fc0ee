// A folder that is not trusted, and then is.

import { drive, servers, starts, until } from "./workbench.mjs";

await drive("trust", async (workbench) => {
  const { page } = workbench;
  const dialog = page.locator(".monaco-dialog-box", { hasText: "trust the authors" });
  await dialog.waitFor();
  await dialog.getByRole("button", { name: /No, I don't trust/ }).click();
  await workbench.open("train.py");
  await workbench.notification("because it is not trusted"); // it was looked for, elsewhere
  await workbench.picture("restricted");
  const before = starts();
  await workbench.command("Workspaces: Manage Workspace Trust");
  await page.locator(".workspace-trust-editor .monaco-button", { hasText: "Trust" }).first().click();
  await until("a server", () => servers() === 1);
  await workbench.open("train.py");
  await workbench.waitForSquiggle();
  await workbench.picture("trusted");
  return { before, after: starts() };
});
