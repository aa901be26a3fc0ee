"""One unit: a root file and the sources that it imports, interpreted and judged."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trainlint.engine.inferred import inferred
from trainlint.engine.results import Reported, Result, UnitOptions, Where
from trainlint.knowledge.library import KnowledgeError, Library, with_project_files
from trainlint.model import Confidence, Finding, Note
from trainlint.rules.base import Mistake, check_of
from trainlint.rules.catalogue import RuleInfo, catalogue
from trainlint.run import Run
from trainlint.semantics.evidence import is_hidden
from trainlint.semantics.imports import Program
from trainlint.semantics.machine import FUEL, Machine
from trainlint.semantics.primitives import PRIMITIVES
from trainlint.semantics.roots import interpret
from trainlint.semantics.values import Place
from trainlint.settings.nearest import suggestion
from trainlint.source.sources import Sources
from trainlint.syntax.tree import SUITES

__all__ = ["Reported", "Result", "UnitOptions", "analyse", "check", "knowledge_of"]


def knowledge_of(paths: tuple[str, ...]) -> Library:
    """What is known in a project with these files of its own. Raises `KnowledgeError` and `OSError`."""
    knowledge = with_project_files(paths)
    for op, where in knowledge.operations.items():
        if op not in PRIMITIVES:
            raise KnowledgeError(f"{where}: there is no operation `{op}`{suggestion(op, PRIMITIVES)}")
    return knowledge


def analyse(
    path: str,
    sources: Sources,
    knowledge: Library,
    fuel: int | None = None,
    *,
    assume: bool = True,
    watch: Callable[[], object] | None = None,
) -> Run:
    """Interpret the root file ``path`` and give the facts of its run."""
    machine = Machine(Program(path, sources, knowledge), knowledge, FUEL if fuel is None else fuel)
    machine.watch = watch
    interpret(machine, assume=assume)
    return Run(machine)


def check(path: str, sources: Sources, options: UnitOptions, watch: Callable[[], object] | None = None) -> Result:
    """Check the unit whose root is ``path``. What ``watch`` raises, which is called now and then, breaks it off."""
    knowledge = with_project_files(tuple(options.knowledge))
    run = analyse(path, sources, knowledge, options.fuel, assume=options.assume, watch=watch)
    wanted = [info for info in catalogue().values() if info.name in options.rules and info.group != "file"]
    failures: list[tuple[str, str]] = []
    findings = tuple(
        report for info in wanted for report in _contained(run, info, options.options.get(info.name, {}), failures)
    )
    silent = _outspoken(findings, {info.name: info for info in wanted})
    findings = tuple(Reported(each.finding, each.assumed) for each in findings if each not in silent)
    entered = frozenset(_where(place) for place in run.machine.really_entered if _is_asked_for(place))
    notes = (f"{path}: too large to follow to its end",) if run.machine.exhausted else ()
    return Result(findings, entered, notes, inferred(run) if options.infer else (), tuple(failures))


def _contained(run: Run, info: RuleInfo, given: Mapping[str, Any], failures: list[tuple[str, str]]) -> list[Reported]:
    """What a rule finds; an error in it goes to ``failures`` and costs only its own findings."""
    try:
        return list(_findings(run, info, given))
    except Exception as error:
        failures.append((f"{info.name}: {type(error).__name__}: {error}", traceback.format_exc()))
        return []


def _findings(run: Run, info: RuleInfo, given: Mapping[str, Any]) -> Iterator[Reported]:
    chosen = {**{name: option.default for name, option in info.options.items()}, **given}
    mistakes = list(check_of(info.group, info.name)(run, **chosen))
    for mistake in mistakes:
        finding = _finding(run, info, mistake, mistakes)
        if finding is not None:
            assumed = mistake.about.assumed
            yield Reported(finding, None if assumed is None else _where(assumed), mistake.about.place)


def _is_asked_for(place: Place) -> bool:
    """Whether a function is one that other units may run with assumed arguments: it is within no other function."""
    return not is_hidden(place) and not place.at >> SUITES


def _where(place: Place) -> Where:
    return place.path, place.segment, place.at


def _finding(run: Run, info: RuleInfo, mistake: Mistake, mistakes: list[Mistake]) -> Finding | None:
    span = run.span(mistake.at or mistake.about.place)
    if span is None:
        return None
    about = mistake.about
    case, message = mistake.case, mistake.message
    flags = [condition for condition in (*about.conditions, *about.chosen) if condition.off_default]
    if flags:
        case = "behind-flag"
        named = next((condition.label for condition in flags if condition.label), "")
        message += f" (not by default: only when {named} is given)" if named else " (not by default)"
    notes = []
    for index, step in enumerate(mistake.evidence):
        place = run.span(step.place)
        if place is not None and place != span:
            notes.append(Note(place, step.says or (mistake.maker_says if index == 0 else "handed on here")))
    return Finding(
        rule=info.name,
        severity=info.severity[case],
        confidence=_confidence(run, mistake, mistakes),
        message=message,
        span=span,
        related=tuple(notes),
        fixes=() if flags or about.chosen else mistake.fixes,  # the way that ships may want it as it is
    )


def _confidence(run: Run, mistake: Mistake, mistakes: list[Mistake]) -> Confidence:
    """High for what must be on the way that ships; alternatives that were not decided must all be bad."""
    about = mistake.about
    if about.exceptional:
        return Confidence.LOW
    if any(condition.shipped is None for condition in about.chosen):
        guilty = {id(each.about) for each in mistakes}
        if any(id(each) not in guilty for each in run.siblings(about)):
            return Confidence.LOW
        return Confidence.MEDIUM
    return Confidence.MEDIUM if about.assumed is not None else Confidence.HIGH


def _outspoken(reports: tuple[Reported, ...], infos: Mapping[str, RuleInfo]) -> list[Reported]:
    """The findings about something of which a more specific rule speaks."""
    quiet = []
    for report in reports:
        for other in reports:
            same = other.finding.span == report.finding.span or other.about == report.about
            if same and report.finding.rule in infos[other.finding.rule].before:
                quiet.append(report)
                break
    return quiet
