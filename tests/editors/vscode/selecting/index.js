// Says which interpreter is selected, as the Python extension does: the first of two, and after a command the second.

const vscode = require("vscode");

exports.activate = (context) => {
  let selected = process.env.SELECTED;
  const changed = new vscode.EventEmitter();
  const next = () => {
    selected = process.env.SELECTED_NEXT;
    changed.fire({ id: selected, path: selected });
  };
  context.subscriptions.push(changed, vscode.commands.registerCommand("selecting.next", next));
  return {
    ready: Promise.resolve(),
    environments: {
      getActiveEnvironmentPath: () => ({ id: selected, path: selected }),
      resolveEnvironment: async (environment) => ({ executable: { uri: vscode.Uri.file(environment.path) } }),
      onDidChangeActiveEnvironmentPath: changed.event,
    },
  };
};
