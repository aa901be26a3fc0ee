// The item in the list of language states, behind the braces of the status bar.

import * as vscode from "vscode";

export const SELECTOR: vscode.DocumentSelector = [
  { language: "python", scheme: "file" },
  { language: "python", scheme: "untitled" },
  { language: "python", scheme: "vscode-notebook-cell" },
];

const SHOW_LOG: vscode.Command = { command: "trainlint.showLog", title: "Show log" };
const INSTALL: vscode.Command = { command: "trainlint.install", title: "Install" };

export class Status implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem("trainlint", SELECTOR);

  constructor() {
    this.item.name = "trainlint";
    this.item.text = "trainlint";
  }

  starting(): void {
    this.set("trainlint", "starting", vscode.LanguageStatusSeverity.Information, SHOW_LOG);
    this.item.busy = true;
  }

  running(version: string, from: string): void {
    this.set(`trainlint ${version}`, from, vscode.LanguageStatusSeverity.Information, SHOW_LOG);
  }

  off(): void {
    this.set("trainlint", "turned off", vscode.LanguageStatusSeverity.Information, SHOW_LOG);
  }

  missing(interpreter: string | undefined): void {
    const command = interpreter ? INSTALL : SHOW_LOG;
    this.set("trainlint is not installed", interpreter, vscode.LanguageStatusSeverity.Warning, command);
  }

  failed(reason: string): void {
    this.set("trainlint has stopped", reason, vscode.LanguageStatusSeverity.Error, SHOW_LOG);
  }

  dispose(): void {
    this.item.dispose();
  }

  private set(
    text: string,
    detail: string | undefined,
    severity: vscode.LanguageStatusSeverity,
    command: vscode.Command,
  ): void {
    this.item.busy = false;
    this.item.text = text;
    if (detail === undefined) {
      delete this.item.detail;
    } else {
      this.item.detail = detail;
    }
    this.item.severity = severity;
    this.item.command = command;
  }
}
