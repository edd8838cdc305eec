def run(step, words):
    """The exit code of a step, in a process of its own, whose lines go to the log of the task."""
    import subprocess
    import sys

    argv = [SPEC["python"] or sys.executable, str(HERE / SPEC["scorer"]), step, f"--model={SPEC['model']}", *words]
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    with subprocess.Popen(argv, cwd=PROJECT, env={**os.environ, **SPEC["env"], **secrets()}, **told) as process:
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
        except BaseException:  # Airflow ends the task
            process.terminate()
            raise
    return process.returncode


def require(step, words):
    """Runs a step. What would fail again is not tried again."""
    code = run(step, words)
    if code in SPEC["final"]:
        raise AirflowFailException(f"{step} ended with {code}: it would again")
    if code != 0:
        raise RuntimeError(f"{step} ended with {code}")


class Input(BaseSensorOperator):
    """Validates the input; while there is none, it looks again later, and takes no worker meanwhile."""

    template_fields = ("words",)

    def __init__(self, *, words, **options):
        super().__init__(mode="reschedule", poke_interval=SPEC["poke"], timeout=SPEC["wait"], **options)
        self.words = words

    def poke(self, context):
        code = run("validate", [*self.words, "--wait=0"])
        if code != SPEC["no_input"] and code in SPEC["final"]:
            raise AirflowFailException(f"the input does not fit: exit {code}")
        if code not in (0, SPEC["no_input"]):
            raise RuntimeError(f"validate ended with {code}")
        return code == 0


def step(name, parts=(), **options):
    """A task that runs a step of the scorer, or one for each part of the input."""
    if name == "validate":
        return Input(task_id=name, words=WORDS, **options)

    @task(task_id=name, **options)
    def call(words):
        require(name, words)

    return call.expand(words=[[*WORDS, f"--part={part}"] for part in parts]) if parts else call(WORDS)


