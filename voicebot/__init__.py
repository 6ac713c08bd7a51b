"""A telephone voicebot that a Danish municipality runs on its own machines."""

import os

# Set before any numeric library loads: threads that wait by spinning starve all others where several
# libraries (torch, CTranslate2) share few cores; with 2 busy cores an embedding took 10 times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"
