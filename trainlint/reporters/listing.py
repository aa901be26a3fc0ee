"""The catalogue as a list: for the terminal, for programs, and for the README."""

from __future__ import annotations

import json

from trainlint.rules.catalogue import Catalogue, RuleInfo


def as_text(catalogue: Catalogue) -> str:
    """A block per group, a line per rule."""
    width = max(len(name) for name in catalogue)
    blocks = []
    for group in dict.fromkeys(rule.group for rule in catalogue.values()):
        rules = [rule for rule in catalogue.values() if rule.group == group]
        lines = [f"  {rule.name:<{width}}  {_level(rule):<8}  {rule.summary}" for rule in rules]
        blocks.append("\n".join([group, *lines]) + "\n")
    return "\n".join(blocks)


def as_json(catalogue: Catalogue) -> str:
    """A list with everything that `rules.yaml` says."""
    return json.dumps([_entry(rule) for rule in catalogue.values()], indent=2) + "\n"


def as_markdown(catalogue: Catalogue) -> str:
    """A table whose links work from the root of the repository."""
    rows = [
        f"| [`{rule.name}`](trainlint/rules/{rule.page}) | {rule.summary} | {_level(rule)} |"
        for rule in catalogue.values()
    ]
    return "\n".join(["| rule | finds | level |", "|---|---|---|", *rows]) + "\n"


def _level(rule: RuleInfo) -> str:
    return rule.default_severity.label + (" p" if rule.pedantic else "")


def _entry(rule: RuleInfo) -> dict[str, object]:
    return {
        "name": rule.name,
        "group": rule.group,
        "summary": rule.summary,
        "severity": {case: severity.label for case, severity in rule.severity.items()},
        "pedantic": rule.pedantic,
        "tags": rule.tags,
        "since": rule.since,
        "before": rule.before,
        "options": {
            name: {
                "type": option.type,
                "default": option.default,
                "minimum": option.minimum,
                "maximum": option.maximum,
                "choices": option.choices,
                "help": option.help,
            }
            for name, option in rule.options.items()
        },
        "url": rule.url,
    }
