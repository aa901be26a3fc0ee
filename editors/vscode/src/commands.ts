// What the user can ask for by name.

import * as vscode from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";

import { run } from "./processes";
import type { Server } from "./server";

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append("trainlint");
const ATTEMPTS = 3;

export function register(server: Server, log: vscode.LogOutputChannel, cwd: string): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("trainlint.restart", () => server.restart()),
    vscode.commands.registerCommand("trainlint.showLog", () => log.show()),
    vscode.commands.registerCommand("trainlint.install", () => server.install()),
    vscode.commands.registerCommand("trainlint.fixAll", fixAll),
    vscode.commands.registerCommand("trainlint.acceptFindings", () => acceptFindings(server)),
    vscode.commands.registerCommand("trainlint.explainRule", () => explain(server, cwd)),
    vscode.commands.registerCommand("trainlint.showInformation", () => showInformation(server)),
  );
}

/**
 * Asks for the edit and applies it here: the editor's own command for it is given up without a word when the light bulb
 * asks for actions meanwhile, as it does a moment after findings have changed.
 */
async function fixAll(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) {
    return;
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const version = document.version;
    const edit = await safeFixes(document);
    if (document.version !== version) {
      continue; // edited meanwhile
    }
    if (!edit || !(await vscode.workspace.applyEdit(edit))) {
      void vscode.window.showInformationMessage("trainlint has no safe fixes for this document.");
    }
    return;
  }
}

async function safeFixes(document: vscode.TextDocument): Promise<vscode.WorkspaceEdit | undefined> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[] | undefined>(
    "vscode.executeCodeActionProvider",
    document.uri,
    document.validateRange(new vscode.Range(0, 0, document.lineCount, 0)),
    FIX_ALL.value,
    1, // is resolved: the edit comes with that
  );
  return actions?.find((each) => each.edit)?.edit;
}

/** The server writes the baseline, shows how far it is, and says what has changed. */
async function acceptFindings(server: Server): Promise<void> {
  if (!server.client) {
    sayThatNothingRuns();
    return;
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
  if (folder || !folders.length) {
    await vscode.commands.executeCommand("trainlint.baseline", ...(folder ? [folder.uri.toString()] : []));
  }
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
    sayThatNothingRuns();
    return;
  }
  const parameters = { command: "trainlint.debugInformation", arguments: [] };
  const content = String(await server.client.sendRequest(ExecuteCommandRequest.type, parameters));
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
}

function sayThatNothingRuns(): void {
  void vscode.window.showWarningMessage("trainlint does not run; the log says why.", "Show Log").then((choice) => {
    if (choice) {
      void vscode.commands.executeCommand("trainlint.showLog");
    }
  });
}
