// Begins and ends with the editor's window.

import * as vscode from "vscode";
import { DidChangeConfigurationNotification } from "vscode-languageclient/node";

import { register } from "./commands";
import { onSelection } from "./python";
import { Server } from "./server";
import { Status } from "./status";

/** Settings that decide which server is started; the server itself hears of all others. */
const STARTING = ["trainlint.path", "trainlint.interpreter", "trainlint.enable"];

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("trainlint", { log: true });
  const status = new Status();
  const running = new Server(context, status, log);
  server = running;
  context.subscriptions.push(
    log,
    status,
    register(running, log, context.extensionPath),
    vscode.workspace.onDidGrantWorkspaceTrust(() => running.restart()),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (STARTING.some((each) => event.affectsConfiguration(each))) {
        await running.restart();
      } else if (event.affectsConfiguration("trainlint")) {
        // Without the settings themselves, so that the server asks for those of each folder.
        await running.client?.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      }
    }),
  );
  void onSelection(() => void running.restart()).then((each) => each && context.subscriptions.push(each));
  await running.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
