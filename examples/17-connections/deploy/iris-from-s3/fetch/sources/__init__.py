"""Where a model may come from, one module a scheme: `download(address, folder)` puts its files into a folder."""
