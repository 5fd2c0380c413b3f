"""Papers of a site, made from what its database keeps."""
