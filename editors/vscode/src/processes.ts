// Programs that are run to their end.

import { execFile } from "node:child_process";

export interface Outcome {
  readonly isGood: boolean;
  readonly output: string;
}

/** Runs a program and returns all that it printed; never throws. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd: string; timeout?: number; onOutput?: (text: string) => void },
): Promise<Outcome> {
  return new Promise((resolve) => {
    const settings = { cwd: options.cwd, timeout: options.timeout ?? 0, maxBuffer: 1 << 26 };
    const child = execFile(program, [...args], settings, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      resolve({ isGood: error === null, output: output || (error?.message ?? "") });
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text: unknown) => options.onOutput?.(String(text)));
    }
    child.stdin?.end();
  });
}
