// WebSockets in Go, with github.com/gorilla/websocket: greets, answers probes, and passes every other message on to all, its sender included.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

type room struct {
	mutex    sync.Mutex
	readers  map[chan []byte]bool
	isEnding bool
}

func (r *room) join(reader chan []byte) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.isEnding {
		close(reader)
		return
	}
	r.readers[reader] = true
}

func (r *room) leave(reader chan []byte) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.readers[reader] {
		delete(r.readers, reader)
		close(reader)
	}
}

// end disconnects everybody in the room, and whoever joins from now on.
func (r *room) end() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.isEnding = true
	for reader := range r.readers {
		delete(r.readers, reader)
		close(reader)
	}
}

func (r *room) isOver() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.isEnding
}

// say sends a frame to those in the room for whom isMeant is true.
func (r *room) say(frame []byte, isMeant func(reader chan []byte) bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for reader := range r.readers {
		if !isMeant(reader) {
			continue
		}
		select {
		case reader <- frame:
		default:
			// A reader that is too slow is disconnected, and comes back: it must not hold up the others.
			delete(r.readers, reader)
			close(reader)
		}
	}
}

// isOurs lets in your own pages, and programs that are no browser: a browser always says which page is asking.
// Other people's pages must not speak in your visitors' names.
func isOurs(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	pages := os.Getenv("ORIGINS")
	if pages == "" {
		pages = "http://localhost:3000"
	}
	for _, page := range strings.Split(pages, ",") {
		if origin == "" || origin == page {
			return true
		}
	}
	return false
}

func (r *room) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	upgrader := websocket.Upgrader{CheckOrigin: isOurs}
	socket, err := upgrader.Upgrade(w, request, nil)
	if err != nil {
		return
	}
	defer socket.Close()
	socket.SetReadLimit(65_536)
	out := make(chan []byte, 256)
	out <- []byte(`{"type":"welcome"}`)
	r.join(out)
	defer r.leave(out)

	// Messages are written here only: the library allows one writer at a time.
	go func() {
		for frame := range out {
			socket.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if socket.WriteMessage(websocket.TextMessage, frame) != nil {
				break
			}
		}
		if !r.isOver() {
			socket.Close()
			return
		}
		// 1001 says that the server is going away: clients come back after a random wait.
		away := websocket.FormatCloseMessage(websocket.CloseGoingAway, "")
		socket.WriteControl(websocket.CloseMessage, away, time.Now().Add(time.Second))
	}()
	for {
		_, frame, err := socket.ReadMessage()
		if err != nil {
			return
		}
		// Text that is no UTF-8 would end the connection of every browser that it is passed on to.
		if !utf8.Valid(frame) || !json.Valid(frame) {
			// 1007 says that the frame makes no sense: after that a client does not come back.
			invalid := websocket.FormatCloseMessage(websocket.CloseInvalidFramePayloadData, "")
			socket.WriteControl(websocket.CloseMessage, invalid, time.Now().Add(time.Second))
			return
		}
		// A frame that is no object, or whose type is no string, is passed on as well.
		var message struct{ Type string }
		_ = json.Unmarshal(frame, &message)
		if message.Type == "ping" {
			r.say([]byte(`{"type":"pong"}`), func(reader chan []byte) bool { return reader == out })
		} else {
			r.say(frame, func(chan []byte) bool { return true })
		}
	}
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	live := &room{readers: map[chan []byte]bool{}}
	http.Handle("/live", live)
	// Whoever does not finish its request is disconnected.
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	listener.Close()
	live.end()
	// Time for the last frames to go out.
	time.Sleep(time.Second)
}
