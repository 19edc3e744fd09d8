package browser

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

// The reference server recovers the sessions of our client, again and again: what was missed comes once, in order, and
// before connect. A string at the end of a volatile event does not pass for an offset.
func TestRecoveryByTheReference(t *testing.T) {
	client := filepath.Join(nodejs.Root(t), "browser", "dist", "socket.io.js")
	port := process.FreePort(t)
	nodejs.Start(t, []string{"PORT=" + port, "CLIENT=" + client}, "recovery.cjs").AwaitPort(port)
	b := chromium.Start(t)
	for _, w := range ways {
		p := b.Page(t, "http://127.0.0.1:"+port)
		p.Run(tools)
		connect(p, w, "", "")
		got := chromium.Eval[[]string](p, fmt.Sprintf(`(async () => {
			const got = [];
			const { id } = s;
			s.on("missed", (n, bytes) => got.push("missed " + n + new Uint8Array(bytes)));
			s.on("typing", (what) => got.push(what));
			s.emit("hello");
			await happens(s, "hello"); // the first offset
			for (let i = 0; i < 3; i++) {
				await connected(s, %q);
				const back = happens(s, "connect");
				s.emit("miss", 2);
				await back;
				got.push("recovered " + s.recovered + " " + (s.id === id));
			}
			return got;
		})()`, w.last))
		var want []string
		for range 3 {
			want = append(want, "running", "missed 00", "missed 11", "recovered true true")
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", w.name, got, want)
		}
	}
}
