package socketio_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/raw"
)

// One TLS listener serves polling over HTTP/2 and, to who asks for HTTP/1.1 in the TLS handshake, WebSocket.
func TestHTTP2(t *testing.T) {
	server := socketio.NewServer(quiet())
	server.OnCall("greet", func(_ context.Context, s *socketio.Socket, name string) (string, error) {
		return fmt.Sprint("hello ", name, " secure=", s.Handshake().Secure), nil
	})
	web := httptest.NewUnstartedServer(server)
	web.EnableHTTP2 = true
	web.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}} // as a server of net/http offers them
	web.StartTLS()
	defer web.Close()
	defer server.Shutdown(t.Context())

	client := web.Client()
	defer client.CloseIdleConnections()
	exchange := func(method, target, body string) string {
		t.Helper()
		req, err := http.NewRequest(method, web.URL+target, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		got, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.ProtoMajor != 2 {
			t.Fatalf("%s %s is answered over %s", method, target, res.Proto)
		}
		return fmt.Sprint(res.StatusCode, " ", string(got))
	}

	opened := exchange("GET", raw.PollingTarget, "")
	_, rest, _ := strings.Cut(opened, `"sid":"`)
	sid, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("the handshake is answered %s", opened)
	}
	poll := raw.Poll(sid)
	if got := exchange("POST", poll, "40"); got != "200 ok" {
		t.Errorf("CONNECT: %s", got)
	}
	if got := exchange("GET", poll, ""); !strings.HasPrefix(got, `200 40{"sid":"`) {
		t.Errorf("the answer to CONNECT: %s", got)
	}
	// A poll waits while posts go on beside it on the same connection.
	waiting := make(chan string, 1)
	go func() { waiting <- exchange("GET", poll, "") }()
	if got := exchange("POST", poll, `427["greet","you"]`); got != "200 ok" {
		t.Errorf("an event: %s", got)
	}
	if got := <-waiting; got != `200 437["hello you secure=true"]` {
		t.Errorf("the answer: %s", got)
	}
	if got := exchange("POST", poll, strings.Repeat("4", 1_000_001)); !strings.HasPrefix(got, "413 ") {
		t.Errorf("a body over the limit: %s", got)
	}
	if got := exchange("GET", raw.WebSocketTarget, ""); !strings.HasPrefix(got, "400 ") {
		t.Errorf("WebSocket asked for over HTTP/2: %s", got)
	}
	if got := exchange("POST", poll, "1"); got != "200 ok" {
		t.Errorf("closing: %s", got)
	}

	// WebSocket on the same listener.
	config := web.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.NextProtos = []string{"http/1.1"}
	conn, err := tls.Dial("tcp", web.Listener.Addr().String(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if p := conn.ConnectionState().NegotiatedProtocol; p != "http/1.1" {
		t.Errorf("negotiated %q", p)
	}
	ask := raw.AppendFrame(raw.Handshake(raw.WebSocketTarget), raw.Text, []byte("40"))
	if _, err := conn.Write(ask); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	readUntil(t, conn, &got, `40{"sid":"`)
	if _, err := conn.Write(raw.AppendFrame(nil, raw.Text, []byte(`427["greet","you"]`))); err != nil {
		t.Fatal(err)
	}
	readUntil(t, conn, &got, `437["hello you secure=true"]`)
	if !strings.HasPrefix(got.String(), "HTTP/1.1 101 ") {
		t.Errorf("got %q", &got)
	}
}

// readUntil reads from r into got until want has come.
func readUntil(t *testing.T, r io.Reader, got *bytes.Buffer, want string) {
	t.Helper()
	chunk := make([]byte, 1024)
	for !strings.Contains(got.String(), want) {
		n, err := r.Read(chunk)
		got.Write(chunk[:n])
		if err != nil {
			t.Fatalf("%v after %q; want %s", err, got, want)
		}
	}
}
