"""Server-sent events in Python 3, standard library only: numbers what it publishes and goes on where a client left off."""
import json
import os
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

kept = []
newest = 0
news = threading.Condition()


def publish(event, data):
    global newest
    with news:
        newest += 1
        kept.append((newest, f"id: {newest}\nevent: {event}\ndata: {json.dumps(data)}\n\n"))
        del kept[:-1000]
        news.notify_all()


class Handler(BaseHTTPRequestHandler):
    # Whoever takes nothing for so many seconds is disconnected, and whoever does not finish its request.
    timeout = 10

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path != "/events":
            return self.send_error(404)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("cache-control", "no-store, no-transform")
        self.send_header("x-accel-buffering", "no")
        self.end_headers()
        # Where the client had to make a new EventSource, the id is in the query. If both have one, that in the header is newer.
        asked = self.headers.get("last-event-id") or parse_qs(query).get("lastEventId", [""])[0]
        with news:
            # Not `isdigit`, which is also true of digits that are no number, such as ².
            last = min(int(asked), newest) if re.fullmatch("[0-9]{1,15}", asked) else newest
        has_begun = False
        try:
            self.wfile.write(b"retry: 2000\n\n")
            while True:
                with news:
                    # After 15 s without news a comment: a sign of life to proxies and to the client's heartbeat.
                    news.wait_for(lambda: newest > last, timeout=15)
                    frames = [frame for number, frame in kept if number > last]
                    if has_begun and len(frames) < newest - last:
                        return  # A reader that is too slow is disconnected, and comes back with its last id.
                    has_begun, last = True, newest
                self.wfile.write("".join(frames or [":\n\n"]).encode())
        except OSError:
            pass  # The reader has gone.


def tick():
    while True:
        time.sleep(int(os.environ.get("EVERY", 1000)) / 1000)
        publish("tick", {"at": int(time.time() * 1000)})


# So many may come at once, as after a restart: of more than five, Python's own number, most would hang.
ThreadingHTTPServer.request_queue_size = 1000
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 3000))), Handler)
server.daemon_threads = True
threading.Thread(target=tick, daemon=True).start()
print(server.server_address[1], flush=True)
server.serve_forever()
