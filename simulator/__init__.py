"""A faithful stand-in of the MiniToolAI API over a real socket, for demos, tests and benchmarks."""

from simulator.app import create_app

__all__ = ["create_app"]
