defaults = {
    **SPEC["default_args"],
    "retry_delay": dt.timedelta(seconds=SPEC["retry_delay"]),
    "max_retry_delay": dt.timedelta(seconds=SPEC["max_retry_delay"]),
    "execution_timeout": dt.timedelta(seconds=SPEC["timeout"]),
    **({"on_failure_callback": notify} if SPEC["notify"] else {}),
}
with DAG(
    dag_id=SPEC["dag_id"],
    description=SPEC["description"],
    schedule=TIMETABLE,
    start_date=dt.datetime.fromisoformat(SPEC["start"]),
    catchup=SPEC["catchup"],
    max_active_runs=SPEC["max_active_runs"],
    tags=SPEC["tags"],
    default_args=defaults,
    user_defined_macros={"interval": interval},
) as dag:
    published = {"outlets": [Asset(SPEC["asset"])]}
    waiting = {"execution_timeout": dt.timedelta(seconds=SPEC["timeout"] + SPEC["wait"])}
{% if whole %}
    step("run", **waiting, **published)
{% else %}

    @task(task_id="name")
    def name():
        """Another name each time that the whole run is started."""
        return uuid.uuid4().hex

    name() >> step("validate", **waiting) >> step("score", SPEC["parts"]) >> step("gate") >> step("publish", **published)
{% endif %}
