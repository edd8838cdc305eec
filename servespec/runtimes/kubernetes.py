"""What is known of Kubernetes itself."""

from __future__ import annotations

from servespec.runtimes.types import Fact

DETACH_SECONDS = Fact(
    5,
    "read: kubernetes.io, Pod Lifecycle, Termination of Pods: a pod gets its stop signal while others still learn that "
    "it is no longer to be asked; ours: how long they may take",
    "2026-11",
)
RATE_SECONDS = Fact(
    120, "ours: over how long requests are counted for autoscaling; Prometheus looks every 30 s by default", "2026-11"
)
AZURE_LABEL = Fact(
    "azure.workload.identity/use",
    "read: Azure Workload Identity, Labels and Annotations: pods need it besides the annotations of their account",
    "2026-11",
)
OLDEST = Fact("1.25", "read: the oldest version whose schemas every manifest is held against", "2026-11")
SLEEP_SINCE = Fact(
    "1.30", "read: kubernetes.io, Feature Gates: PodLifecycleSleepAction is on by default since then", "2026-11"
)
JOB_LABELS_SINCE = Fact(
    "1.27", "read: kubernetes.io, Well-Known Labels: batch.kubernetes.io/job-name and controller-uid", "2026-11"
)
LIMIT_PER_INDEX_SINCE = Fact(
    "1.29", "read: kubernetes.io, Feature Gates: JobBackoffLimitPerIndex is on by default since then", "2026-11"
)
BACKOFF_SECONDS = Fact(
    360, "read: kubernetes.io, Jobs: the longest pause before a failed pod of a Job is made anew", "2026-11"
)
START_SECONDS = Fact(
    3600,
    "read: kubernetes.io, CronJob: without a limit, what was missed while one rested starts when it is woken; ours: "
    "how late a Job may start",
    "2026-11",
)
KEPT_JOBS = Fact(3, "ours: of Jobs that have ended, so many that went well and so many that failed", "2026-11")
EVICTION_SINCE = Fact(
    "1.27", "read: kubernetes.io, Feature Gates: PDBUnhealthyPodEvictionPolicy is on by default since then", "2026-11"
)
MIN_DOMAINS_SINCE = Fact(
    "1.27", "read: kubernetes.io, Feature Gates: MinDomainsInPodTopologySpread is on by default since then", "2026-11"
)
NODE_TAINTS_SINCE = Fact(
    "1.26",
    "read: kubernetes.io, Feature Gates: NodeInclusionPolicyInPodTopologySpread is on by default since then; "
    "without it nodes whose taints a pod does not tolerate count as places without copies",
    "2026-11",
)
PROGRESS_SECONDS = Fact(
    600,
    "read: kubernetes.io, Deployments: how long one may make no progress before it has failed, by default",
    "2026-11",
)
BEFORE_START_SECONDS = Fact(
    480,
    "ours: how long a pod may wait for a node, its image and its model; with the 2 min of a start by default it is "
    "what Kubernetes gives",
    "2026-11",
)
IDENTITY_SERVERS = Fact(
    {
        "gs": (("169.254.169.254/32", (80, 8080)), ("169.254.169.252/32", (987, 988))),
        "s3": (("169.254.170.23/32", (80,)),),
    },
    "read: policies of others for GKE's metadata server, where they see it on Dataplane V2 and on Calico; AWS, EKS "
    "Pod Identity: where its agent listens. Roles by a token of the account's, and Azure's, are asked for over HTTPS",
    "2026-11",
)
"""Where in a cluster of a cloud a pod gets the tokens of its own identity, by the type of the connection: addresses and
TCP ports."""
