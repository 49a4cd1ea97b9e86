"""A typed async client of the MiniToolAI API."""
