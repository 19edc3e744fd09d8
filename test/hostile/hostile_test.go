package hostile

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/browser"
	"github.com/socketio-go/socketio/test/chromium"
	"github.com/socketio-go/socketio/test/nodejs"
)

// Whatever the server does, the client says what it is, comes back in good time, and throws nothing that nobody can catch.
func TestHostileServer(t *testing.T) {
	t.Parallel()
	t.Run("node", func(t *testing.T) {
		t.Parallel()
		cases := all()
		url := site(t, cases)
		out := nodejs.Run(t, nil, "node.mjs", url)
		var got map[string][]string
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatalf("%v in %q", err, out)
		}
		judge(t, cases, got)
	})
	t.Run("chromium", func(t *testing.T) {
		t.Parallel()
		cases := some()
		url := site(t, cases)
		window := chromium.Start(t)
		page := window.Page(t, url)
		got := make(map[string][]string)
		for part := range slices.Chunk(cases, 3) { // a browser opens six connections for requests, and no more
			story := chromium.Eval[map[string][]string](page, fmt.Sprintf(`Promise.all([import("/client.js"), import("/play.mjs")])
				.then(([{ io }, { playAll }]) => playAll(io, location.origin, %s))`, list(t, part)))
			maps.Copy(got, story)
		}
		for _, complaint := range page.Complaints() {
			if strings.Contains(complaint, "ncaught") {
				t.Error(complaint)
			}
		}
		judge(t, cases, got)
	})
}

// list is the cases as the players read them.
func list(t *testing.T, cases []hostility) []byte {
	t.Helper()
	type play struct {
		Name    string         `json:"name"`
		Options map[string]any `json:"options"`
		Count   int            `json:"count"`
		Last    string         `json:"last"`
		Ask     int            `json:"ask"`
		Upgrade bool           `json:"upgrade"`
		Quiet   bool           `json:"quiet"`
	}
	var plays []play
	for _, c := range cases {
		p := play{Name: c.name, Ask: c.ask, Quiet: c.quiet, Count: len(c.want), Options: map[string]any{"transports": []string{"websocket"}}}
		switch c.transport {
		case "polling":
			p.Options["transports"] = []string{"polling"}
		case "upgrade":
			p.Options["transports"], p.Upgrade = []string{"polling", "websocket"}, true
		}
		for k, v := range c.options {
			p.Options[k] = v
		}
		if n := len(c.want); n > 1 && c.want[n-1] == bye {
			p.Last = c.want[n-2]
		}
		plays = append(plays, p)
	}
	b, err := json.Marshal(plays)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func judge(t *testing.T, cases []hostility, got map[string][]string) {
	t.Helper()
	for _, c := range cases {
		story, ok := got[c.name]
		if !ok {
			t.Errorf("%s: was not played", c.name)
			continue
		}
		if c.want == nil && len(story) > 0 || !slices.Equal(story[:min(len(story), len(c.want))], c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, story, c.want)
		}
	}
}

// site serves the cases, each below its name, and what a page needs to play them. It returns its URL.
func site(t *testing.T, cases []hostility) string {
	t.Helper()
	mux := http.NewServeMux()
	for _, c := range cases {
		path := "/" + strings.ReplaceAll(c.name, " ", "-") + "/"
		if u, ok := c.server.(*upgrader); ok {
			if u.settled == nil {
				u.settled = make(chan struct{})
			}
			mux.HandleFunc("POST /settled"+strings.TrimSuffix(path, "/"), func(http.ResponseWriter, *http.Request) { u.settle() })
		}
		mux.Handle(path, c.server)
	}
	mux.HandleFunc("/cases", func(w http.ResponseWriter, _ *http.Request) { w.Write(list(t, cases)) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(`<!doctype html><link rel="icon" href="data:,">`))
	})
	mux.HandleFunc("/client.js", func(w http.ResponseWriter, _ *http.Request) {
		file, _ := browser.Asset("socket.io.esm.min.js")
		w.Header().Set("Content-Type", file.ContentType)
		w.Write(file.Body)
	})
	mux.HandleFunc("/play.mjs", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		http.ServeFile(w, r, "play.mjs")
	})
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}
