// Which trainlint is started: the surroundings as the editor knows them, and a question to each candidate.

import * as fs from "node:fs";
import * as os from "node:os";
import * as vscode from "vscode";

import { candidates, type Command, interpreter, type Surroundings } from "./locations";
import { run } from "./processes";
import { selectedInterpreter } from "./python";

/** A trainlint that answers. */
export interface Found {
  readonly command: Command;
  readonly version: string;
}

/** Why there is none, and the interpreter that could be given one. */
export interface Missing {
  readonly tried: readonly string[];
  readonly interpreter: string | undefined;
}

export const PATIENCE = 30_000;

/** The first candidate that answers. `cwd` must hold no Python, which would be imported in the place of packages. */
export async function discover(cwd: string, log: vscode.LogOutputChannel): Promise<Found | Missing> {
  const around = await surroundings();
  const tried: string[] = [];
  for (const command of candidates(around)) {
    const { isGood, output } = await run(command.program, [...command.arguments, "--version"], {
      cwd,
      timeout: PATIENCE,
    });
    const version = /^trainlint (\S+)$/m.exec(output)?.[1];
    if (isGood && version) {
      return { command, version };
    }
    const last = output.split("\n").at(-1) ?? "";
    tried.push(`${[command.program, ...command.arguments].join(" ")} (${command.reason}): ${last}`);
    log.info(tried.at(-1) ?? "");
  }
  return { tried, interpreter: around.path ? undefined : interpreter(around)?.program };
}

async function surroundings(): Promise<Surroundings> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const settings = vscode.workspace.getConfiguration("trainlint", folders[0]);
  return {
    platform: process.platform,
    folders: folders.filter((each) => each.uri.scheme === "file").map((each) => each.uri.fsPath),
    home: os.homedir(),
    searchPath: process.env["PATH"] ?? process.env["Path"] ?? "",
    isTrusted: vscode.workspace.isTrusted,
    path: settings.get("path", "").trim(),
    interpreter: settings.get("interpreter", "").trim(),
    selected: await selectedInterpreter(folders[0]?.uri),
    exists: (file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
  };
}
