// Puts trainlint into an interpreter, with pip, or with uv where there is no pip.

import * as vscode from "vscode";

import { run } from "./processes";

export const DOCUMENTATION = vscode.Uri.parse("https://github.com/trainlint/trainlint#readme");

/** Whether the user wants it installed. */
export async function offer(interpreter: string | undefined, log: vscode.LogOutputChannel): Promise<boolean> {
  const isTrusted = vscode.workspace.isTrusted;
  const choices = interpreter && isTrusted ? ["Install", "Documentation"] : ["Documentation", "Show Log"];
  const found = interpreter ? `trainlint is not installed in ${interpreter}.` : "No trainlint and no Python was found.";
  const text = isTrusted ? found : `${found} Nothing that lies in this folder is started, because it is not trusted.`;
  switch (await vscode.window.showWarningMessage(text, ...choices)) {
    case "Install":
      return true;
    case "Documentation":
      await vscode.env.openExternal(DOCUMENTATION);
      return false;
    case "Show Log":
      log.show();
      return false;
    default:
      return false;
  }
}

/** Installs it; what goes wrong is shown. */
export async function install(interpreter: string, cwd: string, log: vscode.LogOutputChannel): Promise<boolean> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Installing trainlint" },
    async () => {
      const hasPip = (await run(interpreter, ["-m", "pip", "--version"], { cwd })).isGood;
      const [program, args] = hasPip
        ? [interpreter, ["-m", "pip", "install", "--upgrade", "--disable-pip-version-check", "trainlint"]]
        : ["uv", ["pip", "install", "--upgrade", "--python", interpreter, "trainlint"]];
      log.info([program, ...args].join(" "));
      const { isGood, output } = await run(program, args, { cwd, onOutput: (text) => log.info(text.trimEnd()) });
      if (!isGood) {
        log.error(output);
        const text = hasPip ? "trainlint could not be installed." : "The interpreter has no pip, and uv did not help.";
        void vscode.window.showErrorMessage(text, "Show Log").then((choice) => choice && log.show());
      }
      return isGood;
    },
  );
}
