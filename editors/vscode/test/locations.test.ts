import assert from "node:assert/strict";
import { test } from "node:test";

import { candidates, interpreter, type Surroundings } from "../src/locations";

function around(changes: Partial<Surroundings>, ...files: string[]): Surroundings {
  return {
    platform: "linux",
    folders: ["/project"],
    home: "/home/user",
    searchPath: "/usr/local/bin:/usr/bin",
    isTrusted: true,
    path: "",
    interpreter: "",
    selected: undefined,
    exists: (file) => files.includes(file),
    ...changes,
  };
}

function programs(where: Surroundings): string[] {
  return candidates(where).map(({ program, arguments: args }) => [program, ...args].join(" "));
}

test("the environment of the folder comes first, then PATH", () => {
  const where = around({}, "/project/.venv/bin/python", "/usr/bin/python3", "/usr/bin/trainlint");
  assert.deepEqual(programs(where), ["/project/.venv/bin/python -m trainlint", "/usr/bin/trainlint"]);
});

test("without one it is the interpreter of PATH", () => {
  assert.deepEqual(programs(around({}, "/usr/bin/python3")), ["/usr/bin/python3 -m trainlint"]);
  assert.deepEqual(programs(around({})), []);
});

test("the selected interpreter wins over the folder's", () => {
  const where = around({ selected: "/opt/conda/bin/python" }, "/project/.venv/bin/python");
  assert.deepEqual(programs(where), ["/opt/conda/bin/python -m trainlint"]);
});

test("what is set is the only one", () => {
  const files = ["/project/.venv/bin/python", "/usr/bin/trainlint"];
  assert.deepEqual(programs(around({ interpreter: "python3.12" }, ...files)), ["python3.12 -m trainlint"]);
  assert.deepEqual(programs(around({ path: "~/bin/trainlint" }, ...files)), ["/home/user/bin/trainlint"]);
  assert.deepEqual(programs(around({ path: "tools/trainlint" }, ...files)), ["/project/tools/trainlint"]);
  assert.deepEqual(programs(around({ interpreter: "${workspaceFolder}/env/bin/python" })), [
    "/project/env/bin/python -m trainlint",
  ]);
});

test("nothing of a folder without trust is started", () => {
  const where = around({ isTrusted: false, selected: "/project/env/bin/python" }, "/project/.venv/bin/python");
  assert.deepEqual(programs(where), []);
  assert.equal(interpreter(around({ isTrusted: false }, "/usr/bin/python3"))?.program, "/usr/bin/python3");
});

test("relative parts of PATH would be folders of the project", () => {
  assert.deepEqual(programs(around({ searchPath: ".:bin" }, "trainlint", "./trainlint", "bin/trainlint")), []);
});

test("Windows has its own names", () => {
  const where = around(
    { platform: "win32", folders: ["C:\\project"], searchPath: "C:\\Users\\u\\WindowsApps;C:\\Python" },
    "C:\\project\\.venv\\Scripts\\python.exe",
    "C:\\Python\\trainlint.exe",
  );
  assert.deepEqual(programs(where), [
    "C:\\project\\.venv\\Scripts\\python.exe -m trainlint",
    "C:\\Python\\trainlint.exe",
  ]);
  const shop = around(
    { platform: "win32", folders: [], searchPath: "C:\\Users\\u\\WindowsApps;C:\\Python" },
    "C:\\Users\\u\\WindowsApps\\python3.exe",
    "C:\\Python\\python.exe",
  );
  assert.equal(interpreter(shop)?.program, "C:\\Python\\python.exe");
});
