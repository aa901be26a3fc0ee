// The language server: found, started, watched, and started anew when what it depends on is another.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions, State } from "vscode-languageclient/node";

import { discover, type Found } from "./discovery";
import { install, offer } from "./installing";
import type { Status } from "./status";

const SETTINGS_FILES = "**/{pyproject,trainlint}.toml";

export class Server implements vscode.Disposable {
  /** The client of the server that runs. */
  client: LanguageClient | undefined;
  found: Found | undefined;
  private interpreter: string | undefined;
  private queue: Promise<void> = Promise.resolve();
  private isOffering = false;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly status: Status,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Starts the server that belongs to the settings and the selection of this moment, in the place of the last. */
  restart(): Promise<void> {
    const next = this.queue.then(async () => {
      await this.halt();
      await this.start();
    });
    this.queue = next.catch((error: unknown) => {
      this.log.error(String(error));
      this.status.failed(String(error));
    });
    return this.queue;
  }

  stop(): Promise<void> {
    this.queue = this.queue.then(() => this.halt());
    return this.queue;
  }

  /** Puts trainlint into the interpreter that was found without it, and starts it. */
  async install(): Promise<void> {
    if (!this.interpreter) {
      const text = "No Python interpreter was found; select one, or set trainlint.interpreter.";
      void vscode.window.showWarningMessage(text);
    } else if (await install(this.interpreter, this.cwd, this.log)) {
      await this.restart();
    }
  }

  dispose(): void {
    void this.stop();
  }

  /** A folder without Python files: the interpreter looks there first for what it imports. */
  private get cwd(): string {
    return this.context.extensionPath;
  }

  private async start(): Promise<void> {
    if (!vscode.workspace.getConfiguration("trainlint").get("enable", true)) {
      this.status.off();
      return;
    }
    this.status.starting();
    const found = await discover(this.cwd, this.log);
    if (!("command" in found)) {
      this.interpreter = found.interpreter;
      this.status.missing(found.interpreter);
      this.offer();
      return;
    }
    this.found = found;
    this.interpreter = found.command.interpreter;
    const { program, arguments: first, reason } = found.command;
    this.log.info(`trainlint ${found.version}: ${[program, ...first].join(" ")} (${reason})`);
    const client = this.make(found);
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) {
        return;
      }
      if (newState === State.Running) {
        this.status.running(found.version, `${vscode.workspace.asRelativePath(program)} (${reason})`);
      } else if (newState === State.Starting) {
        this.status.starting();
      } else {
        this.status.failed("the log says why");
      }
    });
    await client.start();
  }

  private make(found: Found): LanguageClient {
    const { program, arguments: first } = found.command;
    const executable = { command: program, args: [...first, "server"], options: { cwd: this.cwd } };
    const server: ServerOptions = { run: executable, debug: executable };
    const options: LanguageClientOptions = {
      documentSelector: [
        { language: "python", scheme: "file" },
        { language: "python", scheme: "untitled" },
        { language: "python", scheme: "vscode-notebook-cell" },
        { scheme: "file", pattern: SETTINGS_FILES }, // the rules that they name are links
      ],
      outputChannel: this.log,
      traceOutputChannel: this.log,
    };
    return new LanguageClient("trainlint", "trainlint", server, options);
  }

  private async halt(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.found = undefined;
    if (client && client.state !== State.Stopped) {
      await client.dispose(5000).catch((error: unknown) => this.log.warn(`while stopping: ${String(error)}`));
    }
  }

  /** Asks whether to install it. Nothing waits for the answer. */
  private offer(): void {
    if (this.isOffering) {
      return;
    }
    this.isOffering = true;
    void offer(this.interpreter, this.log)
      .then((wanted) => {
        this.isOffering = false;
        return wanted ? this.install() : undefined;
      })
      .finally(() => (this.isOffering = false));
  }
}
