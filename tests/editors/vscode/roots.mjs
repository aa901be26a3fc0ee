// Two folders in one window, each with settings of its own.

import { drive, servers } from "./workbench.mjs";

await drive("roots", async (workbench) => {
  const { page } = workbench;
  await workbench.open("strict.py");
  await page.waitForSelector(".squiggly-error", { state: "attached" });
  const strict = await workbench.text();
  await workbench.open("lenient.py");
  await page.waitForSelector(".squiggly-info", { state: "attached" });
  const lenient = await workbench.text();
  const problems = await workbench.problems("Info: ");
  await workbench.picture("problems");
  return { strict, lenient, problems, servers: servers() };
});
