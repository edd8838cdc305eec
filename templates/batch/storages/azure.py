"""Azure Blob Storage."""

from urllib.parse import urlsplit

from pyarrow import fs


def system(told, shown, path):
    """The file system: as what shows itself by the machine's own means, or by what is shown."""
    account, endpoint = told["account"], urlsplit(told.get("endpoint", ""))
    options = {}
    if endpoint.netloc:
        # A name that begins with the account's is that of a cloud; else the account is in the path.
        blob = endpoint.netloc.removeprefix(account)
        options = {
            "blob_storage_scheme": endpoint.scheme,
            "blob_storage_authority": blob,
            "dfs_storage_scheme": endpoint.scheme,
            "dfs_storage_authority": blob.replace(".blob.", ".dfs.", 1),
        }
    return fs.AzureFileSystem(account, **options, **shown)
