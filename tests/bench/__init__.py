"""Figures of speed and memory, printed and never asserted: `python3 run.py bench`."""
