// An environment without trainlint, and one click that puts it there.

import { drive } from "./workbench.mjs";

await drive("install", async (workbench) => {
  await workbench.open("train.py");
  const offer = await workbench.notification("trainlint is not installed");
  const text = await offer.innerText();
  await workbench.picture("offer");
  await offer.getByRole("button", { name: "Install", exact: true }).click();
  await workbench.waitForSquiggle();
  const problems = await workbench.problems("BCELoss");
  const states = await workbench.languageStates("trainlint 0");
  await workbench.picture("installed");
  return { text, states, problems };
});
