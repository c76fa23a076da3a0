"""The small languages of the playbook format (section 3): text in, frozen values out, `Wrong` with a rule's id if not."""
