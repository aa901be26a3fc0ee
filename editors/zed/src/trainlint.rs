//! Starts `trainlint server` as Zed finds it in the environment of the project, or as the settings say.

use zed_extension_api::{
    register_extension, serde_json::Value, settings::LspSettings, Command, Extension,
    LanguageServerId, Result, Worktree,
};

const NAME: &str = "trainlint";

struct Trainlint;

impl Extension for Trainlint {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        _server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Command> {
        let chosen = LspSettings::for_worktree(NAME, worktree)?.binary;
        let (path, arguments) =
            chosen.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path.or_else(|| worktree.which(NAME)).ok_or(
            "trainlint is not on the path: pip install trainlint, or set lsp.trainlint.binary.path",
        )?;
        Ok(Command {
            command,
            args: arguments.unwrap_or_else(|| vec!["server".into()]),
            env: worktree.shell_env(),
        })
    }

    fn language_server_workspace_configuration(
        &mut self,
        _server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        Ok(LspSettings::for_worktree(NAME, worktree)?.settings)
    }
}

register_extension!(Trainlint);
