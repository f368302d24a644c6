// Server-sent events in Go, standard library only: numbers what it publishes and goes on where a client left off.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

type feed struct {
	mutex  sync.Mutex
	newest int
	kept   []string
	// Closed at every event, to wake those who wait for one, and replaced.
	news chan struct{}
}

func (f *feed) publish(event, data string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.newest++
	f.kept = append(f.kept, fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", f.newest, event, data))
	if len(f.kept) > 1000 {
		f.kept = f.kept[1:]
	}
	close(f.news)
	f.news = make(chan struct{})
}

// since returns what came after an id, the newest id, and a channel that is closed when there is more.
func (f *feed) since(last int) ([]string, int, <-chan struct{}) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	missing := f.newest - last
	if last < 0 || missing < 0 {
		missing = 0
	}
	if missing > len(f.kept) {
		missing = len(f.kept)
	}
	return append([]string{}, f.kept[len(f.kept)-missing:]...), f.newest, f.news
}

// connection is the key under which the context of a request has its connection.
type connection struct{}

func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := r.Header.Get("Last-Event-ID")
	if asked == "" {
		// Where the client had to make a new EventSource, the id is in the query. If both have one, that in the header is newer.
		asked = r.URL.Query().Get("lastEventId")
	}
	last, err := strconv.Atoi(asked)
	if err != nil {
		last = -1
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store, no-transform")
	w.Header().Set("X-Accel-Buffering", "no")
	fmt.Fprint(w, "retry: 2000\n\n")
	socket := r.Context().Value(connection{}).(net.Conn)
	hasBegun := false
	for {
		frames, newest, news := f.since(last)
		if hasBegun && len(frames) < newest-last {
			// A reader that is too slow is disconnected, and comes back with its last id.
			return
		}
		hasBegun = true
		last = newest
		// Neither is a reader waited for that takes nothing at all.
		socket.SetWriteDeadline(time.Now().Add(10 * time.Second))
		for _, frame := range frames {
			fmt.Fprint(w, frame)
		}
		w.(http.Flusher).Flush()
		select {
		case <-news:
		case <-time.After(15 * time.Second):
			// A comment: a sign of life to proxies and to the client's heartbeat.
			fmt.Fprint(w, ":\n\n")
		case <-r.Context().Done():
			return
		}
	}
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func main() {
	events := &feed{news: make(chan struct{})}
	every, _ := strconv.Atoi(setting("EVERY", "1000"))
	go func() {
		for range time.Tick(time.Duration(every) * time.Millisecond) {
			events.publish("tick", fmt.Sprintf(`{"at":%d}`, time.Now().UnixMilli()))
		}
	}()
	listener, err := net.Listen("tcp", "127.0.0.1:"+setting("PORT", "3000"))
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	http.Handle("/events", events)
	server := &http.Server{
		// Whoever does not finish its request is disconnected.
		ReadHeaderTimeout: 10 * time.Second,
		ConnContext: func(ctx context.Context, socket net.Conn) context.Context {
			return context.WithValue(ctx, connection{}, socket)
		},
	}
	panic(server.Serve(listener))
}
