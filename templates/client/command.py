

def plain(value: Any) -> Any:
    """The value with lists in place of numpy's arrays and of tuples."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    value = value.tolist() if hasattr(value, "tolist") else value
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def address(url: str) -> SplitResult:
    """The parts of an address."""
    try:
        parts = urlsplit(url)
        sent = (parts.hostname or "").encode("idna").decode() + parts.path
        plain = sent.isascii() and sent.isprintable() and " " not in sent and not (parts.query or parts.fragment)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        good = whole and plain and "@" not in url
    except ValueError:
        good = False
    if not good:
        named = "what holds a user or a password" if "@" in url else repr(url)  # which a log would keep
        raise BadInput(f"{named} is no address such as {SPEC['url']}")
    return parts


def patience(seconds: float) -> float:
    """The seconds, or a year: no clock of a connection goes on for ever."""
    return min(seconds, 365 * 86400.0)


def bearer(token: str | Path) -> str:
    """The token. A file is read anew each time, since TorchServe makes new keys when it starts; its own will do."""
    try:
        text = token.read_text(encoding="utf-8").strip() if isinstance(token, Path) else token
        found = str(json.loads(text)["inference"]["key"]) if text.startswith("{") else text
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"no token in {token}: {error}") from None
    if not (found.isascii() and found.isprintable()):
        raise BadInput("the token has characters that no header can carry")
    return found


def read(text: str) -> Any:
    """The inputs of the command line."""
    try:
        return json.loads(sys.stdin.read() if text == "-" else text)
    except ValueError as error:
        raise BadInput(f"the inputs are no JSON: {error}") from None


def line(text: str) -> str:
    """A text on one line, safe to print."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the answer, and say by the exit code what came of it."""
    parser = argparse.ArgumentParser(description="Asks the served model once, and prints its answer as JSON.")
    parser.add_argument("inputs", nargs="?", help="as JSON; `-` reads standard input (default: the first example)")
    parser.add_argument("--url", default=SPEC["url"], help="where the server is (default: %(default)s)")
    parser.add_argument(
        "--timeout", type=float, default=SPEC["timeout"], metavar="SECONDS", help="to wait (default: %(default)s)"
    )
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="holds the token, or is TorchServe's key file")
    given = parser.parse_args(arguments)
    if not given.timeout > 0:
        parser.error("--timeout is more than 0")
    try:
        with Client(given.url, timeout=given.timeout, token=given.token_file) as client:
            answer = client.example() if given.inputs is None else client.predict(read(given.inputs))
    except ClientError as error:
        print(f"{type(error).__name__}: {line(str(error))}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(answer, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
