"""The keys of a playbook (section 4 of the format): one module a section, each a set of declared records."""
