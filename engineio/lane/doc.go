// Package lane accepts the connections of a listener that is ours alone, and reads from them the requests that nearly all
// clients send nearly all of the time: GET, POST and WebSocket handshakes of HTTP/1.1, spelled in the one way that everybody
// spells them.
//
// It knows the grammar of such a request (head.go), and how to wait for the next one without a buffer, a timer or a second
// goroutine (conn.go). What it does not know for sure it does not judge: anything else, and whatever its [Handler] does not
// want, goes to a net/http server with the bytes already read (handover.go), for that one request if its end is known,
// else for the rest of the connection's life. So there is one judge of hostile HTTP, and it is net/http.
//
// A response need not come from the goroutine that reads. A handler may keep the connection of a request, and whoever has
// the answer later writes it straight to the descriptor (write.go).
//
// It may touch the network and net/http. It refuses to know what a request is for: no sessions, no packets, no origins.
package lane
