package differential

import (
	"math"
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
		if spent := allocated(times*bytes+bookkeeping, func() { take(sequence) }); spent > times*bytes+bookkeeping {
			t.Fatalf("%d bytes for %d: %s", spent, bytes, show(sequence))
		} else if bytes >= 1<<10 {
			worst = max(worst, float64(spent)/float64(bytes))
		}
		spent := allocated(times*len(payload)+bookkeeping, func() {
			for range packet.SplitPayload(payload, 0) {
			}
		})
		if spent > times*len(payload)+bookkeeping {
			t.Fatalf("%d bytes for a payload of %d: %.300q", spent, len(payload), payload)
		}
	}
	t.Logf("at most %.1f bytes for each that came, in sequences of 1 KiB and more", worst)
}

// allocated is how much f allocates. What the rest of the process allocates meanwhile is counted too, so a figure over the
// limit is taken again, and the least counts.
func allocated(limit int, f func()) int {
	least := math.MaxInt
	for range 10 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		if least = min(least, int(after.TotalAlloc-before.TotalAlloc)); least <= limit {
			break
		}
	}
	return least
}
