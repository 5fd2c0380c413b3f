"""One test for each rule of requirements: named after it, shown by the command line where there is one."""
