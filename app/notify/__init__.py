"""Speaks to the outside and knows nothing of us: takes plain dataclasses, raises what went wrong there."""
