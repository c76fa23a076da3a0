"""The plan: what a playbook says. Pure and frozen; knows no database, no web and no clock."""

from app.plan.check import PlaybookError, Report, check, load
from app.plan.playbook import Playbook
from app.plan.problems import Problem

__all__ = ["Playbook", "PlaybookError", "Problem", "Report", "check", "load"]
