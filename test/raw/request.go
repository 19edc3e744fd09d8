package raw

import (
	"fmt"
	"strings"
)

// Path is where the servers under test listen.
const Path = "/socket.io/"

// Request builds the bytes of an HTTP request. headers are complete lines without their ends; Host comes by itself.
// The body is announced by Content-Length unless a header mentions its length or its encoding.
func Request(method, target string, body []byte, headers ...string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, target)
	sized := false
	for _, h := range headers {
		b.WriteString(h + "\r\n")
		name, _, _ := strings.Cut(strings.ToLower(h), ":")
		sized = sized || name == "content-length" || name == "transfer-encoding"
	}
	if !sized && (body != nil || method == "POST") {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	return append([]byte(b.String()), body...)
}

// Key is the Sec-WebSocket-Key of RFC 6455, section 1.3, and Accept the answer to it.
const (
	Key    = "dGhlIHNhbXBsZSBub25jZQ=="
	Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// Handshake builds the bytes of a correct WebSocket handshake for target, with further header lines at its end.
func Handshake(target string, headers ...string) []byte {
	return Request("GET", target, nil, append([]string{
		"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + Key,
	}, headers...)...)
}

// Targets of handshakes and of polls.
const (
	WebSocketTarget = Path + "?EIO=4&transport=websocket"
	PollingTarget   = Path + "?EIO=4&transport=polling"
)

// Poll is the target of the requests of the polling session sid.
func Poll(sid string) string { return PollingTarget + "&sid=" + sid }

// Upgrade is the target of the handshake that moves the session sid to WebSocket.
func Upgrade(sid string) string { return WebSocketTarget + "&sid=" + sid }
