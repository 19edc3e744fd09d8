// Package polling carries packets over plain HTTP requests: the client keeps one GET waiting for what it is sent, and
// brings what it sends in one POST at a time (Engine.IO protocol 4, "HTTP long-polling"). Clients of
// protocol 3 write their payloads in another way (payload3.go), some of them as scripts and forms (jsonp.go).
//
// It knows payloads, the rules about overlapping and broken requests, and the limits of a request body. It may touch
// net/http. It refuses to know sessions: which requests belong together is decided above.
//
// The server side has no goroutine of its own. A GET waits on the goroutine that net/http gave it, or without one if it came by
// a line (line.go): then whoever sends writes the response. The client side,
// client.go, post.go and retried.go, polls on the goroutine that serves it, and posts on the one that sends.
package polling
