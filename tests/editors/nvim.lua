-- Waits for the findings of the buffer, lists its code actions, and has the editor apply the fix.
local seen = { version = tostring(vim.version()) }

local PATIENCE, AGAIN = 150000, 10000 -- milliseconds; whatever has not come after the second is asked for again

local function wait(what, condition)
  assert(vim.wait(PATIENCE, condition, 50), what)
end

local function press(what, key, condition)
  for _ = 1, PATIENCE / AGAIN do
    key()
    if vim.wait(AGAIN, condition, 50) then
      return
    end
  end
  error(what)
end

-- What tells why something was waited for in vain.
local function situation()
  local log = vim.fn.filereadable(vim.lsp.get_log_path()) == 1 and vim.fn.readfile(vim.lsp.get_log_path(), "", -50) or {}
  return {
    text = vim.api.nvim_buf_get_lines(0, 0, -1, false),
    diagnostics = vim.inspect(vim.diagnostic.get(0)),
    clients = vim.tbl_map(function(each)
      return each.name .. " in " .. tostring(each.root_dir)
    end, vim.lsp.get_clients()),
    messages = vim.fn.execute("messages"),
    log = log,
  }
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
  press("no hover", vim.lsp.buf.hover, function()
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
  end
  local before = text()
  press("no fix, or it changed nothing", vim.lsp.buf.code_action, function()
    return text() ~= before
  end)
  seen.text = text()
  wait("the finding stays", function()
    return #vim.diagnostic.get(0) == 0
  end)
end, debug.traceback)
if not done then
  seen.error, seen.situation = trouble, situation()
end
vim.fn.writefile({ vim.json.encode(seen) }, vim.env.OUT)
vim.cmd("qall!")
