"""Configuration: where it is found, what it may say, and how its layers lie over each other."""

from trainlint.settings.errors import SettingsError
from trainlint.settings.files import SettingsFiles
from trainlint.settings.layers import OUTPUT_FORMATS, Layer, Settings
from trainlint.settings.nearest import nearest, suggestion
from trainlint.settings.reading import read_layer
from trainlint.settings.vocabulary import OPTION_TYPES, Option, Vocabulary

__all__ = [
    "OPTION_TYPES",
    "OUTPUT_FORMATS",
    "Layer",
    "Option",
    "Settings",
    "SettingsError",
    "SettingsFiles",
    "Vocabulary",
    "nearest",
    "read_layer",
    "suggestion",
]
