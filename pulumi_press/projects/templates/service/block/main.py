"""Shows orders on a page. Press runs it in the image that the Dockerfile beside it describes."""

from http.server import BaseHTTPRequestHandler, HTTPServer

ORDERS = {"north": 15.75, "south": 8.00}
PORT = 8080


class Page(BaseHTTPRequestHandler):
    """Answers every request."""

    def do_GET(self) -> None:
        """Say that all is well, or show the orders."""
        rows = "".join(f"<li>{shop}: {total:.2f}</li>" for shop, total in ORDERS.items())
        body = "ok" if self.path == "/health" else f"<h1>Orders</h1><ul>{rows}</ul>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())


if __name__ == "__main__":
    HTTPServer(("0.0.0.0", PORT), Page).serve_forever()
