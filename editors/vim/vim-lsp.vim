" trainlint as a language server of vim-lsp: source this file in your vimrc.

augroup trainlint
    autocmd!
    autocmd User lsp_setup call lsp#register_server({
    \   'name': 'trainlint',
    \   'cmd': {info -> ['trainlint', 'server']},
    \   'allowlist': ['python'],
    \   'root_uri': {info -> lsp#utils#path_to_uri(lsp#utils#find_nearest_parent_file_directory(
    \       lsp#utils#get_buffer_path(), ['trainlint.toml', 'pyproject.toml', '.git/']))},
    \})
augroup END
