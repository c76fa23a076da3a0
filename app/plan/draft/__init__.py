"""A playbook while it is being written: read although it is broken, with what may stand at a place of it."""
