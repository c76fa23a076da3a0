"""The small languages of the playbook format (section 3): text in, frozen values or `Wrong` with a rule's id out."""
