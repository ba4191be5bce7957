"""The front door: page config, shared state, navigation. Nothing else."""

from holdwell.ui import shell

shell.run()
