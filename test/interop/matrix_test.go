package interop

import (
	"fmt"
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
)

// cell is a server that our clients meet, and the ways to it that are tried.
type cell struct {
	name    string
	server  func(*testing.T) server
	ways    []string // names of transports
	msgpack bool     // what it speaks instead of JSON
}

// matrix are the servers for the Go client and for the browser client.
var matrix = []cell{
	{name: "ours", server: func(t *testing.T) server { return &ours{t: t} }, ways: []string{"polling", "websocket", "upgrade"}},
	{name: "reference", server: official(), ways: []string{"polling", "websocket", "upgrade"}},
	{name: "msgpack", server: official("PARSER=msgpack"), ways: []string{"polling", "upgrade"}, msgpack: true},
	{name: "polling only", server: official("TRANSPORTS=polling"), ways: []string{"polling"}},
	{name: "websocket only", server: official("TRANSPORTS=websocket"), ways: []string{"websocket"}},
}

func official(env ...string) func(*testing.T) server {
	return func(t *testing.T) server { return &reference{t: t, env: env} }
}

// The browser client in Node, each case over the last way to each server.
func TestBrowserClientInNode(t *testing.T) {
	cases := list(t)
	for _, c := range matrix {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			env := []string{"CLIENT=../../browser/dist/node.mjs"}
			if c.msgpack {
				env = append(env, "PARSER=../../browser/dist/msgpack.mjs")
			}
			runCases(t, cases, transports[c.ways[len(c.ways)-1]], c.server(t), env...)
		})
	}
}

// browserMatrix is the same in a browser, for the servers that are not met there anyway, with the cases that they are likely
// to change: those of values for another parser, those of the life of a connection for one transport.
func browserMatrix(t *testing.T, browser *chromium.Browser) {
	cases := list(t)
	for _, c := range matrix[2:] {
		files := []string{"life"}
		if c.msgpack {
			files = []string{"acks", "values"}
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			page := browser.Page(t, site(t, c.server(t))+"/page/")
			for _, file := range files {
				for _, name := range cases[file] {
					t.Run(file+"/"+name, func(t *testing.T) {
						script := fmt.Sprintf(`run(%q, %q, %q.split(","), %t)`, file, name, transports[c.ways[len(c.ways)-1]], c.msgpack)
						if wrong := chromium.Eval[string](page, script); wrong != "" {
							t.Error(wrong)
						}
					})
				}
			}
		})
	}
}
