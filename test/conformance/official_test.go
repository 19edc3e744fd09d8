package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

// The tests of the official clients, translated, with our browser client: in Node and in a real browser, against our
// support servers and against those of the reference. They are in test/interop/official.
func TestOfficialClientTests(t *testing.T) {
	t.Parallel()
	node := func(t *testing.T, front string) (results [][2]string) {
		t.Helper()
		for line := range strings.Lines(nodejs.Run(t, nil, "../interop/official/run.mjs", front)) {
			var result [2]string
			if err := json.Unmarshal([]byte(line), &result); err != nil {
				t.Fatalf("%v in %q", err, line)
			}
			results = append(results, result)
		}
		return results
	}
	window := chromium.Start(t)
	page := func(t *testing.T, front string) [][2]string {
		t.Helper()
		p := window.Page(t, front+"/official/")
		return chromium.Eval[[][2]string](p, "runAll()")
	}
	for server, start := range map[string]func(*testing.T) (sockets, engine string){
		"ours":      ourSupport,
		"reference": theirSupport,
	} {
		t.Run(server, func(t *testing.T) {
			t.Parallel()
			front := officialSite(t, start)
			t.Run("node", func(t *testing.T) { judge(t, node(t, front)) })
			t.Run("chromium", func(t *testing.T) { judge(t, page(t, front)) })
		})
	}
}

// judge fails each title for which something went wrong.
func judge(t *testing.T, results [][2]string) {
	t.Helper()
	if len(results) < 150 {
		t.Errorf("only %d tests ran", len(results))
	}
	for _, r := range results {
		if title, wrong := r[0], r[1]; wrong != "" {
			t.Errorf("%s: %s", title, wrong)
		}
	}
}

func ourSupport(t *testing.T) (sockets, engine string) {
	t.Helper()
	start := func(role string) string {
		port := process.FreePort(t)
		process.Self(t, []string{"PORT=" + port}, role).Line()
		return "http://127.0.0.1:" + port
	}
	return start("sioclient"), start("eioclient")
}

func theirSupport(t *testing.T) (sockets, engine string) {
	t.Helper()
	port := process.FreePort(t)
	nodejs.Start(t, []string{"PORT=" + port}, "../interop/official/reference.mjs").AwaitPort(port)
	return "http://127.0.0.1:" + port, "http://127.0.0.1:" + port
}

// officialSite is one origin for all that the tests need: the support servers, a path that never answers, the client and
// the tests themselves. It returns its URL.
func officialSite(t *testing.T, start func(*testing.T) (sockets, engine string)) string {
	t.Helper()
	sockets, engine := start(t)
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", chromium.PassOn(t, sockets))
	mux.Handle("/engine.io/", chromium.PassOn(t, engine))
	mux.HandleFunc("/silent/", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for _, folder := range []string{"/official/", "/page/"} {
		mux.Handle(folder, http.FileServer(http.Dir("../interop")))
	}
	mux.HandleFunc("/client.js", chromium.Client)
	front := httptest.NewServer(mux)
	t.Cleanup(func() {
		front.CloseClientConnections()
		front.Close()
	})
	return front.URL
}
