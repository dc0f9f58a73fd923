"""Nouns and rules of an audit. Standard library only: no clock, no files, no addresses."""
