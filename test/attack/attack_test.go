package attack

import (
	"fmt"
	"testing"
)

// attack is one hostile input and what must become of it.
type attack struct {
	name string
	run  func(t *testing.T, s *site)
}

// families are the attacks by the layer they aim at, from the outside in.
var families = []struct {
	name    string
	attacks func(sizes) []attack
}{
	{"http", fixed(httpAttacks)},
	{"handshake", fixed(handshakeAttacks)},
	{"origin", fixed(originAttacks)},
	{"polling", fixed(pollingAttacks)},
	{"body", bodyAttacks},
	{"frame", fixed(frameAttacks)},
	{"fragment", fragmentAttacks},
	{"deflate", fixed(deflateAttacks)},
	{"engine", fixed(engineAttacks)},
	{"upgrade", fixed(upgradeAttacks)},
	{"packet", packetAttacks},
	{"binary", binaryAttacks},
	{"json", jsonAttacks},
	{"namespace", namespaceAttacks},
	{"flood", floodAttacks},
}

// fixed makes a family of attacks that are as large as they are.
func fixed(attacks func() []attack) func(sizes) []attack {
	return func(sizes) []attack { return attacks() }
}

// assault runs every attack, each with the witness watching.
func assault(t *testing.T, s *site) {
	for _, family := range families {
		t.Run(family.name, func(t *testing.T) {
			for _, a := range family.attacks(s.sizes) {
				t.Run(a.name, func(t *testing.T) {
					s.witness.watch(t, func() { a.run(t, s) })
					s.alive(t)
				})
			}
		})
	}
}

// rounds runs the whole set n times; what the first leaves behind, the second meets. The slow attacks, which mostly
// wait, run beside it.
func rounds(t *testing.T, s *site, n int) {
	slow := startSlow(s)
	for round := range n {
		t.Run(fmt.Sprintf("round %d", round+1), func(t *testing.T) { assault(t, s) })
	}
	t.Run("slow", func(t *testing.T) { slow.collect(t) })
}
