// Two folders in one window, each with settings of its own; in one of them files count that nobody has opened.

import { drive, servers, until } from "./workbench.mjs";

await drive("roots", async (workbench) => {
  const { page } = workbench;
  await workbench.open("lenient.py");
  await page.waitForSelector(".squiggly-info", { state: "attached" });
  const lenient = await until("a hint", async () => {
    const text = await workbench.text();
    return text.includes("→") && text;
  });
  await workbench.open("strict.py");
  await page.waitForSelector(".squiggly-error", { state: "attached" });
  const strict = await workbench.text();
  const problems = await workbench.problems("unopened.py");
  await workbench.picture("problems");
  return { strict, lenient, problems, servers: servers() };
});
