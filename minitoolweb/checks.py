"""System checks: a wrong setting is told at start, in words, with its variable's name."""
