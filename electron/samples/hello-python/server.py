import os
import platform
import signal
import sys
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

page = Path(__file__).with_name("page.html").read_text()
answered = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        global answered
        answered += 1
        facts = {
            "dyno": os.environ.get("DYNO", "no dyno"),
            "python": platform.python_version(),
            "answered": str(answered),
            "greeting": os.environ.get("GREETING", "Hello from Python"),
        }
        text = page
        for name, value in facts.items():
            text = text.replace("{" + name + "}", escape(value))
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form, *values):
        print(form % values, "answered by", os.environ.get("DYNO"), flush=True)


def stop(*_):
    # Heroku's dynos get SIGTERM and 30 seconds.
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
port = int(os.environ.get("PORT", "8000"))
print("listening on port", port, flush=True)
ThreadingHTTPServer(("", port), Handler).serve_forever()
