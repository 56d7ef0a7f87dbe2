"""One module per thing that happens; each owns its transaction, none makes a network call inside one."""
