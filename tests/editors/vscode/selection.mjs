// Another extension selects the interpreter, and then another one.

import { drive, servers, until } from "./workbench.mjs";

await drive("selection", async (workbench) => {
  await workbench.open("train.py");
  await workbench.waitForSquiggle();
  const before = await workbench.languageStates();
  await workbench.command("Select the Next Interpreter");
  await until("a server of the other interpreter", () => servers("second") === 1);
  await workbench.waitForSquiggle();
  const after = await until("its state", async () => {
    const states = await workbench.languageStates();
    return states.some((state) => state.includes("second")) ? states : undefined;
  });
  await workbench.picture("selected");
  return { before, after };
});
