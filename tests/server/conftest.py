"""Servers in processes of their own, each with an editor under two profiles: one that pulls, one that is pushed to."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from tests.server.editor import Editor, published

PROFILES = {"neovim": "utf-8", "visual_studio_code": "utf-16"}
_numbers = count()


def make_client() -> LanguageClient:
    """pytest-lsp's client, which forgets versions, with a memory for them, and able to register what it watches."""
    client = LanguageClient(converter_factory=default_converter)

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def publish(parameters: types.PublishDiagnosticsParams) -> None:
        client.diagnostics[parameters.uri] = parameters.diagnostics
        published(client)[parameters.uri] = parameters

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(parameters: types.RegistrationParams) -> None:
        client.__dict__.setdefault("registered", []).extend(each.method for each in parameters.registrations)

    @client.feature(types.PROGRESS)
    def progress(parameters: types.ProgressParams) -> None:
        client.__dict__.setdefault("progressed", []).append(parameters)

    @client.feature(types.LOG_TRACE)
    def trace(parameters: types.LogTraceParams) -> None:
        client.__dict__.setdefault("traced", []).append(parameters)

    @client.feature(types.WORKSPACE_INLAY_HINT_REFRESH)
    def hints(_: None) -> None:
        client.__dict__["hints_refreshed"] = client.__dict__.get("hints_refreshed", 0) + 1

    own = (types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, types.CLIENT_REGISTER_CAPABILITY, types.PROGRESS)
    register_lsp_features(client, {key: value for key, value in DEFAULT_CLIENT_FEATURES.items() if key not in own})
    return client


CONFIG = ClientServerConfig([sys.executable, "-m", "trainlint", "server"], client_factory=make_client)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is open in the editor."""
    return tmp_path_factory.mktemp("workspace")


@pytest_lsp.fixture(config=CONFIG, params=list(PROFILES), scope="module", loop_scope="module")
async def client(lsp_client: LanguageClient, request: pytest.FixtureRequest, workspace: Path) -> AsyncIterator[None]:
    capabilities = client_capabilities(request.param)
    if request.param == "neovim" and capabilities.workspace is not None:  # as newer versions do
        capabilities.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[types.WorkspaceFolder(uri=workspace.as_uri(), name="workspace")],
        )
    )
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: LanguageClient, workspace: Path) -> Iterator[Editor]:
    """The editor, with a folder for this test, which is empty."""
    assert client.capabilities is not None and client.capabilities.text_document is not None
    pulls = client.capabilities.text_document.diagnostic is not None
    general = client.capabilities.general
    encodings = [str(getattr(each, "value", each)) for each in (general and general.position_encodings) or ()]
    folder = workspace / f"test{next(_numbers)}"
    folder.mkdir()
    made = Editor(client, folder, pulls, encodings[0] if encodings else "utf-16")
    yield made
    for uri in list(made.versions):
        made.close(uri)
