package check_test

import (
	"errors"
	"testing"

	"github.com/socketio-go/socketio/bench/check"
)

// message is number k of sender 7, 64 bytes of letters.
func message(k uint64) []byte { return check.NewFilling(check.Letters).Append(nil, 7, k, 64) }

func TestCheckerNoticesEverything(t *testing.T) {
	flipped := message(3)
	flipped[40] ^= 1
	renumbered := append([]byte("7.4:"), message(3)[4:]...)
	for _, tt := range []struct {
		name string
		got  []byte
		want error
	}{
		{"it is there", message(3), nil},
		{"the one before is lost", message(4), check.ErrSkipped},
		{"many are lost", message(1003), check.ErrSkipped},
		{"it is repeated", message(2), check.ErrRepeated},
		{"one bit is other", flipped, check.ErrAltered},
		{"another's content under the next number", renumbered, check.ErrAltered},
		{"it is cut", message(3)[:63], check.ErrAltered},
		{"something follows", append(message(3), 'x'), check.ErrAltered},
		{"it is another sender's", check.NewFilling(check.Letters).Append(nil, 8, 3, 64), check.ErrAltered},
		{"it is empty", nil, check.ErrAltered},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := check.NewChecker(check.NewFilling(check.Letters), 64)
			for range 2 { // the second time from what the first one kept
				if err := c.Check(tt.got, 7, 3); !errors.Is(err, tt.want) {
					t.Errorf("%v, want %v", err, tt.want)
				}
			}
		})
	}
}

func TestMessagesDiffer(t *testing.T) {
	octets := check.NewFilling(check.Octets)
	seen := map[string]bool{}
	for who := range uint64(20) {
		for k := range uint64(200) {
			m := octets.Append(nil, who, k, 32)
			if len(m) != 32 || seen[string(m)] {
				t.Fatalf("message %d of %d: %q was there, or has %d bytes", k, who, m, len(m))
			}
			seen[string(m)] = true
		}
	}
	if m := octets.Append(nil, 9999, 1<<40, 64<<10); len(m) != 64<<10 {
		t.Fatalf("%d bytes", len(m))
	}
}

func TestAllocsOfACheck(t *testing.T) {
	c := check.NewChecker(check.NewFilling(check.Letters), 64)
	k, got := uint64(0), make([]byte, 0, 64)
	filling := check.NewFilling(check.Letters)
	if n := testing.AllocsPerRun(1000, func() {
		got = filling.Append(got[:0], 1, k, 64)
		if err := c.Check(got, 1, k); err != nil {
			t.Error(err)
		}
		k++
	}); n > 0.1 { // the first of each place in the ring
		t.Errorf("%v allocations", n)
	}
}
