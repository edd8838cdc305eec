"""What the targets for Kubernetes share: pods, the names and labels of objects, what must exist before them."""
