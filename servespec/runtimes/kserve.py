"""What is known of KServe 0.20.0, and of Knative Serving, on which one of its two modes stands."""

from __future__ import annotations

from servespec.runtimes.types import Fact

_READ = "read: kserve/kserve v0.20.0"
_KNATIVE = "read: knative/serving v0.49, pkg/apis"

OLDEST = Fact(
    "0.16",
    f"{_READ}, and v0.15.2, constants.go: the modes and `none` of the autoscalers are called so since then; ran: what "
    "is emitted against the resource definitions of v0.16.0 to v0.20.0",
    "2026-11",
)
CANARY_SINCE = Fact(
    "0.21",
    f"{_READ}: `canary` is a field there, and its pods are made, but each route leads to the stable predictor; "
    "read: aaac4e294, reconcilers/ingress/httproute_reconciler.go: routes of the Gateway API have the shares since "
    "#5912 and #5984, of 2026-08-10, an Ingress has not; kserve 0.21.0, of 2026-09-25, needs pyasn1 0.6.4 as main does "
    "since 2026-08-14: it came of main after both",
    "2026-11",
)
"""The first KServe that sends requests to canaries, where it makes routes of the Gateway API."""
SERVICE_API = Fact("serving.kserve.io/v1beta1", f"{_READ}, config/crd/full: InferenceService has no other", "2026-11")
RUNTIME_API = Fact("serving.kserve.io/v1alpha1", f"{_READ}, config/crd/full: ServingRuntime has no other", "2026-11")
CONTAINER = Fact("kserve-container", f"{_READ}, constants.go: the container that is the model's", "2026-11")
NAME = Fact("[a-z]([-a-z0-9]*[a-z0-9])?", f"{_READ}, inference_service_validation.go", "2026-11")
SERVICE_SUFFIX = Fact("-predictor", f"{_READ}, constants.go: the Service is called so", "2026-11")
MODE = Fact("serving.kserve.io/deploymentMode", f"{_READ}, constants.go; it can't be changed later", "2026-11")
AUTOSCALER = Fact("serving.kserve.io/autoscalerClass", f"{_READ}, constants.go: hpa, keda, external or none", "2026-11")
KNATIVE_CLASS = Fact("autoscaling.knative.dev/class", f"{_KNATIVE}/autoscaling/register.go", "2026-11")
KNATIVE_HPA = Fact(
    "hpa.autoscaling.knative.dev", f"{_KNATIVE}/autoscaling/register.go: hpa in place of its own", "2026-11"
)
KNATIVE_DEADLINE = Fact(
    "serving.knative.dev/progress-deadline",
    f"{_KNATIVE}/serving/register.go: how long the Deployment of a revision may take, 600 s by default; KServe hands "
    "annotations of the service on",
    "2026-11",
)
KNATIVE_METRIC = Fact("autoscaling.knative.dev/metric", f"{_KNATIVE}/autoscaling/register.go", "2026-11")
KNATIVE_TARGET = Fact(
    "autoscaling.knative.dev/target",
    f"{_KNATIVE}/autoscaling/register.go; of memory it is a number of MiB for each pod (hpa/resources/hpa.go), and of "
    "more than 100 KServe's webhook lets nobody speak by `scaleTarget`",
    "2026-11",
)
MOST_PERCENT = Fact(100, f"{_READ}, inference_service_validation.go: of CPU or memory", "2026-11")
BLOCKED_ENV = Fact(("PYTHONPATH",), f"{_READ}, pkg/validation/env_policy.go", "2026-11")
PROTOCOLS = Fact(
    {"mlserver": "v2", "onnxruntime": "v2", "triton": "v2", "tf-serving": "v1"},
    f"{_READ}, config/runtimes: v1 is TensorFlow Serving's, v2 the Open Inference Protocol",
    "2026-11",
)
"""The protocol of KServe that a server speaks. The others it passes on as they are."""
RESERVED_ENV = Fact(
    ("PORT", "K_SERVICE", "K_CONFIGURATION", "K_REVISION"), f"{_KNATIVE}/serving/k8s_validation.go", "2026-11"
)
"""Variables that Knative sets itself, and refuses from others."""
RESERVED_PORTS = Fact(
    (8008, 8012, 8013, 8022, 9090, 9091),
    f"{_KNATIVE}/serving/k8s_validation.go, pkg/networking/constants.go, knative/pkg profiling",
    "2026-11",
)
"""Ports of Knative's own proxy in the pod."""
CANARIES_TAKEN_OFF = Fact(
    True,
    f"{_READ}, components/predictor.go: the stable predictor runs `minReplicas` less those of all canaries, at least 1",
    "2026-11",
)
MOST_SECONDS = Fact(600, f"{_KNATIVE}/config/defaults.go: max-revision-timeout-seconds, by default", "2026-11")
"""The longest that Knative lets a request take."""
KNATIVE_OLDEST = Fact(
    "1.15", "read: knative/serving v1.14.0 and v1.15.0, fieldmask.go: a startup probe is taken since then", "2026-11"
)
FEATURES = Fact(
    (
        "autodetect-http2",
        "kubernetes.containerspec-addcapabilities",
        "kubernetes.podspec-affinity",
        "kubernetes.podspec-dnsconfig",
        "kubernetes.podspec-dnspolicy",
        "kubernetes.podspec-fieldref",
        "kubernetes.podspec-hostaliases",
        "kubernetes.podspec-hostipc",
        "kubernetes.podspec-hostnetwork",
        "kubernetes.podspec-hostpid",
        "kubernetes.podspec-init-containers",
        "kubernetes.podspec-nodeselector",
        "kubernetes.podspec-persistent-volume-claim",
        "kubernetes.podspec-persistent-volume-write",
        "kubernetes.podspec-priorityclassname",
        "kubernetes.podspec-runtimeclassname",
        "kubernetes.podspec-schedulername",
        "kubernetes.podspec-securitycontext",
        "kubernetes.podspec-shareprocessnamespace",
        "kubernetes.podspec-tolerations",
        "kubernetes.podspec-topologyspreadconstraints",
        "kubernetes.podspec-volumes-csi",
        "kubernetes.podspec-volumes-emptydir",
        "kubernetes.podspec-volumes-ephemeral",
        "kubernetes.podspec-volumes-hostpath",
        "kubernetes.podspec-volumes-image",
        "kubernetes.podspec-volumes-mount-propagation",
        "multi-container",
        "multi-container-probing",
        "queueproxy.mount-podinfo",
        "queueproxy.resource-defaults",
        "secure-pod-defaults",
        "tag-header-based-routing",
    ),
    "read: knative/serving v1.23.0, pkg/apis/config/features.go",
    "2026-11",
)
"""What can be turned on in Knative's `config-features`."""
GATED = Fact(
    {
        "nodeSelector": "kubernetes.podspec-nodeselector",
        "priorityClassName": "kubernetes.podspec-priorityclassname",
        "runtimeClassName": "kubernetes.podspec-runtimeclassname",
        "tolerations": "kubernetes.podspec-tolerations",
        "topologySpreadConstraints": "kubernetes.podspec-topologyspreadconstraints",
    },
    "read: knative/serving v1.22.0, pkg/apis/serving/fieldmask.go",
    "2026-11",
)
"""Fields of a pod that Knative takes only where a feature is turned on, with that."""
INIT_CONTAINERS = Fact(
    "kubernetes.podspec-init-containers",
    "read: knative/serving v1.22.0, pkg/apis/serving/fieldmask.go: without it they are refused",
    "2026-11",
)
"""The feature that lets init containers into a service of Knative."""
STORAGE_SECRET = Fact(
    "serving.kserve.io/storageSecretName",
    f"{_READ}, pkg/credentials: the secret that an annotation of the service names beats those of the account",
    "2026-11",
)
SECRET_KEYS = Fact(
    {
        "accessKeyId": "AWS_ACCESS_KEY_ID",
        "secretAccessKey": "AWS_SECRET_ACCESS_KEY",
        "sessionToken": "AWS_SESSION_TOKEN",
        "serviceAccount": "gcloud-application-credentials.json",
        "accountKey": "AZURE_STORAGE_ACCESS_KEY",
        "tenantId": "AZURE_TENANT_ID",
        "clientId": "AZURE_CLIENT_ID",
        "clientSecret": "AZURE_CLIENT_SECRET",
    },
    f"{_READ}, pkg/credentials, and the names in inferenceservice-config; it reads no session token; "
    "ran: kserve-storage 0.20.0 against moto, fake-gcs-server and Azurite",
    "2026-11",
)
"""The keys by which KServe knows what a secret is for, by what they hold."""
S3_NOTES = Fact(
    {
        "endpoint": "serving.kserve.io/s3-endpoint",
        "https": "serving.kserve.io/s3-usehttps",
        "region": "serving.kserve.io/s3-region",
    },
    f"{_READ}, pkg/credentials/s3: annotations of the secret, or of an account with a role of AWS",
    "2026-11",
)
NOBODY = Fact(
    {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "awsAnonymousCredential": "True"},
    f"{_READ}, pkg/credentials/s3: only of a secret with these keys it learns that nobody asks",
    "2026-11",
)
