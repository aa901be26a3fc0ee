"""Settings, and the layers that they are made of: defaults, a file, the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from trainlint.model import Confidence, Severity

OUTPUT_FORMATS = ("full", "concise", "json", "jsonl", "github", "gitlab", "junit", "rdjson", "sarif")


@frozen
class Layer:
    """What one source says; None where it says nothing. Paths in it are absolute."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    pedantic: bool | None = None
    severity: Mapping[str, Severity] = field(factory=dict)
    options: Mapping[str, Mapping[str, object]] = field(factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(factory=dict)
    exclude: tuple[str, ...] = ()
    fail_on: str | None = None
    min_confidence: Confidence | None = None
    baseline: str | None = None
    knowledge: tuple[str, ...] = ()
    output_format: str | None = None


@frozen
class Settings:
    """What holds for a file: every question has an answer."""

    root: Path
    """The folder that the patterns are relative to."""
    file: Path | None = None
    """The file they were read from, if any."""
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    pedantic: bool = False
    severity: Mapping[str, Severity] = field(factory=dict)
    options: Mapping[str, Mapping[str, object]] = field(factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(factory=dict)
    exclude: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.WARNING
    """The lowest severity that makes the run fail; None: it never does."""
    min_confidence: Confidence = Confidence.MEDIUM
    baseline: str | None = None
    knowledge: tuple[str, ...] = ()
    output_format: str = "full"

    def under(self, layer: Layer) -> Settings:
        """These settings with `layer` on top.

        Its `select` replaces what was selected *and* ignored below it; what it ignores, excludes and adds comes on top.
        """
        return evolve(
            self,
            select=self.select if layer.select is None else layer.select,
            ignore=(() if layer.select is not None else self.ignore) + (layer.ignore or ()),
            pedantic=self.pedantic if layer.pedantic is None else layer.pedantic,
            severity={**self.severity, **layer.severity},
            options={
                rule: {**self.options.get(rule, {}), **layer.options.get(rule, {})}
                for rule in (*self.options, *(set(layer.options) - set(self.options)))
            },
            per_file_ignores={**self.per_file_ignores, **layer.per_file_ignores},
            exclude=self.exclude + layer.exclude,
            fail_on=self.fail_on if layer.fail_on is None else _threshold(layer.fail_on),
            min_confidence=self.min_confidence if layer.min_confidence is None else layer.min_confidence,
            baseline=layer.baseline or self.baseline,
            knowledge=self.knowledge + layer.knowledge,
            output_format=layer.output_format or self.output_format,
        )


def _threshold(name: str) -> Severity | None:
    return None if name == "never" else Severity[name.upper()]
