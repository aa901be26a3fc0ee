// What the user can ask for by name.

import * as vscode from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";

import { run } from "./processes";
import type { Server } from "./server";

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append("trainlint");

export function register(server: Server, log: vscode.LogOutputChannel, cwd: string): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("trainlint.restart", () => server.restart()),
    vscode.commands.registerCommand("trainlint.showLog", () => log.show()),
    vscode.commands.registerCommand("trainlint.install", () => server.install()),
    vscode.commands.registerCommand("trainlint.fixAll", fixAll),
    vscode.commands.registerCommand("trainlint.explainRule", () => explain(server, cwd)),
    vscode.commands.registerCommand("trainlint.showInformation", () => showInformation(server)),
  );
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.codeAction", { kind: FIX_ALL.value, apply: "first" });
}

async function explain(server: Server, cwd: string): Promise<void> {
  const command = server.found?.command;
  if (!command) {
    void vscode.window.showWarningMessage("trainlint does not run.");
    return;
  }
  const ask = (...args: string[]) => run(command.program, [...command.arguments, ...args], { cwd });
  const listed = await ask("rules", "--json");
  if (!listed.isGood) {
    void vscode.window.showErrorMessage(listed.output);
    return;
  }
  const rules = JSON.parse(listed.output) as { name: string; summary: string; group: string }[];
  const items = rules.map(({ name, summary, group }) => ({ label: name, description: group, detail: summary }));
  const chosen = await vscode.window.showQuickPick(items, { matchOnDetail: true, placeHolder: "Which rule?" });
  if (chosen) {
    await vscode.commands.executeCommand("trainlint.explain", chosen.label); // the server's: opens the page
  }
}

async function showInformation(server: Server): Promise<void> {
  if (!server.client) {
    void vscode.window.showWarningMessage("trainlint does not run; the log says why.", "Show Log").then((choice) => {
      if (choice) {
        void vscode.commands.executeCommand("trainlint.showLog");
      }
    });
    return;
  }
  const parameters = { command: "trainlint.debugInformation", arguments: [] };
  const content = String(await server.client.sendRequest(ExecuteCommandRequest.type, parameters));
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
}
