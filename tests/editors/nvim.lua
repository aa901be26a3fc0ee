-- Waits for the findings of the buffer, lists its code actions, and has the editor apply the fix.
local seen = { version = tostring(vim.version()) }

local function wait(what, condition)
  assert(vim.wait(60000, condition, 50), what)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n"
end

local done, trouble = xpcall(function()
  wait("no findings with the settings of the editor", function()
    local found = vim.diagnostic.get(0)
    return #found > 0 and found[1].severity == vim.diagnostic.severity.INFO
  end)
  local client = vim.lsp.get_clients({ bufnr = 0, name = "trainlint" })[1]
  seen.encoding, seen.root = client.offset_encoding, client.root_dir
  seen.findings = vim.tbl_map(function(each)
    local shown = vim.api.nvim_buf_get_text(0, each.lnum, each.col, each.end_lnum, each.end_col, {})
    return {
      rule = each.code,
      source = each.source,
      severity = each.severity,
      message = each.message,
      text = table.concat(shown, "\n"),
    }
  end, vim.diagnostic.get(0))

  local first = vim.diagnostic.get(0)[1]
  vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
  vim.lsp.buf.hover()
  wait("no hover", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        seen.hover = table.concat(lines, "\n")
        return true
      end
    end
    return false
  end)

  vim.ui.select = function(items, options, choose)
    seen.actions = vim.tbl_map(options.format_item, items)
    for _, item in ipairs(items) do
      if item.action.title:find(vim.env.FIX, 1, true) then
        return choose(item)
      end
    end
    error("no fix among " .. vim.inspect(seen.actions))
  end
  local before = text()
  vim.lsp.buf.code_action()
  wait("the fix changed nothing", function()
    return text() ~= before
  end)
  seen.text = text()
  wait("the finding stays", function()
    return #vim.diagnostic.get(0) == 0
  end)
end, debug.traceback)
if not done then
  seen.error = trouble
end
vim.fn.writefile({ vim.json.encode(seen) }, vim.env.OUT)
vim.cmd("qall!")
