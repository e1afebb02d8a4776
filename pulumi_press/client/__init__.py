"""The HTTP client of Press Blocks: one method for each request of the API."""
