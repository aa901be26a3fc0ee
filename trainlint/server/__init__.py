"""The language server: what `trainlint check` finds, in the editor, of texts that are not saved yet."""
