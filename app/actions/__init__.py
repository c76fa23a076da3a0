"""Changes: one function each. Session first; `by=` (a Viewer) and `now=` (an aware datetime) by name."""
