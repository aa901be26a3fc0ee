" trainlint as a language server of ALE. ALE finds this file on the runtime path by itself.

call ale#Set('python_trainlint_executable', 'trainlint')

function! ale_linters#python#trainlint#Root(buffer) abort
    for l:marker in ['trainlint.toml', 'pyproject.toml']
        let l:found = ale#path#FindNearestFile(a:buffer, l:marker)
        if !empty(l:found)
            return fnamemodify(l:found, ':h')
        endif
    endfor
    return expand('#' . a:buffer . ':p:h')
endfunction

call ale#linter#Define('python', {
\   'name': 'trainlint',
\   'lsp': 'stdio',
\   'executable': {buffer -> ale#Var(buffer, 'python_trainlint_executable')},
\   'command': '%e server',
\   'project_root': function('ale_linters#python#trainlint#Root'),
\})
