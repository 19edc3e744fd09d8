package autobahn

import (
	"fmt"
	"testing"

	"github.com/socketio-go/socketio/engineio/transport/websocket"
	"github.com/socketio-go/socketio/test/raw"
)

const (
	kib = 1 << 10
	mib = 1 << 20
)

// Sections 9.1 to 9.6: long messages, whole, in fragments and in pieces of all sizes.
func TestLongMessages(t *testing.T) {
	for i, peer := range peers {
		longMessages(t, peer.echo(t, websocket.Options{}), peer.name, size(4*mib>>(2*i), 16*mib))
	}
}

func longMessages(t *testing.T, addr, name string, longest int) {
	send := func(id string, first byte, n, fragment, piece int) {
		t.Run(name+id, func(t *testing.T) {
			c, _ := open(t, addr)
			m := repeat([]string{"*", "\xfe"}[first&0x0f-1], n)
			sent := make(chan error, 1)
			go func() { // both directions at once: neither buffer holds such a message
				var err error
				for _, f := range fragments(first, m, fragment) {
					for ; len(f) > 0 && err == nil; f = f[min(piece, len(f)):] {
						err = c.Send(f[:min(piece, len(f))])
					}
				}
				sent <- err
			}()
			got, err := c.Frame()
			if err != nil || got.First != first || string(got.Payload) != m {
				t.Errorf("%d bytes come back as %d of %#02x, %v", n, len(got.Payload), got.First, err)
			}
			if err := <-sent; err != nil {
				t.Fatal(err)
			}
			leave(t, c)
		})
	}
	for kind, first := range []byte{raw.Text, raw.Binary} {
		for i, n := range []int{64 * kib, 256 * kib, mib, 4 * mib, 8 * mib, 16 * mib} {
			if n <= longest {
				send(fmt.Sprintf("9.%d.%d", kind+1, i+1), first, n, n, 64*kib)
			}
		}
		for i, fragment := range []int{64, 256, kib, 4 * kib, 16 * kib, 64 * kib, 256 * kib, mib, 4 * mib} {
			n := size(256*kib, 4*mib)
			send(fmt.Sprintf("9.%d.%d", kind+3, i+1), first, n, min(fragment, n), 64*kib)
		}
		for i, piece := range []int{64, 128, 256, 512, kib, 2 * kib} {
			n := size(128*kib, mib)
			send(fmt.Sprintf("9.%d.%d", kind+5, i+1), first, n, n, piece)
		}
	}
}

// Sections 9.7 and 9.8: many messages, each after the answer to the one before.
func TestRoundTrips(t *testing.T) {
	for _, peer := range peers {
		roundTrips(t, peer.echo(t, websocket.Options{}), peer.name)
	}
}

func roundTrips(t *testing.T, addr, name string) {
	for kind, first := range []byte{raw.Text, raw.Binary} {
		for i, n := range []int{0, 16, 64, 256, kib, 4 * kib} {
			t.Run(fmt.Sprintf("%s9.%d.%d", name, kind+7, i+1), func(t *testing.T) {
				c, _ := open(t, addr)
				m := repeat([]string{"*", "\xfe"}[kind], n)
				for k := range size(50, 1000) {
					if err := c.Send(frame(first, m)); err != nil {
						t.Fatal(err)
					}
					if got, err := c.Frame(); err != nil || got.First != first || string(got.Payload) != m {
						t.Fatalf("message %d comes back as %v, %v", k, got, err)
					}
				}
				leave(t, c)
			})
		}
	}
}
