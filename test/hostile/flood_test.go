package hostile

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/raw"
)

// flood is a server that says more than anybody wants, or promises it, and reads nothing.
type flood struct {
	Name      string   `json:"name"`
	Transport string   `json:"transport"`
	first     []string // messages
	water     string   // again and again
	total     int      // bytes of water
}

// floods are at least 24 MiB each; those of small packets 200,000 packets, each of which would show if it cost 80 bytes.
func floods() []flood {
	const most, crowd = 24 << 20, 1000
	connected := []string{handshake, welcome}
	kilobytes := strings.Repeat("x", 60<<10)
	list := []flood{
		{Name: "messages instead of an open packet", water: frame(raw.Text, strings.Repeat("x", 4<<20)), total: most}, // until the close is answered, which it is not
		{Name: "an open packet without end", water: "\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff" + kilobytes, total: most},
		{Name: "a message without end", first: connected, water: "\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff" + kilobytes, total: most},
		{Name: "events", first: connected, water: frame(raw.Text, `42["e","`+kilobytes+`"]`), total: most},
		{Name: "events before the answer", first: []string{handshake}, water: frame(raw.Text, `42["e","`+kilobytes+`"]`), total: most},
		{Name: "attachments that are never enough", first: append(connected, `4510-["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1},{"_placeholder":true,"num":2},`+
			`{"_placeholder":true,"num":3},{"_placeholder":true,"num":4},{"_placeholder":true,"num":5},{"_placeholder":true,"num":6},{"_placeholder":true,"num":7},`+
			`{"_placeholder":true,"num":8},{"_placeholder":true,"num":9}]`), water: frame(raw.Binary, strings.Repeat("x", 2<<20)), total: 9 * (2<<20 + 10)},
		{Name: "one message in many pieces", first: connected, water: "\x01\x00" + strings.Repeat(frame(0x00, "x"), 200_000), total: 600_000},
	}
	for name, c := range map[string]struct {
		first  []string
		packet string
	}{
		"empty events before the answer": {[]string{handshake}, `42["e"]`},
		"events of other namespaces":     {connected, `42/other,["e"]`},
		"answers nobody asked for":       {connected, `4312345678[1]`},
		"pings":                          {connected, "2"},
		"long pings":                     {connected, "2" + strings.Repeat("p", 100)},
		"noops":                          {connected, "6"},
		"questions":                      {connected, `421["q"]`},
		"refusals":                       {[]string{handshake}, `44{"message":"no"}`},
		"welcomes":                       {[]string{handshake}, `40{"sid":"xyz","pid":"abc"}`},
		"goodbyes to namespaces":         {connected, `41/other,`},
	} {
		water := strings.Repeat(frame(raw.Text, c.packet), crowd)
		list = append(list, flood{Name: name, first: c.first, water: water, total: 200_000 / crowd * len(water)})
	}
	water := strings.Repeat(frame(raw.Ping, strings.Repeat("p", 125)), crowd)
	list = append(list, flood{Name: "pings of WebSocket", first: connected, water: water, total: 200_000 / crowd * len(water)})
	for i := range list {
		list[i].Transport = "websocket"
	}
	return append(list,
		flood{Name: "a poll", Transport: "polling", water: strings.Repeat("42[\"e\"]\x1e", 10_000), total: most},
		flood{Name: "a poll of pings", Transport: "polling", water: strings.Repeat("2\x1e", 30_000), total: most},
		flood{Name: "a poll of noughts", Transport: "polling", water: kilobytes, total: most},
	)
}

// serve says all of it, or as much as is taken, and closes done.
func (f flood) serve(done chan struct{}) http.Handler {
	pour := func(w io.Writer, deadline func(time.Time) error) {
		for sent := 0; sent < f.total; {
			deadline(time.Now().Add(time.Second)) // who is not read for so long has nobody who reads
			n, err := io.WriteString(w, f.water)
			if sent += n; err != nil {
				break
			}
		}
		close(done)
	}
	if f.Transport == "websocket" {
		return talk(func(p *peer) {
			p.send(f.first...)
			pour(p, p.SetWriteDeadline)
			io.Copy(io.Discard, p.in)
		})
	}
	return pollThen(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pour(w, http.NewResponseController(w).SetWriteDeadline)
		<-r.Context().Done()
	}))
}

// A server that says more than anybody reads, or promises it, takes at most 16 MiB.
func TestHostileServersTakeNoMemory(t *testing.T) {
	t.Parallel()
	list := floods()
	mux := http.NewServeMux()
	for _, f := range list {
		path := "/" + strings.ReplaceAll(f.Name, " ", "-")
		done := make(chan struct{})
		mux.Handle(path+"/", f.serve(done))
		mux.HandleFunc("/exhausted"+path, func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-done:
			case <-r.Context().Done():
			}
		})
	}
	mux.HandleFunc("/floods", func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(list) })
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	out := nodejs.Run(t, nil, "node.mjs", server.URL, "hold")
	var held map[string]int64
	if err := json.Unmarshal([]byte(out), &held); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	for _, f := range list {
		n, ok := held[f.Name]
		t.Logf("%s: %d KiB", f.Name, n>>10)
		if !ok || n > 16<<20 {
			t.Errorf("%s: the client holds %d KiB", f.Name, n>>10)
		}
	}
}
