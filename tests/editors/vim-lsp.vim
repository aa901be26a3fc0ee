" Vim with vim-lsp: waits for the diagnostics of the buffer, and applies the fix.
set encoding=utf-8 nocompatible hidden nobackup noswapfile nomore
let g:lsp_code_action_ui = 'preview'
execute 'set runtimepath^=' . fnameescape($VIM_LSP)
filetype plugin on
execute 'source' fnameescape($CONFIGURATION)
runtime plugin/lsp.vim

let s:seen = {'version': v:version}

function! s:Wait(condition) abort
    let l:left = 600
    while l:left > 0 && !a:condition()
        sleep 100m
        let l:left -= 1
    endwhile
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
    call a:options.on_accept({'items': l:chosen})
endfunction

try
    edit $FILE
    call lsp#enable()
    doautocmd <nomodeline> VimEnter
    doautocmd <nomodeline> FileType
    call s:Wait({-> !empty(s:Found())})
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
    LspCodeAction
    call s:Wait({-> s:Text() !=# s:before})
    let s:seen.text = s:Text()
catch
    let s:seen.error = v:exception . ' at ' . v:throwpoint
endtry
call writefile([json_encode(s:seen)], $OUT)
qall!
