package socketio_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/socketio-go/socketio"
)

// foreignUpgrade asks a server for another protocol than ours, and returns the connection and the answer.
func foreignUpgrade(t *testing.T, web *httptest.Server) (*bufio.Reader, *http.Response) {
	t.Helper()
	nc, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	io.WriteString(nc, "GET /irc HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: IRC/6.9\r\n\r\n")
	br := bufio.NewReader(nc)
	res, err := http.ReadResponse(br, nil)
	if err != nil {
		t.Fatal(err)
	}
	return br, res
}

// An upgrade on another path is the application's: it may take the connection and keep it. One that nobody knows is
// refused at once, as any other request, so there is nothing left to be destroyed after a time.
func TestUpgradesOfOthers(t *testing.T) {
	server := socketio.NewServer(quiet())
	defer server.Shutdown(t.Context())
	app := http.NewServeMux()
	web := httptest.NewUnstartedServer(app)
	if err := server.Attach(web.Config); err != nil {
		t.Fatal(err)
	}
	web.Start()
	defer web.Close()
	if _, res := foreignUpgrade(t, web); res.StatusCode != http.StatusNotFound {
		t.Errorf("nobody's upgrade: %s", res.Status)
	}

	app.HandleFunc("/irc", func(w http.ResponseWriter, r *http.Request) {
		nc, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer nc.Close()
		io.WriteString(nc, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: IRC/6.9\r\n\r\nPING\r\n")
	})
	br, res := foreignUpgrade(t, web)
	if res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(res.Status)
	}
	if line, err := br.ReadString('\n'); line != "PING\r\n" {
		t.Errorf("%q %v", line, err)
	}
}
