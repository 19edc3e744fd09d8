package attack

import (
	"fmt"
	"os"
	"testing"
)

// full says whether every set runs twice and at full size, as in `make soak`.
var full = os.Getenv("SOAK") != ""

// sizes says how large the attacks are that do their harm by size or by number. What has to be beyond a limit of the
// server is beyond it at every size.
type sizes struct{ part int }

// of is n at full size, and the given part of it otherwise.
func (z sizes) of(n int) int { return n / max(z.part, 1) }

// site is a server under attack.
type site struct {
	addr    string
	sizes   sizes
	hurried bool // the server's timers that are options are short
	witness *witness
	pid     int // of the server; 0 when it is inside the test or somebody else's
}

// alive fails when the process of the server is gone.
func (s *site) alive(t *testing.T) {
	t.Helper()
	if s.pid == 0 {
		return
	}
	if _, err := os.Stat(fmt.Sprintf("/proc/%d", s.pid)); err != nil {
		t.Fatalf("the server is dead: %v", err)
	}
}
