"""Telling secrets from what only looks a little like one."""

from __future__ import annotations

import pytest

from servespec.diagnostics.secret_patterns import called_secrets_in, looks_secret, names_secret

_RANDOM = "qL8Zt2Vw9Xr4Jk7Bn3Md6Fp1Hs5Gc0Ya"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "opensesame"),
        ("dbPassword", "opensesame"),
        ("keystore_pass", "changeit"),
        ("AWS_SECRET_ACCESS_KEY", "opensesame"),
        ("apiKey", "opensesame"),
        ("APIKEY", "opensesame"),
        ("x", "AKIAIOSFODNN7EXAMPLE"),
        ("x", "ghp_" + "a" * 36),
        ("x", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln"),
        ("x", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"),
        ("x", "postgresql://user:opensesame@db/fraud"),
        ("x", "redis://:opensesame@cache:6379"),
        ("x", _RANDOM),
        ("x", f"--salt={_RANDOM}"),
        ("x", "glpat-" + "a1B2" * 5),
        ("x", "npm_" + "a1B2" * 9),
        ("x", "dapi" + "0a" * 16),
        ("x", "hvs." + "a1B2" * 6),
        ("x", "https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/abcdefghij"),
        ("x", "https://store.blob.core.windows.net/models?sv=2024-11-04&sig=" + "aB3%2B" * 6),
        ("x", "jdbc:postgresql://db/fraud?user=fraud&password=opensesame"),
        ("x", "jdbc:sqlserver://db;user=fraud;password=opensesame;encrypt=true"),
        ("x", "Server=db;User Id=fraud;Password=opensesame;"),
        ("x", "https://models.example.com/fraud.onnx?access_token=00c0ffee00c0ffee"),
        ("x", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + "a1B2" * 20 + "=="),
        ("x", "Authorization: Basic Y2FuYXJ5Om9wZW5zZXNhbWU="),
    ],
)
def test_a_secret_is_seen(name: str, value: str) -> None:
    """By its name, by its form, or by its lack of sense."""
    assert looks_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKENIZERS_PARALLELISM", "false"),
        ("x", "https://example.com/models?page_token=0000000000000001&next_token=000000000001"),
        ("x", "https://example.com/fraud.onnx?token=$(TOKEN)&password=<password>"),
        ("MAX_TOKENS", "100"),
        ("TOKEN_EXPIRATION_MIN", "sixty"),
        ("PASSWORD_FILE", "run/secrets/password"),
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "/run/secrets/password"),
        ("TOKEN_URL", "https://login.example.com/oauth2/token"),
        ("disable_token_authorization", "false"),
        ("CHECKSUM", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("CHECKSUM", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        ("RUN_ID", "123e4567-e89b-12d3-a456-426614174000"),
        ("ENCODER", "sentence-transformers/all-MiniLM-L6-v2"),
        ("MODEL", "Qwen2.5-Coder-32B-Instruct-GPTQ-Int4"),
        ("JAVA_OPTS", "-XX:MaxRAMPercentage=70.0 -XX:+UseContainerSupport -XX:InitiatingHeapOccupancyPercent=35"),
        ("IMAGE", "registry.example.com:5000/team/image@sha256:" + "ab" * 32),
        ("REPOSITORY", "git@github.com:example/fraud.git"),
        ("LD_LIBRARY_PATH", "/usr/local/lib/python3.11/site-packages/nvidia/cudnn/lib:/usr/lib/x86_64-linux-gnu"),
        ("MODEL_URI", "models-prod/Models/FraudV2/Run123/ABCdef.onnx"),
        ("NOTE", "basic authentication is what the gateway does"),
        ("sk-learn", "task-runner-with-a-long-name"),
        ("monkey", "banana"),
        ("compass", "north"),
    ],
)
def test_what_is_no_secret_is_left_alone(name: str, value: str) -> None:
    """A warning about nothing teaches people to look away."""
    assert not looks_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tlsSecret", "fraud-tls"),
        ("existingSecret", "store"),
        ("secretRef", "store"),
        ("tokenSecretRef", "store"),
        ("passwordKey", "password"),
        ("existingSecretPasswordKey", "password"),
    ],
)
def test_a_field_that_names_a_secret(name: str, value: str) -> None:
    """Charts and objects of Kubernetes say so where a secret is; what could be no name of one is none."""
    assert names_secret(name, value)
    assert not names_secret(name, f"{value}/{value}=")


@pytest.mark.parametrize(
    "name", ["password", "token", "apiKey", "secretKey", "accessKey", "clientSecret", "DB_SECRET", "FEATURE_TOKEN_KEY"]
)
def test_a_field_that_holds_a_secret(name: str) -> None:
    """By these names, and by those of environment variables, is called what is secret itself."""
    assert not names_secret(name, "opensesame")
    assert looks_secret(name, "opensesame")


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("  DB_PASSWORD: opensesame", "opensesame"),
        ('runtime: {env: {"DB_PASSWORD": "open sesame"}, x: @}', '"open sesame"'),
        ("  args: --token=opensesame --verbose", "opensesame --verbose"),
        ("  workers: 2, apiKey: opensesame}", "opensesame"),
        ("  password: {secret: store, key: password}", None),
        ("  tokens: 100", None),
    ],
)
def test_a_line_that_is_no_yaml(line: str, seen: str | None) -> None:
    """What something of a secret's name is given is seen there too; a reference is none."""
    assert [line[start:end] for start, end in called_secrets_in(line)] == ([seen] if seen else [])
