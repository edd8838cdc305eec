"""What `emit.properties` writes, read back by java.util.Properties and by `javaproperties`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import javaproperties
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servespec.emit import properties
from servespec.emit.quoted import Unwritable, traced

FRAGMENTS = [
    "=",
    ":",
    "#",
    "!",
    " ",
    "\\",
    "\n",
    "\r",
    "\t",
    "\f",
    "\\u0041",
    "é",
    "\x85",
    "\u2028",
    "\U0001f600",
    "\0",
    "\x1a",
    "$x$",
]
TEXT = st.lists(st.sampled_from(FRAGMENTS) | st.text(st.characters(exclude_categories=("Cs",)), max_size=3), max_size=5)
VALUES = TEXT.map("".join).filter(lambda text: "$$" not in text)
ENTRIES = st.dictionaries(TEXT.map("".join).filter(bool), VALUES, max_size=30)

READER = """
import java.io.*; import java.nio.charset.StandardCharsets; import java.util.*;
public class Reader {
  public static void main(String[] paths) throws IOException {
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    Properties found = new Properties();
    found.load(new FileInputStream(paths[0]));
    for (String key : found.stringPropertyNames())
      out.print(escape(key) + "=" + escape(found.getProperty(key)) + "\\n");
    out.flush();
  }
  static String escape(String text) {
    StringBuilder hex = new StringBuilder();
    for (char unit : text.toCharArray()) hex.append(String.format("%04x", (int) unit));
    return hex.toString();
  }
}
"""


@pytest.fixture(scope="session")
def java(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (shutil.which("java") and shutil.which("javac")):
        pytest.skip("no JDK here")
    folder = tmp_path_factory.mktemp("java")
    (folder / "Reader.java").write_text(READER)
    subprocess.run(["javac", "-d", str(folder), str(folder / "Reader.java")], check=True)
    return folder


@given(ENTRIES)
def test_a_reader_gets_the_entries_back(entries: dict[str, str]) -> None:
    """`javaproperties` reads the keys and values that were given, and the text is ASCII."""
    text = properties.dump(list(entries.items()), header="ours").text
    assert text.isascii()
    assert javaproperties.loads(text) == entries


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(entries=st.dictionaries(TEXT.map("".join).filter(bool), VALUES, min_size=60, max_size=120))
def test_java_gets_the_entries_back(java: Path, entries: dict[str, str]) -> None:
    """java.util.Properties itself reads the keys and values that were given."""
    path = java / "written.properties"
    path.write_text(properties.dump(list(entries.items())).text)
    done = subprocess.run(["java", "-cp", str(java), "Reader", str(path)], check=True, capture_output=True, text=True)
    pairs = (line.split("=") for line in done.stdout.splitlines())
    assert {_unhex(key): _unhex(value) for key, value in pairs} == entries


def _unhex(text: str) -> str:
    return bytes.fromhex(text).decode("utf-16-be")


def test_values_are_written_in_one_form() -> None:
    """Truth values and numbers have Java's spelling; `:` and `=` of a value need no backslash."""
    entries = [
        ("a", traced(True, "o")),
        ("b c", 0.5),
        ("address", "http://0.0.0.0:8080"),
        ("d", " x"),
        ("e", "\t\r\n\f\x1a"),
    ]
    content = properties.dump(entries, inherited=("all",))
    assert content.text == "a=true\nb\\ c=0.5\naddress=http://0.0.0.0:8080\nd=\\ x\ne=\\t\\r\\n\\f\\u001a\n"
    assert content.origins == (("o",), ("all",), ("all",), ("all",), ("all",))


@pytest.mark.parametrize(
    "entries", [[("a", "$$HOME$$")], [("a", ["x"])], [("a", None)], [("", "x")], [("a", 1), ("a", 2)]]
)
def test_what_properties_cannot_carry_is_refused(entries: list[tuple[str, object]]) -> None:
    """What TorchServe would expand, what is no text, and a key that is missing or there twice."""
    with pytest.raises(Unwritable):
        properties.dump(entries)  # type: ignore[arg-type]
