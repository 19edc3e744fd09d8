package websocket

import (
	"runtime"
	"testing"

	"github.com/gobwas/ws"
)

// A message in many fragments costs memory in proportion to its length, not to its square.
func TestManyFragmentsAreNotCopiedOverAndOver(t *testing.T) {
	const fragments, size = 16384, 60
	d := decoder{o: (*Options)(nil).WithDefaults()}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range fragments {
		first := byte(ws.OpContinuation)
		if i == 0 {
			first = byte(ws.OpBinary)
		}
		if i == fragments-1 {
			first |= 0x80
		}
		frame := append([]byte{first, 0x80 | size, 1, 2, 3, 4}, make([]byte, size)...)
		m, _, err := d.step(frame)
		if err != nil {
			t.Fatal(err)
		}
		if complete := m.op != 0; complete != (i == fragments-1) {
			t.Fatalf("fragment %d completes the message: %v", i, complete)
		}
	}
	runtime.ReadMemStats(&after)
	// What the frames of this test take, and the message a few times over while it grows.
	if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
		t.Errorf("%d bytes allocated for a message of %d", got, fragments*size)
	}
}
