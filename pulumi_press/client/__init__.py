"""The HTTP client of Press Blocks: one method for each call of the API."""
