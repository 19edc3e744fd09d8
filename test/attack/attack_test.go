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
	attacks func() []attack
}{
	{"http", httpAttacks},
	{"handshake", handshakeAttacks},
	{"origin", originAttacks},
	{"polling", pollingAttacks},
	{"body", bodyAttacks},
	{"frame", frameAttacks},
	{"fragment", fragmentAttacks},
	{"engine", engineAttacks},
	{"upgrade", upgradeAttacks},
	{"packet", packetAttacks},
	{"binary", binaryAttacks},
	{"json", jsonAttacks},
	{"namespace", namespaceAttacks},
	{"flood", floodAttacks},
}

// assault runs every attack, each with the witness watching.
func assault(t *testing.T, s *site) {
	for _, family := range families {
		t.Run(family.name, func(t *testing.T) {
			for _, a := range family.attacks() {
				t.Run(a.name, func(t *testing.T) {
					s.witness.watch(t, func() { a.run(t, s) })
					s.alive(t)
				})
			}
		})
	}
}

// twice runs the whole set two times; what the first leaves behind, the second meets. The slow attacks, which mostly
// wait, run beside it.
func twice(t *testing.T, s *site) {
	slow := startSlow(s)
	for round := 1; round <= 2; round++ {
		t.Run(fmt.Sprintf("round %d", round), func(t *testing.T) { assault(t, s) })
	}
	t.Run("slow", func(t *testing.T) { slow.collect(t) })
}
