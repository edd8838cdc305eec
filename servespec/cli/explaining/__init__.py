"""What `servespec explain` says: pages of rules and fields, and the reasons for emitted lines."""
