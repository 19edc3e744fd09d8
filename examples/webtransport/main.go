// WebTransport serves polling and WebSocket on TCP, and WebTransport on UDP at the same port number. A client starts with
// polling and moves on.
//
//	go run ./examples/webtransport
//
// and open http://localhost:3000. PORT changes the port. A server that the world sees has a certificate of its own, and
// its pages need no hash.
package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	_ "embed"
	"encoding/base64"
	"html/template"
	"log"
	"net/http"
	"os"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/transport/webtransport"
)

//go:embed index.html
var page string

func main() {
	certificate, err := selfSigned()
	if err != nil {
		log.Fatal(err)
	}
	wt := webtransport.New(&webtransport.Options{TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}})
	io := socketio.NewServer(&socketio.Options{Engine: engineio.Options{WebTransport: wt}})
	io.OnCall("whisper", func(_ context.Context, _ *socketio.Socket, text string) (string, error) {
		return "you said: " + text, nil
	})

	hash := sha256.Sum256(certificate.Certificate[0])
	index := template.Must(template.New("").Parse(page))
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", io)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		index.Execute(w, base64.StdEncoding.EncodeToString(hash[:]))
	})

	address := ":" + cmp.Or(os.Getenv("PORT"), "3000")
	if err := wt.Listen(address, mux); err != nil { // UDP
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(address, mux)) // TCP
}
