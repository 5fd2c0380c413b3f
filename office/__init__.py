"""What people do at a site, for the command line and the console alike: plans, customers' files, papers."""
