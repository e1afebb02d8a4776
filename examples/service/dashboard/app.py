"""A web app with one page and a health check."""

from http.server import BaseHTTPRequestHandler, HTTPServer


class Page(BaseHTTPRequestHandler):
    """Answers every request."""

    def do_GET(self) -> None:
        """Say that all is well, or show the page."""
        body = b"ok" if self.path == "/health" else b"<h1>Sales of the week</h1>"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    HTTPServer(("0.0.0.0", 8080), Page).serve_forever()
