// Package webtransport carries packets over WebTransport: one bidirectional stream of a session, on HTTP/3 (Engine.IO
// protocol 4, "WebTransport").
//
// It knows both ends of HTTP/3, frames with a length in front, and how a session is ended without losing what was sent
// last. It may touch net, net/http and the QUIC libraries, and is the only package that may: no type of theirs crosses
// its border. It refuses to know sessions of Engine.IO, and what a packet means.
//
//	server.go     [Server]: HTTP/3 on a UDP port
//	accept.go     a request becomes a [Transport]; package engineio gets at it by [transport.Acceptor]
//	dial.go       [Dialer], a client's half; package engineio gets at it by [transport.Dialer]
//	frame.go      packets ⇄ frames, and the limits of a frame
//	transport.go  reading
//	send.go       writing
//	goodbye.go    the end, without losing what was sent last
//
// # Use
//
//	wt := webtransport.New(&webtransport.Options{TLS: config})
//	io := socketio.NewServer(&socketio.Options{Engine: engineio.Options{WebTransport: wt}})
//	http.Handle("/socket.io/", io)
//	err := wt.Listen(":443", http.DefaultServeMux) // UDP; polling and WebSocket are served on TCP, as ever
//
// The same handler serves both: a request for a WebTransport session is an HTTP request (CONNECT), and finds its way to
// io as any other does. A client takes it as a value too:
//
//	c, err := client.Dial(ctx, "https://example.com", &client.Options{
//		Engine: engineio.DialOptions{WebTransport: &webtransport.Dialer{}},
//	})
//
// # Goroutines
//
// A transport has two, the reader and, on the server, a guard against more streams. Those of QUIC come on top of it: this transport is
// for networks that lose packets, not for the largest number of idle clients.
package webtransport
