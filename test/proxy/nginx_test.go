package proxy

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
	"github.com/socketio-go/socketio/test/raw"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs a server on the loopback interface with an application beside it.
func serve(t *testing.T, o *socketio.Options) (io *socketio.Server, addr string) {
	t.Helper()
	io = socketio.NewServer(o)
	io.OnCall("greet", func(_ context.Context, _ *socketio.Socket, name string) (string, error) { return "hello " + name, nil })
	io.OnCall("handshake", func(_ context.Context, s *socketio.Socket, _ struct{}) (string, error) {
		h := s.Handshake()
		return fmt.Sprintf("%s %s secure=%v", h.Header.Get("X-Forwarded-For"), h.Header.Get("X-Forwarded-Proto"), h.Secure), nil
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "the application at ", r.URL.Path) })
	web := &http.Server{Handler: io.Handler(app)}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(l) }()
	t.Cleanup(func() {
		if err := io.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		web.Close()
		<-ended
	})
	return io, l.Addr().String()
}

// nginx starts nginx in front of backend, with the configuration of the documentation, and gives its address. replace
// are pairs of what stands there and what a test wants there.
func nginx(t *testing.T, backend string, replace ...string) (addr string) {
	t.Helper()
	program := find(t)
	documented, err := os.ReadFile(filepath.Join(nodejs.Root(t), "docs", "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	port := process.FreePort(t)
	addr = net.JoinHostPort("127.0.0.1", port)
	replace = append(replace, "127.0.0.1:3000", backend, "listen 80;", "listen "+addr+";")
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(documented), replace[i]) {
			t.Fatalf("docs/nginx.conf has no %q", replace[i])
		}
	}
	dir := t.TempDir()
	config := "daemon off; master_process off; pid nginx.pid; error_log stderr;\n"
	if os.Getuid() == 0 {
		config += "user root;\n" // the folder of the test is the owner's alone
	}
	config += "events {}\nhttp {\naccess_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		config += kind + "_temp_path " + filepath.Join(dir, kind) + ";\n"
	}
	config += strings.NewReplacer(replace...).Replace(string(documented)) + "}\n"
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	process.Start(t, exec.Command(program, "-p", dir, "-c", file, "-e", "stderr")).AwaitPort(port)
	return addr
}

// find finds nginx, which is not always in the path of those who may not administrate.
func find(t *testing.T) string {
	t.Helper()
	const elsewhere = "/usr/sbin/nginx"
	if _, err := os.Stat(elsewhere); err == nil {
		return elsewhere
	}
	return nodejs.Tool(t, "nginx")
}

func trusting(o *socketio.Options) *socketio.Options {
	o.Engine.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	return o
}

// The official client comes through on each transport, and through the upgrade, to a server at the usual path and to one
// below a prefix. Everything else reaches the application.
func TestTheOfficialClientThroughNginx(t *testing.T) {
	for _, path := range []string{"/socket.io", "/chat/socket.io"} {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			_, backend := serve(t, trusting(&socketio.Options{Path: path}))
			addr := nginx(t, backend, "location /socket.io/", "location "+path+"/")
			const want = "hello polling over polling\nhello websocket over websocket\nhello polling websocket over websocket\n"
			if got := nodejs.Run(t, nil, "testdata/greet.js", "http://"+addr, path); got != want {
				t.Errorf("the client printed %q; want %q", got, want)
			}
			for _, page := range []string{"/", "/deep/down", "/socket.iox/"} {
				r, err := raw.Exchange(addr, raw.Request("GET", page, nil))
				if err != nil {
					t.Fatal(err)
				}
				if want := "the application at " + page; r.Status != 200 || string(r.Body) != want {
					t.Errorf("GET %s is answered %d %q; want %q", page, r.Status, r.Body, want)
				}
			}
			r, err := raw.Exchange(addr, raw.Request("GET", path+"/socket.io.js", nil))
			if err != nil || r.Status != 200 || len(r.Body) < 1000 {
				t.Errorf("the client's file: %v, %v", r, err)
			}
		})
	}
}

// What a session does by hand: order, large messages, the upgrade under way, and what the proxy tells of the client.
func TestASessionThroughNginx(t *testing.T) {
	_, backend := serve(t, trusting(&socketio.Options{}))
	addr := nginx(t, backend)
	p, err := raw.Connect(addr, "polling")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	large := strings.Repeat("x", 900_000)
	for _, moved := range []bool{false, true} {
		if moved {
			if err := p.Upgrade(); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 20 {
			if err := p.Ask(fmt.Sprintf(`42%d["greet","%d"]`, i, i), fmt.Sprintf(`3%d["hello %d"]`, i, i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Ask(`427["greet","`+large+`"]`, `37["hello `+large+`"]`); err != nil {
			t.Fatalf("%.300v", err)
		}
		if err := p.Ask(`428["handshake"]`, `38["127.0.0.1 http secure=false"]`); err != nil {
			t.Error(err)
		}
	}
}

// A page of the host that the proxy is asked for may open a WebSocket; one of another host may not, and neither may one
// that brings the headers of a proxy along.
func TestTheOriginThroughNginx(t *testing.T) {
	_, backend := serve(t, trusting(&socketio.Options{}))
	addr := nginx(t, backend)
	for _, c := range []struct {
		headers []string
		status  int
	}{
		{[]string{"Origin: http://127.0.0.1"}, 101}, // what package raw gives as the host
		{[]string{"Origin: https://evil.example"}, 403},
		{[]string{"Origin: https://evil.example", "X-Forwarded-Host: evil.example"}, 403},
	} {
		r, err := raw.Exchange(addr, raw.Handshake(raw.WebSocketTarget, c.headers...))
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != c.status {
			t.Errorf("%q is answered %d %s; want %d", c.headers, r.Status, r.Body, c.status)
		}
	}
}

// A client that goes is noticed behind the proxy as well: by the end of its poll, and by that of its WebSocket.
func TestAClientThatGoesBehindNginx(t *testing.T) {
	io, backend := serve(t, trusting(&socketio.Options{Engine: engineio.Options{PingInterval: time.Hour, PingTimeout: time.Hour}}))
	addr := nginx(t, backend)
	for _, transport := range []string{"polling", "websocket"} {
		p, err := raw.Connect(addr, transport)
		if err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(raw.Patience)
		for {
			if transport == "polling" { // a poll has to wait when the client goes; nginx may not have passed the first on yet
				poll, err := raw.Dial(addr)
				if err != nil {
					t.Fatal(err)
				}
				if err := poll.Send(raw.Request("GET", raw.Poll(p.SID), nil)); err != nil {
					t.Fatal(err)
				}
				time.Sleep(20 * time.Millisecond)
				poll.Reset()
			} else {
				p.Reset()
			}
			if io.Engine().Count() == 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%d sessions after the client on %s has gone", io.Engine().Count(), transport)
			}
			time.Sleep(20 * time.Millisecond)
		}
		p.Reset()
	}
}
