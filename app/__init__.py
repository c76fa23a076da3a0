"""Muster takes an organisation of many sites through a go-live."""
