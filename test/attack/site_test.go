package attack

import (
	"testing"
)

// site is a server under attack.
type site struct {
	addr    string
	witness *witness
	// dead is closed when the process of the server ends; nil when the server is inside the test.
	dead <-chan struct{}
}

// alive fails when the process of the server is gone.
func (s *site) alive(t *testing.T) {
	t.Helper()
	select {
	case <-s.dead:
		t.Fatal("the server is dead")
	default:
	}
}
