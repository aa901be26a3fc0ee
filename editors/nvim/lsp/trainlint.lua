-- For Neovim 0.11 or newer: a copy in the folder `lsp` of your configuration, and `vim.lsp.enable("trainlint")`.
return {
  cmd = { "trainlint", "server" },
  filetypes = { "python" },
  root_markers = { "trainlint.toml", "pyproject.toml", ".git" },
  capabilities = { textDocument = { diagnostic = vim.NIL } }, -- pushed, because 0.11 never asks again by itself
  settings = { trainlint = {} }, -- the keys of trainlint.toml, and those of the server: showInlayHints = true
}
