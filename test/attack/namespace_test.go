package attack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// namespaceAttacks ask for namespaces that do not exist: refused, remembered nowhere, and the connection goes on.
func namespaceAttacks(n sizes) []attack {
	var all []attack
	for _, name := range []string{
		"/admin", "/__proto__", "/constructor", "//", "/a/../b", "/a?token=1", "/\u0000", "/é", "/" + strings.Repeat("a", 100_000),
	} {
		all = append(all, onBoth(fmt.Sprintf("the namespace %.20q", name), func(t *testing.T, _ *site, p *raw.Peer) {
			if err := p.Ask("40"+name+",", "4"+name+`,{"message":"Invalid namespace"}`); err != nil {
				// A name may be too long to answer, or be cut: then the session ends, and nothing else happens.
				if len(name) > 1000 && ended(err) {
					return
				}
				t.Fatalf("%.300v", err)
			}
			stillServed(t, p)
		})...)
	}
	return append(all, onBoth("very many namespaces", func(t *testing.T, _ *site, p *raw.Peer) {
		const burst = 200
		for i := 0; i < n.of(20_000); i += burst {
			packets := make([]string, burst)
			for j := range packets {
				packets[j] = fmt.Sprintf("40/%d,", i+j)
			}
			if err := p.SayAll(packets...); err != nil {
				t.Fatal(err)
			}
			for j := range burst {
				want := fmt.Sprintf(`4/%d,{"message":"Invalid namespace"}`, i+j)
				if got, err := p.Next(); err != nil || got.Text != want {
					t.Fatalf("got %.100q, %v; want %q", got.Text, err, want)
				}
			}
		}
		stillServed(t, p)
	})...)
}
