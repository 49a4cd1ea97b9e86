"""Fills a database with believable people and books, for trying things at their full size."""
