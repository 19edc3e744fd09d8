package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

// The clients that are tried: one or two of each generation, as the npm packages of test/interop have them.
var versions = []string{"1.7.4", "2.0.4", "2.5.0", "3.0.5", "3.1.3", "4.0.2", "4.4.1", "4.6.2", "4.7.5", "4.8.4"}

// cell is one version of the client, one way to connect and one parser.
type cell struct {
	URL        string   `json:"url"`
	Version    string   `json:"version"`
	Transports []string `json:"transports"`
	Parser     string   `json:"parser"`
}

func (c cell) String() string {
	return c.Version + "/" + strings.Join(c.Transports, "+") + "/" + c.Parser
}

// old clients speak protocol 4, and have no msgpack.
func (c cell) old() bool { return c.Version < "3" }

// checks is how many there are for a cell; recovery came with 4.6.
func (c cell) checks() int {
	if c.Version >= "4.6" {
		return 27
	}
	return 26
}

// matrix are all cells, against the server that speaks JSON or the one that speaks msgpack.
func matrix(urls map[string]string) (cells []cell) {
	for _, version := range versions {
		for _, transports := range [][]string{{"polling"}, {"websocket"}, {"polling", "websocket"}} {
			for _, parser := range []string{"json", "msgpack"} {
				if c := (cell{urls[parser], version, transports, parser}); parser == "json" || !c.old() {
					cells = append(cells, c)
				}
			}
		}
	}
	return cells
}

// patient keeps a heartbeat from being missed only because many tests share the machine.
const patient = "PING_TIMEOUT=5000"

// Official clients of every generation, over each transport, in JSON and in msgpack.
func TestClientsOfEveryVersion(t *testing.T) {
	urls := map[string]string{}
	for _, parser := range []string{"json", "msgpack"} {
		port := process.FreePort(t)
		process.Self(t, []string{"PORT=" + port, "PARSER=" + parser, patient}, "compat").Line()
		urls[parser] = "http://127.0.0.1:" + port
	}
	try(t, 12, matrix(urls))
}

// The reference passes the same checks: they ask for nothing that it does not do.
func TestChecksOfEveryVersionAgainstReference(t *testing.T) {
	t.Parallel()
	urls := map[string]string{}
	for _, parser := range []string{"json", "msgpack"} {
		port := process.FreePort(t)
		nodejs.Start(t, []string{"PORT=" + port, "PARSER=" + parser, patient}, "../interop/compat/reference.mjs").AwaitPort(port)
		urls[parser] = "http://127.0.0.1:" + port
	}
	// It is slow, so these few do.
	try(t, 2, []cell{
		{urls["json"], "1.7.4", []string{"polling", "websocket"}, "json"},
		{urls["json"], "2.5.0", []string{"polling"}, "json"},
		{urls["json"], "4.8.4", []string{"polling", "websocket"}, "json"},
		{urls["msgpack"], "4.8.4", []string{"polling"}, "msgpack"},
	})
}

// try runs the checks for the cells. Some of them wait for a second at most, which a busy machine may miss: a cell in
// which something went wrong has another try, by itself, before it is believed.
func try(t *testing.T, atOnce int, cells []cell) {
	t.Helper()
	wrong := once(t, atOnce, cells)
	for i, c := range cells {
		t.Run(c.String(), func(t *testing.T) {
			if len(wrong[i]) == 0 {
				return
			}
			t.Logf("at first: %s", strings.Join(wrong[i], "\n"))
			for _, w := range once(t, 1, []cell{c})[0] {
				t.Error(w)
			}
		})
	}
}

// once runs the checks once, and tells what went wrong in each cell.
func once(t *testing.T, atOnce int, cells []cell) (wrong [][]string) {
	t.Helper()
	list, err := json.Marshal(cells)
	if err != nil {
		t.Fatal(err)
	}
	out := nodejs.Run(t, nil, "../interop/compat/run.mjs", strconv.Itoa(atOnce), string(list))
	wrong = make([][]string, len(cells))
	passed := make([][]string, len(cells))
	for line := range strings.Lines(out) {
		var cell int
		var check, story string
		if err := json.Unmarshal([]byte(line), &[]any{&cell, &check, &story}); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		switch {
		case story != "":
			wrong[cell] = append(wrong[cell], check+": "+story)
		case check != "connect":
			passed[cell] = append(passed[cell], check)
		}
	}
	for i, c := range cells {
		slices.Sort(passed[i])
		if n := len(slices.Compact(passed[i])); n != c.checks() {
			wrong[i] = append(wrong[i], fmt.Sprintf("%d of %d checks passed", n, c.checks()))
		}
	}
	return wrong
}
