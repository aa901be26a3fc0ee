" Vim with vim-lsp: waits for the diagnostics of the buffer, and applies the fix.
set encoding=utf-8 nocompatible hidden nobackup noswapfile nomore
let g:lsp_code_action_ui = 'preview'
let g:lsp_log_file = $LOG
execute 'set runtimepath^=' . fnameescape($VIM_LSP)
filetype plugin on
execute 'source' fnameescape($CONFIGURATION)
runtime plugin/lsp.vim

let s:seen = {'version': v:version}

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
    let l:found = lsp#internal#diagnostics#state#_get_all_diagnostics_grouped_by_server_for_uri(lsp#utils#get_buffer_uri())
    return has_key(l:found, 'trainlint') ? l:found.trainlint.params.diagnostics : []
endfunction

function! s:Text() abort
    return join(getline(1, '$'), "\n") . "\n"
endfunction

" The list from which a user picks an action.
function! s:Pick(options) abort
    let s:seen.actions = map(copy(a:options.items), 'v:val.title')
    let l:chosen = filter(copy(a:options.items), 'stridx(v:val.title, $FIX) >= 0')
    if !empty(l:chosen)
        call a:options.on_accept({'items': l:chosen})
    endif
endfunction

try
    edit $FILE
    call lsp#enable()
    doautocmd <nomodeline> VimEnter
    doautocmd <nomodeline> FileType
    call s:Wait('no findings', {-> !empty(s:Found())})
    let s:seen.findings = map(copy(s:Found()), {_, each -> {
    \   'rule': get(each, 'code', ''),
    \   'message': each.message,
    \   'range': each.range,
    \}})
    let s:seen.root = lsp#get_server_root_uri('trainlint')
    runtime autoload/lsp/internal/ui/quickpick.vim
    function! lsp#internal#ui#quickpick#open(options) abort
        call s:Pick(a:options)
    endfunction
    function! lsp#internal#ui#quickpick#close() abort
    endfunction
    let s:before = s:Text()
    call cursor(s:Found()[0].range.start.line + 1, s:Found()[0].range.start.character + 1)
    call s:Press('no fix, or it changed nothing', 'LspCodeAction', {-> s:Text() !=# s:before})
    let s:seen.text = s:Text()
catch
    let s:seen.error = v:exception . ' at ' . v:throwpoint
    let s:seen.situation = {'text': s:Text(), 'found': s:Found(), 'messages': execute('messages')}
endtry
call writefile([json_encode(s:seen)], $OUT)
qall!
