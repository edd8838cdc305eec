from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator  # noqa: E402


class Job(SparkSubmitOperator):
    """A job whose driver hears of secrets when it is submitted."""

    def execute(self, context):
        self.env_vars = {**self.env_vars, **secrets()}
        return super().execute(context)


def step(name, **options):
    """The job that does all steps on Spark, where each part of the input has a task of its own."""
    model = SPEC["model"] if ":/" in SPEC["model"] else str(PROJECT / SPEC["model"])
    return Job(
        task_id=name,
        conn_id=SPEC["connection"],
        name=as_is(SPEC["dag_id"]),
        application=as_is(str(HERE / SPEC["job"])),
        py_files=as_is(str(HERE / SPEC["archive"])),
        files=as_is(model) if SPEC["sent"] else None,
        application_args=[as_is(f"--model={model}"), as_is(f"--data={PROJECT}"), *WORDS],
        env_vars=as_is(SPEC["env"]),
        conf=as_is({f"spark.executorEnv.{name}": value for name, value in SPEC["env"].items()}),
        **options,
    )


