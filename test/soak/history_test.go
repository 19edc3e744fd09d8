package soak

import (
	"fmt"
	"slices"
	"testing"
)

// spoken is a message with those who must receive it.
type spoken struct {
	message
	to []int
}

// history is what was said and what was received in one round, and what is remembered of the rounds before.
type history struct {
	spoken   []spoken          // by members who stayed, each one's in order
	received map[int][]message // by receiver, in order
	last     map[[2]int]int    // receiver and sender → the last number, over all rounds
}

// check finds what was lost, repeated or out of order.
//
//   - Each message of a member who stayed reaches each of its receivers once, in the order it was said in.
//   - Of a member that died, a receiver sees rising numbers: what is missing was never read.
//   - All receivers see what they both see in one order.
func (h *history) check() error {
	want := make(map[[2]int][]int)
	stayed := make(map[int]bool)
	for _, s := range h.spoken {
		stayed[s.sender] = true
		for _, r := range s.to {
			want[[2]int{r, s.sender}] = append(want[[2]int{r, s.sender}], s.seq)
		}
	}
	got := make(map[[2]int][]int)
	for receiver, all := range h.received {
		for _, m := range all {
			pair := [2]int{receiver, m.sender}
			if m.seq <= h.last[pair] {
				return fmt.Errorf("member %d got message %d of %d after %d", receiver, m.seq, m.sender, h.last[pair])
			}
			h.last[pair] = m.seq
			if stayed[m.sender] {
				got[pair] = append(got[pair], m.seq)
			}
		}
	}
	for pair, w := range want {
		if !slices.Equal(got[pair], w) {
			return fmt.Errorf("member %d got of member %d the messages %v; want %v", pair[0], pair[1], got[pair], w)
		}
	}
	for pair, g := range got {
		if want[pair] == nil {
			return fmt.Errorf("member %d got of member %d the messages %v, not meant for it", pair[0], pair[1], g)
		}
	}
	return h.oneOrder()
}

// oneOrder finds out whether there is an order of all messages that every receiver's is a part of: the graph of "seen
// right before" has no cycle.
func (h *history) oneOrder() error {
	after := make(map[message][]message)
	before := make(map[message]int)
	for _, all := range h.received {
		for i, m := range all {
			if _, known := before[m]; !known {
				before[m] = 0
			}
			if i > 0 {
				after[all[i-1]] = append(after[all[i-1]], m)
				before[m]++
			}
		}
	}
	var free []message
	for m, n := range before {
		if n == 0 {
			free = append(free, m)
		}
	}
	for len(free) > 0 {
		m := free[len(free)-1]
		free = free[:len(free)-1]
		delete(before, m)
		for _, next := range after[m] {
			if before[next]--; before[next] == 0 {
				free = append(free, next)
			}
		}
	}
	if len(before) > 0 {
		return fmt.Errorf("%d messages were not seen in one order", len(before))
	}
	return nil
}

// The checker finds each kind of fault; a soak that passes because nothing is checked would be worth nothing.
func TestCheckerBites(t *testing.T) {
	said := []spoken{{message{1, 1}, []int{1, 2}}, {message{1, 2}, []int{1, 2}}, {message{2, 1}, []int{1, 2}}}
	for name, tt := range map[string]struct {
		received map[int][]message
		good     bool
	}{
		"good":               {map[int][]message{1: {{1, 1}, {2, 1}, {1, 2}}, 2: {{1, 1}, {2, 1}, {1, 2}}}, true},
		"one of a dead peer": {map[int][]message{1: {{1, 1}, {2, 1}, {9, 7}, {1, 2}}, 2: {{1, 1}, {2, 1}, {1, 2}}}, true},
		"lost":               {map[int][]message{1: {{1, 1}, {2, 1}, {1, 2}}, 2: {{1, 1}, {2, 1}}}, false},
		"lost in the middle": {map[int][]message{1: {{1, 1}, {2, 1}, {1, 2}}, 2: {{2, 1}, {1, 2}}}, false},
		"twice":              {map[int][]message{1: {{1, 1}, {2, 1}, {1, 2}, {1, 2}}, 2: {{1, 1}, {2, 1}, {1, 2}}}, false},
		"late":               {map[int][]message{1: {{1, 2}, {2, 1}, {1, 1}}, 2: {{1, 1}, {2, 1}, {1, 2}}}, false},
		"in two orders":      {map[int][]message{1: {{1, 1}, {2, 1}, {1, 2}}, 2: {{1, 1}, {1, 2}, {2, 1}}}, false},
		"to a stranger":      {map[int][]message{1: {{1, 1}, {2, 1}, {1, 2}}, 2: {{1, 1}, {2, 1}, {1, 2}}, 3: {{1, 1}}}, false},
		"dead and twice":     {map[int][]message{1: {{9, 7}, {1, 1}, {2, 1}, {9, 7}, {1, 2}}, 2: {{1, 1}, {2, 1}, {1, 2}}}, false},
	} {
		h := history{spoken: said, received: tt.received, last: make(map[[2]int]int)}
		if err := h.check(); (err == nil) != tt.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
