// A folder that is not trusted, and then is.

import { AGAIN, drive, eventually, servers, starts, until } from "./workbench.mjs";

await drive("trust", async (workbench) => {
  const { page } = workbench;
  const dialog = page.locator(".monaco-dialog-box", { hasText: "trust the authors" });
  await dialog.waitFor();
  const refusal = dialog.getByRole("button", { name: /No, I don't trust/ });
  await eventually("the end of the question", () => refusal.click({ timeout: AGAIN }), () => dialog.isHidden());
  await workbench.open("train.py");
  await workbench.notification("because it is not trusted"); // it was looked for, elsewhere
  await workbench.picture("restricted");
  const before = starts();
  const trust = page.locator(".workspace-trust-editor .monaco-button").filter({ hasText: /^Trust$/ }).first();
  let isClicked = false;
  await eventually(
    "trust",
    async () => {
      await workbench.command("Workspaces: Manage Workspace Trust");
      await trust.click({ timeout: AGAIN });
      isClicked = true;
    },
    async () => isClicked && (await trust.isHidden()),
  );
  await until("a server", () => servers() === 1);
  await workbench.open("train.py");
  await workbench.waitForSquiggle();
  await workbench.picture("trusted");
  return { before, after: starts() };
});
