"""A line of the requirements file can't be honoured when the image is built.

Only the file itself is there then: other files, folders and editable installs that it refers to are not, and package
indexes are named in `image.indexes`, so that their credentials stay out of the image.

Bad:
```yaml
image: {requirements: requirements-options.txt}
```
Good:
```yaml
image: {requirements: requirements.txt, indexes: [{url: "https://pypi.example.com/simple"}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.requirements_file import Requirement, requirements
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "unusable-requirement"
SEVERITY = Severity.ERROR

_HARMLESS = ("--require-hashes", "--only-binary", "--no-binary", "--prefer-binary", "--pre")
_INDEXES = ("-i", "--index-url", "--extra-index-url", "--no-index", "--trusted-host")
_WHEELS = ("-f", "--find-links")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each line that is neither a package nor a harmless option."""
    for line in requirements(deployment, facts):
        if line.name is None and not line.text.startswith(_HARMLESS):
            yield _unusable(deployment.image.requirements or "", line)


def _unusable(path: str, line: Requirement) -> Diagnostic:
    option = line.text.replace("=", " ").split()[0] if line.text.startswith("-") else None
    return error(
        CODE,
        f"line {line.line} of {shown(path)} can't be used",
        Label(("image", "requirements"), f"that line has `{option}`" if option else "that line names no package"),
        help=_remedy(option),
    )


def _remedy(option: str | None) -> str:
    if option in _INDEXES:
        return "name the index in `image.indexes` instead"
    if option in _WHEELS:
        return "name a folder of wheels as `image.wheels` instead"
    return "write each package as `name==version`, and put wheels into the folder of `image.wheels`"
