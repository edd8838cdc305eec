"""A storage that speaks S3."""

from urllib.parse import urlsplit

from pyarrow import fs

from scorer.kept import as_file


def system(told, shown, path):
    """The file system: as nobody, as what shows itself by the machine's own means, or by what is shown."""
    endpoint = urlsplit(told.get("endpoint", ""))
    options = {"tls_ca_file_path": as_file(shown.pop("ca"))} if "ca" in shown else {}
    if endpoint.netloc:
        options |= {"scheme": endpoint.scheme, "endpoint_override": f"{endpoint.netloc}{endpoint.path.rstrip('/')}"}
    region = told.get("region") or (None if endpoint.netloc else fs.resolve_s3_region(path.partition("/")[0]))
    return fs.S3FileSystem(anonymous=told["anonymous"], region=region, **options, **shown)
