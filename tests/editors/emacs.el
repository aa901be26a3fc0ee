;; Loads the shipped file, waits for what its client marks, and applies the fix.  -*- lexical-binding: t -*-

(require 'json)
(require 'package)
(setq load-prefer-newer t)
(package-initialize)
(setq create-lockfiles nil make-backup-files nil)
(setq lsp-session-file (expand-file-name "session" (getenv "HOME"))
      lsp-auto-guess-root t lsp-enable-snippet nil lsp-diagnostics-provider :flymake
      lsp-headerline-breadcrumb-enable nil lsp-modeline-code-actions-enable nil)
(defconst patience 150 "Seconds.")
(setq eglot-sync-connect patience eglot-connect-timeout patience
      lsp-response-timeout patience lsp-log-io t)
(require 'jsonrpc)
(setq jrpc-default-request-timeout patience)

(defvar seen `((version . ,emacs-version)))

(defun saw (name value)
  (push (cons name value) seen))

(defun wait-for (what condition)
  (let ((end (+ (float-time) patience)) result)
    (while (not (or (setq result (funcall condition)) (> (float-time) end)))
      (accept-process-output nil 0.05))
    (or result (error "%s" what))))

(defun situation ()
  "What tells why something was waited for in vain: the ends of what clients write."
  (vconcat
   (delq nil
         (mapcar (lambda (buffer)
                   (when (string-match-p "EGLOT\\|lsp\\|trainlint\\|train.py\\|Warnings\\|Flymake" (buffer-name buffer))
                     (with-current-buffer buffer
                       (format "%s: %s" (buffer-name)
                               (shown (max (point-min) (- (point-max) 5000)) (point-max))))))
                 (buffer-list)))))

(defun shown (beginning end)
  (buffer-substring-no-properties beginning end))

(defun choose-fix (actions)
  "The action of ACTIONS, a sequence of property lists or hash tables, that is the fix."
  (saw 'actions (vconcat (mapcar #'title-of actions)))
  (or (seq-find (lambda (action) (string-search (getenv "FIX") (title-of action))) actions)
      (error "No fix")))

(defun title-of (action)
  (if (hash-table-p action) (gethash "title" action) (plist-get action :title)))

(defun with-eglot ()
  (run-hooks 'post-command-hook)        ; there are no commands in batch mode, after which eglot would start
  (wait-for "no server" #'eglot-current-server)
  (flymake-start)
  (wait-for "no findings" #'flymake-diagnostics)
  (let ((first (car (flymake-diagnostics))))
    (saw 'findings
         (vconcat (mapcar (lambda (each)
                            `((message . ,(flymake-diagnostic-text each))
                              (text . ,(shown (flymake-diagnostic-beg each) (flymake-diagnostic-end each)))))
                          (flymake-diagnostics))))
    (goto-char (flymake-diagnostic-beg first))
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt titles &rest _)
                 (let ((names (mapcar (lambda (each) (if (consp each) (car each) each)) titles)))
                   (saw 'actions (vconcat names))
                   (seq-find (lambda (name) (string-search (getenv "FIX") name)) names)))))
      (let ((last-nonmenu-event ?a))    ; a key, not the mouse: asked without a menu
        (call-interactively #'eglot-code-actions)))))

(defun with-lsp-mode ()
  (lsp-workspace-folders-add default-directory)
  (lsp)
  (wait-for "no findings" (lambda () (> (hash-table-count (lsp-diagnostics t)) 0)))
  (let (found)
    (maphash (lambda (_file each) (setq found (append each found))) (lsp-diagnostics t))
    (saw 'findings
         (vconcat (mapcar (lambda (each)
                            (let* ((range (lsp:diagnostic-range each))
                                   (region (lsp--range-to-region range)))
                              (goto-char (car region))
                              `((message . ,(lsp:diagnostic-message each))
                                (rule . ,(lsp:diagnostic-code? each))
                                (text . ,(shown (car region) (cdr region))))))
                          found)))
    (lsp-execute-code-action (choose-fix (append (lsp-code-actions-at-point) nil)))))

(condition-case trouble
    (progn
      (load (getenv "CONFIGURATION") nil t)
      (with-current-buffer (find-file-noselect (getenv "FILE"))
        (funcall (intern (getenv "CLIENT")))
        (saw 'text (shown (point-min) (point-max)))
        (set-buffer-modified-p nil)))
  (error
   (saw 'error (format "%S" trouble))
   (saw 'situation (situation))))
(with-temp-file (getenv "OUT")
  (insert (json-encode seen)))
(kill-emacs 0)
