;;; trainlint.el --- trainlint as the language server of eglot  -*- lexical-binding: t -*-

;; Eglot has one server for a buffer.  To run trainlint beside another one see trainlint-lsp-mode.el.

;;; Code:

(require 'eglot)

(add-to-list 'eglot-server-programs '((python-mode python-ts-mode) . ("trainlint" "server")))
(add-hook 'python-mode-hook #'eglot-ensure)
(add-hook 'python-ts-mode-hook #'eglot-ensure)

(provide 'trainlint)
;;; trainlint.el ends here
