package engineio_test

import (
	"fmt"
	"testing"
)

// Sessions that were opened with the same URL keep one copy of it; others keep their own.
func TestSharedTarget(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		var first *peer
		for i := range 200 {
			_, a := s.openPolling()
			s.get(fmt.Sprint("EIO=4&transport=polling&n=", i)) // more than are remembered
			b := <-s.opened
			if got := b.Request().Query.Get("n"); got != fmt.Sprint(i) || b.Request().URL.Query().Get("n") != got {
				t.Fatalf("session %d has n=%s", i, got)
			}
			if first == nil {
				first = a
			}
			if r := a.Request(); r.URL.RawQuery != "EIO=4&transport=polling" || len(r.Query) != 2 {
				t.Fatalf("%v", r.URL)
			}
		}
		_, a := s.openPolling()
		_, b := s.openPolling()
		if a.Request().URL != b.Request().URL {
			t.Error("two copies of one URL")
		}
	})
}
