"""The demo: an invented rollout in its eighth week, made through the same actions as a real one."""

from app.demo.opening import Demo, SignInCard, open_demo

__all__ = ["Demo", "SignInCard", "open_demo"]
