"""Sentences about what was done: the summary of a build, what `--check` found, what was lost."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from servespec.cli.attributes import ATTRIBUTES
from servespec.cli.tree import Made
from servespec.cli.work import Work
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.visible import escaped
from servespec.pipeline import Sound, targets_of
from servespec.spans import dotted
from servespec.targets.capabilities import Loss
from servespec.targets.registry import TARGETS
from servespec.writer import MANIFEST, Applied, Cause, PlannedFile, State, WritePlan

_STEPS = {
    "here": "",
    "asks": "while the service runs here",
    "ships": "for a cluster",
    "applies": "for a cluster",
}
_CAUSES = {
    Cause.NEW: "new",
    Cause.SPEC_CHANGED: "spec changed",
    Cause.INPUTS_CHANGED: "code or requirements changed",
    Cause.GENERATOR_CHANGED: "generator changed",
    Cause.EDITED_BY_HAND: "edited by hand",
    Cause.MODE_CHANGED: "mode changed",
    Cause.MISSING: "missing",
    Cause.ORPHAN: "no longer made",
    Cause.NOT_OURS: "not written by servespec",
}

REMEDY = "run `servespec build` to update it"
REMEDY_EDITED = (
    "`servespec build` overwrites none of what a person wrote: move the change into `overrides` or a field of the "
    "spec, or give it up with `servespec build --force`"
)
REMEDY_LEFT = f"delete it, or keep it as your own by deleting the `{MANIFEST}` in it"


def unknown_target(name: str) -> str:
    """What to say of a `-t` that is no target."""
    from servespec.spec import foreign  # start-up: only for a mistake

    near = foreign.value(name, TARGETS) or closest(name, tuple(TARGETS))
    hint = f"did you mean `{near}`?" if near else f"the targets are {one_of(tuple(TARGETS), 'and')}"
    return f"there is no target `{escaped(name)}`: {hint}"


def not_built(spec: str, targets: Sequence[str]) -> str:
    """What to say of a spec that compiles to none of the targets that were asked for, or to none at all."""
    what = one_of(targets) if targets else "anything"
    return f"{escaped(spec)}: nothing to do, for it does not build {what}; `targets` says what it builds"


def outside(targets: Sequence[str]) -> str:
    """What to say of targets whose files would not work where the output goes."""
    return (
        f"not built: {one_of(targets, 'and')}, since the output folder is outside the project folder, "
        "and a build context can't reach it; leave -o out, or choose a folder beside the spec"
    )


def losses(lost: Sequence[Loss], *, strict: bool = False) -> str:
    """A short table of what does not reach a target as written, a line for each reason; empty when all does."""
    if not lost:
        return ""
    head = "not everything reaches every target" + (", and --strict was asked for:" if strict else ":")
    fields: dict[str, list[str]] = {}
    for item in lost:
        fields.setdefault(f"in {item.target}  {item.degree}: {item.reason}", []).append(dotted(item.route))
    rows = [f"  {', '.join(names)}  {said}" for said, names in fields.items()]
    return "\n".join([head, *rows]) + "\n"


def checked(plan: WritePlan) -> str:
    """Which files are not what would be written, and why."""
    folder = os.path.relpath(plan.out / plan.tree.name)
    if plan.up_to_date:
        return f"{folder} is up to date\n"
    rows = [f"  {file.path}: {why}" for file, why in stale(plan)]
    return "\n".join([f"{folder} is out of date:", *rows, REMEDY_EDITED if plan.conflicts else REMEDY]) + "\n"


def left_behind(folder: str) -> str:
    """What to say of the output folder of a spec that is no more, or has another name."""
    return f"left behind: {escaped(folder)}, which no spec makes any more; {REMEDY_LEFT}\n"


def stale(plan: WritePlan) -> list[tuple[PlannedFile, str]]:
    """The files that are not what would be written, each with the reason."""
    others = [file for file in plan.files if file.state is not State.UNCHANGED and file.path != MANIFEST]
    # The manifest follows the other files: it is named when nothing else is out of date.
    return [(file, _CAUSES[file.cause]) for file in others or plan.files if file.cause]


def annotated(spec: str, told: str) -> str:
    """What `checked` tells of a spec, as an annotation of GitHub Actions at the spec."""
    from servespec.diagnostics.github import annotation
    from servespec.diagnostics.types import Severity

    return annotation(Severity.ERROR, {"file": spec, "title": "out-of-date"}, told.splitlines()) + "\n"


def some(paths: Sequence[str]) -> str:
    """The first of some paths, and how many there are besides."""
    return escaped(paths[0]) + (f" and {len(paths) - 1} more" if len(paths) > 1 else "")


def untold(made: Made) -> tuple[str, ...]:
    """The files of the images that can change behind their tags, where images are built."""
    images = (image for analysis, images in made.images if _builds(analysis) for image in images.values())
    return tuple(dict.fromkeys(path for image in images for path in image.untold))


def _builds(analysis: Sound) -> bool:
    return "docker" in (target.name for target in targets_of(analysis.deployment))


def summary(work: Work, made: Made, plan: WritePlan, applied: Applied) -> str:
    """What was written, what it means, and what to type next."""
    folder = os.path.relpath(plan.out / plan.tree.name)
    changed = list(_files(applied.files))
    lines = [f"{work.name}: nothing changed in {folder}"]
    if changed:
        lines = [f"{work.name}: {_count(changed)} in {folder}", *_rows(work, plan, changed)]
    if suppressed := max(len(analysis.suppressed) for analysis in work.analyses.each):
        lines.append(f"{suppressed} suppressed by the spec")
    text = "\n".join([*lines, *_adjusted(work)]) + "\n" + losses(work.analyses.losses) + rescued(applied)
    if changed and (loose := untold(made)):
        text += (
            f"the image would keep its tag if {some(loose)} changed: `servespec lock` puts the digest into the tag\n"
        )
    if changed:
        text += "".join(f"{line}\n" for line in _next(made.commands, os.path.relpath(work.source.project)))
    return text


def _next(commands: Mapping[str, Sequence[str]], where: str) -> Iterable[str]:
    """The command lines to type next: what is one or the other, and what comes after what."""
    start, place = "next", "" if where == os.curdir else f", in {where}"
    for kind, lines in commands.items():
        if lines:
            words = _STEPS[kind] if kind != "applies" or not commands["ships"] else "then"
            order = "" if len(lines) == 1 else ", one after the other" if kind == "ships" else ", one of"
            yield ", ".join(filter(None, (start, words))) + f"{order}{place}:"
            yield from (f"  {line}" for line in lines)
            start = place = ""


def rescued(applied: Applied) -> str:
    """What a person saved while the build ran, which stands there now."""
    return "".join(f"kept what was saved meanwhile: {escaped(path)}\n" for path in applied.rescued)


def _adjusted(work: Work) -> Iterable[str]:
    deployments = [analysis.deployment for analysis in work.analyses.sound]
    overrides = dict.fromkeys((item.target, item.file, item.reason) for each in deployments for item in each.overrides)
    for target, file, reason in overrides:
        yield f"overridden: {target}/{file}, {escaped(reason)}"


def _files(files: Iterable[PlannedFile]) -> Iterable[PlannedFile]:
    """Those that a person reads: neither our record of them nor what they tell git."""
    return (file for file in files if file.path not in (MANIFEST, ATTRIBUTES))


def _count(changed: Sequence[PlannedFile]) -> str:
    words = {State.CREATE: "created", State.UPDATE: "updated", State.ORPHAN: "removed"}
    counts = {word: sum(file.state is state for file in changed) for state, word in words.items()}
    said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return said or f"{len(changed)} overwritten"


def _rows(work: Work, plan: WritePlan, changed: Sequence[PlannedFile]) -> Iterable[str]:
    """The tree of all files, by environment and target, with what became of each that changed."""
    marks = {file.path: file.cause for file in changed if file.cause}
    folder = ""
    for file in _files(plan.files):
        head, target, below = _parted(file.path, work.analyses.environments)
        if head != folder:
            folder = head
            yield f"  {head}/" + (f"  {TARGETS[target].summary}" if target in TARGETS else "")
        cause = marks.get(file.path)
        yield f"    {below}" + (f"  ({_CAUSES[cause]})" if cause and cause is not Cause.NEW else "")


def _parted(path: str, environments: Sequence[str]) -> tuple[str, str, str]:
    """A path's target folder below that of the spec, the target's name, and the path below it."""
    first, _, rest = path.partition("/")
    if first not in environments:
        return first, first, rest
    target, _, below = rest.partition("/")
    return f"{first}/{target}", target, below
