from airflow.providers.docker.operators.docker import DockerOperator  # noqa: E402


class Container(DockerOperator):
    """A container that hears of secrets when it is started, and of which what would fail again is not tried again."""

    def execute(self, context):
        self.environment = {**self.environment, **secrets()}
        try:
            return super().execute(context)
        except AirflowSkipException:  # all that the operator makes of an exit code
            raise AirflowFailException(f"{self.task_id} failed, and would again: its log says why") from None


def step(name, parts=(), **options):
    """A container that runs a step of the scorer, or one for each part of the input."""
    from docker.types import Mount

    given = {
        "task_id": name,
        "image": as_is(SPEC["image"]),
        "environment": as_is(SPEC["env"]),
        "mounts": [
            Mount(as_is(there), as_is(str(PROJECT / here)), type="bind", read_only=only_read)
            for here, there, only_read in SPEC["mounts"]
        ],
        "user": SPEC["user"],
        "mount_tmp_dir": False,
        "auto_remove": "force",
        "skip_on_exit_code": SPEC["final"],
        **SPEC["limits"],
        **options,
    }
    if parts:
        return Container.partial(**given).expand(command=[[name, *WORDS, f"--part={part}"] for part in parts])
    return Container(command=[name, *WORDS], **given)


