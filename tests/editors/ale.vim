" Vim with ALE: waits for what ALE lists, and applies the fix.
set encoding=utf-8 nocompatible hidden nobackup noswapfile nomore
let g:ale_linters_explicit = 1
let g:ale_linters = {'python': ['trainlint']}
execute 'set runtimepath^=' . fnameescape($CONFIGURATION)
filetype plugin on
packadd ale

let s:seen = {'version': v:version}
edit $FILE
call ale#Queue(0)

function! s:Wait(condition) abort
    let l:left = 600
    while l:left > 0 && !a:condition()
        sleep 100m
        let l:left -= 1
    endwhile
endfunction

function! s:Found() abort
    return ale#engine#GetLoclist(bufnr(''))
endfunction

function! s:Text() abort
    return join(getline(1, '$'), "\n") . "\n"
endfunction

" The answer to the list of actions, of which the script is not to be asked.
function! ale#util#Input(message, ...) abort
    let s:seen.actions = filter(split(a:message, "\n"), 'v:val =~# ''^\d\+)''')
    return filter(copy(s:seen.actions), 'stridx(v:val, $FIX) >= 0')[0]
endfunction

try
    call s:Wait({-> !empty(s:Found())})
    let s:seen.findings = map(copy(s:Found()), {_, each -> {
    \   'rule': get(each, 'code', ''),
    \   'message': each.text,
    \   'text': strpart(getline(each.lnum), each.col - 1, each.end_col - each.col + 1),
    \}})
    let s:before = s:Text()
    call cursor(s:Found()[0].lnum, s:Found()[0].col)
    ALECodeAction
    call s:Wait({-> s:Text() !=# s:before})
    let s:seen.text = s:Text()
catch
    let s:seen.error = v:exception . ' at ' . v:throwpoint
endtry
call writefile([json_encode(s:seen)], $OUT)
qall!
