"""The `huifang` command, one module per group of subcommands."""
