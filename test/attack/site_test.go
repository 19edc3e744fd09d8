package attack

import (
	"fmt"
	"os"
	"testing"
)

// site is a server under attack.
type site struct {
	addr    string
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
