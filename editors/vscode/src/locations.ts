// Where Python and trainlint may be. Pure, so that it can be tested without an editor.

import * as path from "node:path";

/** How to start trainlint: a program and what comes before the arguments of trainlint. */
export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  /** Whose environment this is; a package can be installed into it. */
  readonly interpreter?: string;
  /** For the user, why this one. */
  readonly reason: string;
}

/** What the search depends on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly folders: readonly string[];
  readonly home: string;
  /** `PATH` of the environment. */
  readonly searchPath: string;
  readonly isTrusted: boolean;
  /** `trainlint.path` */
  readonly path: string;
  /** `trainlint.interpreter` */
  readonly interpreter: string;
  /** The interpreter that the Python extension has selected. */
  readonly selected: string | undefined;
  exists(file: string): boolean;
}

const ENVIRONMENTS = [".venv", "venv"];

/**
 * The commands that are worth a try, the best first. A command that the user has named stands alone: if it cannot be
 * started, the user wants to know, instead of getting the findings of another version.
 */
export function candidates(around: Surroundings): Command[] {
  if (around.path) {
    const program = resolve(around.path, around);
    return [{ program, arguments: [], reason: "the setting trainlint.path" }];
  }
  const chosen = interpreter(around);
  if (around.interpreter && chosen) {
    return [module(chosen.program, chosen.reason)];
  }
  const found: Command[] = chosen ? [module(chosen.program, chosen.reason)] : [];
  const program = onPath("trainlint", around);
  if (program) {
    found.push({ program, arguments: [], reason: "PATH" });
  }
  return found;
}

/** The interpreter of the project: as set, as selected, of the folder's own environment, or of PATH. */
export function interpreter(around: Surroundings): { program: string; reason: string } | undefined {
  if (around.interpreter) {
    return { program: resolve(around.interpreter, around), reason: "the setting trainlint.interpreter" };
  }
  if (!around.isTrusted) {
    // Whatever lies in the folder, or was selected for it, could be anything.
    const program = python(around);
    return program ? { program, reason: "PATH" } : undefined;
  }
  if (around.selected) {
    return { program: around.selected, reason: "selected in the Python extension" };
  }
  const inside = around.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  for (const folder of around.folders) {
    for (const environment of ENVIRONMENTS) {
      const program = join(around, folder, environment, ...inside);
      if (around.exists(program)) {
        return { program, reason: environment };
      }
    }
  }
  const program = python(around);
  return program ? { program, reason: "PATH" } : undefined;
}

function python(around: Surroundings): string | undefined {
  return onPath("python3", around) ?? onPath("python", around);
}

function module(program: string, reason: string): Command {
  return { program, arguments: ["-m", "trainlint"], interpreter: program, reason };
}

/** A path of the settings, with `~` and `${workspaceFolder}`; a mere name is left for PATH. */
function resolve(text: string, around: Surroundings): string {
  const folder = around.folders[0];
  let file = text.replace(/^~(?=[/\\]|$)/, () => around.home);
  if (folder !== undefined) {
    file = file.replaceAll("${workspaceFolder}", () => folder);
    const { isAbsolute } = rules(around);
    if (!isAbsolute(file) && /[/\\]/.test(file)) {
      file = join(around, folder, file);
    }
  }
  return file;
}

function onPath(name: string, around: Surroundings): string | undefined {
  const ending = around.platform === "win32" ? ".exe" : ""; // scripts of Windows would need a shell
  const { delimiter, isAbsolute } = rules(around);
  return around.searchPath
    .split(delimiter)
    .filter((folder) => isAbsolute(folder)) // others would lie in the project
    .map((folder) => join(around, folder, name + ending))
    .find((file) => around.exists(file) && !/[\\/]WindowsApps[\\/]/.test(file)); // those open the shop of Windows
}

function join(around: Surroundings, ...parts: string[]): string {
  return rules(around).join(...parts);
}

function rules(around: Surroundings): path.PlatformPath {
  return around.platform === "win32" ? path.win32 : path.posix;
}
