def step(name, parts=(), **options):
    """A container that runs a step of the scorer, or one for each part of the input."""
    from airflow.providers.docker.operators.docker import DockerOperator
    from docker.types import Mount

    given = {
        "task_id": name,
        "image": as_is(SPEC["image"]),
        "environment": as_is(SPEC["env"]),
        "private_environment": secrets(),
        "mounts": [
            Mount(as_is(there), as_is(str(PROJECT / here)), type="bind", read_only=only_read)
            for here, there, only_read in SPEC["mounts"]
        ],
        "user": SPEC["user"],
        "mount_tmp_dir": False,
        "auto_remove": "force",
        **SPEC["limits"],
        **options,
    }
    if parts:
        return DockerOperator.partial(**given).expand(command=[[name, *WORDS, f"--part={part}"] for part in parts])
    return DockerOperator(command=[name, *WORDS], **given)


