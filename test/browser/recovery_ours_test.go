package browser

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/chromium"
)

// Our server recovers the sessions of our client, before it has received anything and again and again: what was missed comes
// once, in order, and before connect. A text at the end of a volatile event does not pass for an offset.
func TestRecoveryByOurs(t *testing.T) {
	s := newSite(t, func() *socketio.Options { return &socketio.Options{Recovery: new(socketio.Recovery)} })
	s.io.On("miss", func(_ context.Context, sock *socketio.Socket, n int) error {
		sock.Volatile().Emit("typing", "running") // it may be dropped
		sock.Conn().CloseWith(engineio.TransportError, nil)
		for i := range n {
			s.io.To(sock.ID()).Emit("missed", i, []byte{byte(i)})
		}
		return nil
	})
	b := chromium.Start(t)
	for _, w := range ways {
		p := b.Page(t, s.url())
		p.Run(tools)
		connect(p, w, "", "")
		got := chromium.Eval[[]string](p, fmt.Sprintf(`(async () => {
			const got = [];
			const { id } = s;
			s.on("missed", (n, bytes) => got.push("missed " + n + new Uint8Array(bytes)));
			for (const n of [0, 2, 0, 3, 0]) {
				await connected(s, %q);
				const back = happens(s, "connect");
				s.emit("miss", n);
				await back;
				got.push("recovered " + s.recovered + " " + (s.id === id));
			}
			return got;
		})()`, w.last))
		want := []string{
			"recovered true true", "missed 00", "missed 11", "recovered true true", "recovered true true",
			"missed 00", "missed 11", "missed 22", "recovered true true", "recovered true true",
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", w.name, got, want)
		}
	}
}
