package differential

import (
	"runtime"
	"testing"

	"github.com/socketio-go/socketio/engineio/packet"
)

// No sequence costs our decoders more memory than 32 times its bytes, and a little for the bookkeeping.
func TestCost(t *testing.T) {
	const (
		times       = 32
		bookkeeping = 4 << 10
	)
	n := size(3_000, 100_000)
	g := newGenerator(seed(t), 3)
	worst := 0.0
	for range n {
		sequence := g.sequence()
		bytes := 0
		var payload []byte
		for i, f := range sequence {
			bytes += len(f.data)
			if i > 0 {
				payload = append(payload, 0x1e)
			}
			payload = packet.Packet{Type: packet.Message, Binary: f.binary, Data: f.data}.AppendRecord(payload)
		}
		if spent := allocated(func() { take(sequence) }); spent > uint64(times*bytes+bookkeeping) {
			t.Fatalf("%d bytes for %d: %s", spent, bytes, show(sequence))
		} else if bytes >= 1<<10 {
			worst = max(worst, float64(spent)/float64(bytes))
		}
		spent := allocated(func() {
			for range packet.SplitPayload(payload, 0) {
			}
		})
		if spent > uint64(times*len(payload)+bookkeeping) {
			t.Fatalf("%d bytes for a payload of %d: %.300q", spent, len(payload), payload)
		}
	}
	t.Logf("at most %.1f bytes for each that came, in sequences of 1 KiB and more", worst)
}

// allocated is how much f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
