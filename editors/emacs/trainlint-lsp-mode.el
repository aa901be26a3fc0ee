;;; trainlint-lsp-mode.el --- trainlint as one more language server of lsp-mode  -*- lexical-binding: t -*-

;;; Code:

(require 'lsp-mode)

(lsp-register-client
 (make-lsp-client
  :server-id 'trainlint
  :new-connection (lsp-stdio-connection '("trainlint" "server"))
  :activation-fn (lsp-activate-on "python")
  :priority -1
  :add-on? t))                          ; beside pyright, pylsp or whatever else there is

(provide 'trainlint-lsp-mode)
;;; trainlint-lsp-mode.el ends here
