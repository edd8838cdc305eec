def step(name, parts=(), **options):
    """A pod that runs a step of the scorer, or one for each part of the input."""
    from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

    given = {
        "task_id": name,
        "kubernetes_conn_id": SPEC["connection"],
        "pod_template_dict": as_is(SPEC["pod"]),
        # What the operator adds of its own, it adds to the container of this name.
        "base_container_name": SPEC["pod"]["spec"]["containers"][0]["name"],
        # A cluster may have to make room first: that counts as time of the task, and has no limit of its own.
        "startup_timeout_seconds": SPEC["timeout"],
        "deferrable": SPEC["deferrable"],
        **options,
    }
    if parts:
        pods = KubernetesPodOperator.partial(**given)
        return pods.expand(arguments=[[name, *WORDS, f"--part={part}"] for part in parts])
    return KubernetesPodOperator(arguments=[name, *WORDS], **given)


