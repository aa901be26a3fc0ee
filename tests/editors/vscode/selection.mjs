// Another extension selects the interpreter, and then another one.

import { drive, servers, until } from "./workbench.mjs";

await drive("selection", async (workbench) => {
  await workbench.open("train.py");
  await workbench.waitForSquiggle();
  const before = await workbench.languageStates("first");
  await workbench.command("Select the Next Interpreter");
  await until("a server of the other interpreter", () => servers("second") === 1);
  await workbench.waitForSquiggle();
  const after = await workbench.languageStates("second");
  await workbench.picture("selected");
  return { before, after };
});
