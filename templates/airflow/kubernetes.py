from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator  # noqa: E402


class Pod(KubernetesPodOperator):
    """A pod of which what would fail again is not tried again."""

    def execute(self, context):
        return self.told(super().execute, context)

    def trigger_reentry(self, context, event):
        return self.told(super().trigger_reentry, context, event)

    def told(self, call, *given):
        try:
            return call(*given)
        except AirflowSkipException:  # all that the operator makes of an exit code
            raise AirflowFailException(f"{self.task_id} failed, and would again: its log says why") from None


def step(name, parts=(), **options):
    """A pod that runs a step of the scorer, or one for each part of the input."""
    given = {
        "task_id": name,
        "kubernetes_conn_id": SPEC["connection"],
        "pod_template_dict": as_is(SPEC["pod"]),
        # What the operator adds of its own, it adds to the container of this name.
        "base_container_name": SPEC["pod"]["spec"]["containers"][0]["name"],
        # A cluster may have to make room first: that counts as time of the task, and has no limit of its own.
        "startup_timeout_seconds": SPEC["timeout"],
        "deferrable": SPEC["deferrable"],
        "skip_on_exit_code": SPEC["final"],
        **options,
    }
    if parts:
        pods = Pod.partial(**given)
        return pods.expand(arguments=[[name, *WORDS, f"--part={part}"] for part in parts])
    return Pod(arguments=[name, *WORDS], **given)


