"""The messages about what lies around the texts: files on the disk, folders, settings."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from trainlint.server.session import SECTION

if TYPE_CHECKING:
    from trainlint.server.server import Server

logger = logging.getLogger(__name__)
_WATCHED = ("**/{pyproject,trainlint}.toml", "**/*.{py,pyw,ipynb}", "**/*.{yaml,yml}", "**/*baseline*.json")


def register(server: Server) -> None:
    session = server.session

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(parameters: types.DidChangeWatchedFilesParams) -> None:
        session.disk_changed([change.uri for change in parameters.changes])

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders(parameters: types.DidChangeWorkspaceFoldersParams) -> None:
        event = parameters.event
        session.move([each.uri for each in event.added], [each.uri for each in event.removed])
        session.checker.changed()
        await ask_settings(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configuration(parameters: types.DidChangeConfigurationParams) -> None:
        settings: Any = parameters.settings
        if isinstance(settings, dict) and SECTION in settings:
            session.configurations.clear()
            session.configure(settings[SECTION])
            session.checker.changed()
        else:
            await ask_settings(server)


async def watch(server: Server) -> None:
    """Ask the client to tell of files that matter."""
    watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = types.Registration("trainlint-files", method, options)
    try:
        await server.client_register_capability_async(types.RegistrationParams([registration]))
    except JsonRpcException as error:  # changes are then seen when something is saved
        logger.warning("the client watches no files: %s", error)


async def ask_settings(server: Server) -> None:
    """Ask the client for its settings, once in general and once for each folder."""
    session = server.session
    if not session.delivery.client.configures:
        return
    folders = list(session.folders)
    items = [types.ConfigurationItem(section=SECTION)]
    items += [types.ConfigurationItem(scope_uri=each.as_uri(), section=SECTION) for each in folders]
    try:
        answer = await server.workspace_configuration_async(types.ConfigurationParams(items))
    except JsonRpcException as error:
        logger.warning("the client tells no settings: %s", error)
        return
    told = dict(zip((None, *folders), answer or (), strict=False))
    if any(each is not None for each in told.values()):
        session.configurations.clear()
        for root, table in told.items():
            if table is not None:
                session.configure(table, root)
        session.checker.changed()
