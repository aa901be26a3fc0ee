"""Two thousand edits: what the server knows after them is what a fresh start finds."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from textwrap import indent

from attrs import define, field
from lsprotocol import types

from tests.server.programs import BROKEN, LOGITS, MODELS, TRAIN
from trainlint.engine.results import Inferred
from trainlint.model import Fix
from trainlint.server.client import Client
from trainlint.server.configuration import Configuration
from trainlint.server.desk import Superseded
from trainlint.server.office import Office
from trainlint.server.options import Options
from trainlint.server.outcome import Outcome
from trainlint.server.snapshot import Snapshot
from trainlint.server.texts import Texts

EDITS, EVERY = 2000, 20
ENCODING = "utf-16"
ALONE = BROKEN.replace("nn.MSELoss()", "nn.CrossEntropyLoss()").replace("nn.ReLU()", "nn.Softmax(dim=1)")
CELLS = ["%matplotlib inline\nimport torch\nfrom torch import nn\n", *BROKEN.split("\n\n")[1:]]
HEAD, BODY = LOGITS.split("\n\n")
INSIDE = f"{HEAD}\n\n\ndef main():\n{indent(BODY, '    ')}\n\nmain()\n"
SNIPPETS = [
    "",
    "# trainlint: ignore[relu-before-regression] why",
    "# a comment: 日本語😀",
    "x = x.relu()",
    "criterion = nn.L1Loss()",
    "from models import Net",
    "def f(a):\n    return a",
    "if x is None:\n    raise ValueError",
    "text = '''",
    "(",
    ")",
    "for",
    "    pass",
    "    # a comment: 日本語😀",
    "    y = y.float()",
    "      # trainlint: ignore[logits-into-probability-loss] why",
    "\f",
    "%time 1",
    "fresh = 1",
    "    fresh = 2",
    "        fresh = None",
    "    unknown",
    "y = 0",
    "    x = 0",
]
TOKENS = ["relu", "ReLU", "MSELoss", "(x)", "x", "Net", "=", ":", "8", "loss", "😀", '"""', ", nn.ReLU()", ".relu()"]


@define
class Writer:
    """Somebody who edits several documents without much thought, by the messages of the protocol."""

    folder: Path
    chance: random.Random
    texts: Texts = field(factory=lambda: Texts(ENCODING))
    now: dict[str, str] = field(factory=dict)
    original: dict[str, str] = field(factory=dict)
    versions: dict[str, int] = field(factory=dict)

    def open(self, uri: str, text: str) -> types.TextDocumentItem:
        self.now[uri] = self.original[uri] = text
        self.versions[uri] = self.versions.get(uri, 0) + 1
        return types.TextDocumentItem(uri, "python", self.versions[uri], text)

    def start(self) -> None:
        (self.folder / "models.py").write_text(MODELS)
        for name, text in (("train.py", TRAIN), ("models.py", MODELS), ("alone.py", ALONE), ("main.py", INSIDE)):
            self.texts.open(self.open((self.folder / name).as_uri(), text))
        self.texts.open(self.open("untitled:one", TRAIN))
        uris = [f"cell:{number}" for number in range(len(CELLS))]
        self.texts.open_notebook(
            types.NotebookDocument(
                (self.folder / "eda.ipynb").as_uri(),
                "jupyter-notebook",
                1,
                [types.NotebookCell(types.NotebookCellKind.Code, uri) for uri in uris],
            ),
            [self.open(uri, text) for uri, text in zip(uris, CELLS, strict=True)],
        )

    def edit(self) -> None:
        """One edit of one document."""
        uri = self.chance.choice(list(self.now))
        text = self.now[uri]
        self.versions[uri] += 1
        identifier = types.VersionedTextDocumentIdentifier(version=self.versions[uri], uri=uri)
        change: types.TextDocumentContentChangeEvent
        if self.chance.random() < 0.25:
            self.now[uri] = self.original[uri]
            change = types.TextDocumentContentChangeWholeDocument(self.now[uri])
        else:
            start, end, new = self.replacement(text)
            self.now[uri] = text[:start] + new + text[end:]
            change = types.TextDocumentContentChangePartial(types.Range(place(text, start), place(text, end)), new)
            if not uri.startswith("cell:") and self.chance.random() < 0.5:
                change = types.TextDocumentContentChangeWholeDocument(self.now[uri])
        if not uri.startswith("cell:"):
            self.texts.change(identifier, [change])
            return
        content = types.NotebookDocumentCellContentChanges(identifier, [change])
        self.texts.change_notebook(
            types.VersionedNotebookDocumentIdentifier(self.versions[uri], (self.folder / "eda.ipynb").as_uri()),
            types.NotebookDocumentChangeEvent(types.NotebookDocumentCellChanges(text_content=[content])),
        )

    def replacement(self, text: str) -> tuple[int, int, str]:
        lines = text.split("\n")
        number = self.chance.randrange(len(lines))
        start = len("\n".join(lines[:number])) + (number > 0)
        kind = self.chance.random()
        if kind < 0.4:
            return start, start, self.chance.choice(SNIPPETS) + "\n"
        if kind < 0.6:
            return start, min(len(text), start + len(lines[number]) + 1), ""
        token = self.chance.choice(TOKENS)
        at = text.find(token, start)
        at = start if at < 0 else at
        length = len(token) if text.startswith(token, at) else 0
        return at, at + length, self.chance.choice(TOKENS)


class After(threading.Event):
    """Is set once it has been asked often enough."""

    def __init__(self, questions: int) -> None:
        super().__init__()
        self.left = questions

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def place(text: str, at: int) -> types.Position:
    before = text[:at].split("\n")
    return types.Position(len(before) - 1, len(before[-1].encode("utf-16-le")) // 2)


def shown(outcome: Outcome) -> dict[str, tuple[list[types.Diagnostic], list[tuple[Fix, ...]], list[Inferred]]]:
    """All that is known of each document: what is shown, how to mend it, what was inferred."""
    return {
        uri: (view.diagnostics, [found.finding.fixes for found in view.found], sorted(view.inferred, key=str))
        for uri, view in outcome.views.items()
    }


def test_what_is_known_is_what_would_be_found(tmp_path):
    writer = Writer(tmp_path, random.Random(20))
    writer.start()
    office, found, broken_off = Office(), 0, 0
    for number in range(EDITS + 1):
        if number:
            writer.edit()
        snapshot = Snapshot(
            revision=number,
            documents=tuple(writer.texts.documents()),
            notebooks=tuple(writer.texts.notebooks()),
            folders=(tmp_path,),
            disk=0,
            rules=0,
            encoding=ENCODING,
            client=Client(related=True),
            configurations={None: Configuration(options=Options(show_inlay_hints=True))},
        )
        assert {text.uri: text.content for text in snapshot.documents}.items() <= writer.now.items()
        if number % 3 == 0:
            try:
                office.check(snapshot, After(writer.chance.randrange(60)))
            except Superseded:
                broken_off += 1
        outcome = office.check(snapshot, threading.Event())
        assert outcome.failures == ()
        if number % EVERY == 0:
            fresh = Office().check(snapshot, threading.Event())
            assert shown(outcome) == shown(fresh), number
            found += sum(len(view.found) for view in fresh.views.values())
    assert broken_off > EDITS // 40
    assert found > EDITS // EVERY  # the programs were worth looking at
