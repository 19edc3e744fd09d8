package interop

import (
	"testing"

	"go.uber.org/goleak"
)

// A server that was shut down leaves nothing behind, whatever its clients did.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
