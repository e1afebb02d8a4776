"""Loads orders."""
