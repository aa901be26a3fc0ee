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

function! s:Wait(what, condition, patience = 150) abort
    let l:left = a:patience * 10
    while !a:condition()
        if l:left == 0
            throw a:what
        endif
        sleep 100m
        let l:left -= 1
    endwhile
endfunction

" Runs a command until something comes of it.
function! s:Press(what, command, condition) abort
    for l:attempt in range(15)
        execute a:command
        try
            return s:Wait(a:what, a:condition, 10)
        catch /no fix/
        endtry
    endfor
    throw a:what
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
    return get(filter(copy(s:seen.actions), 'stridx(v:val, $FIX) >= 0'), 0, '')
endfunction

try
    call s:Wait('no findings', {-> !empty(s:Found())})
    let s:seen.findings = map(copy(s:Found()), {_, each -> {
    \   'rule': get(each, 'code', ''),
    \   'message': each.text,
    \   'text': strpart(getline(each.lnum), each.col - 1, each.end_col - each.col + 1),
    \}})
    let s:before = s:Text()
    call cursor(s:Found()[0].lnum, s:Found()[0].col)
    call s:Press('no fix, or it changed nothing', 'ALECodeAction', {-> s:Text() !=# s:before})
    let s:seen.text = s:Text()
catch
    let s:seen.error = v:exception . ' at ' . v:throwpoint
    let s:seen.situation = {'text': s:Text(), 'found': s:Found(), 'messages': execute('messages')}
    execute 'ALEInfoToFile' fnameescape($LOG . '.ale')
    let s:seen.situation.ale = readfile($LOG . '.ale')[-60:]
endtry
call writefile([json_encode(s:seen)], $OUT)
qall!
