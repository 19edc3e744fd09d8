package rooms_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/socketio-go/socketio/internal/rooms"
)

func sorted(s []int) []int { return slices.Sorted(slices.Values(s)) }

func TestRoomLivesFromItsFirstMemberToItsLast(t *testing.T) {
	var log []string
	x := rooms.New(func(c rooms.Change[int]) {
		name := [...]string{"create", "join", "leave", "delete"}[c.Kind]
		log = append(log, fmt.Sprint(name, " ", c.Room, " ", c.Member))
	})
	steps := []struct {
		name string
		do   func() bool
		want bool
	}{
		{"first join", func() bool { return x.Join(1, "r") }, true},
		{"same join", func() bool { return x.Join(1, "r") }, false},
		{"second member", func() bool { return x.Join(2, "r") }, true},
		{"leave of a stranger", func() bool { return x.Leave(3, "r") }, false},
		{"leave of an unknown room", func() bool { return x.Leave(1, "none") }, false},
		{"first leaves", func() bool { return x.Leave(1, "r") }, true},
		{"first leaves again", func() bool { return x.Leave(1, "r") }, false},
		{"last leaves", func() bool { return x.Leave(2, "r") }, true},
	}
	for _, s := range steps {
		if got := s.do(); got != s.want {
			t.Errorf("%s: %v", s.name, got)
		}
	}
	want := []string{"create r 1", "join r 1", "join r 2", "leave r 1", "leave r 2", "delete r 2"}
	if !slices.Equal(log, want) {
		t.Errorf("changes %q, want %q", log, want)
	}
	if names := x.Names(); len(names) != 0 {
		t.Errorf("rooms left: %q", names)
	}
}

func TestSnapshotStaysAsItWas(t *testing.T) {
	for _, size := range []int{1, 2, 31, 32, 33, 200} {
		x := rooms.New[int](nil)
		var want []int
		for i := range size {
			x.Join(i, "r")
			want = append(want, i)
		}
		before := x.Members("r")
		for i := range size {
			x.Join(size+i, "r")
		}
		middle := x.Members("r")
		for i := range 2 * size {
			x.Leave(i, "r")
		}
		x.Join(-1, "r")
		if !slices.Equal(sorted(before), want) {
			t.Errorf("size %d: snapshot became %v", size, before)
		}
		if len(middle) != 2*size || slices.Contains(middle, -1) {
			t.Errorf("size %d: second snapshot became %v", size, middle)
		}
		if got := x.Members("r"); !slices.Equal(got, []int{-1}) {
			t.Errorf("size %d: members %v", size, got)
		}
	}
}

func TestSnapshotIsCachedUntilMembershipChanges(t *testing.T) {
	x := rooms.New[int](nil)
	for i := range 1000 {
		x.Join(i, "r")
	}
	if n := testing.AllocsPerRun(100, func() { x.Members("r") }); n != 0 {
		t.Errorf("%v allocations for a snapshot", n)
	}
	if n := testing.AllocsPerRun(100, func() { x.Union([]string{"r"}) }); n != 0 {
		t.Errorf("%v allocations for one room", n)
	}
}

func TestUnionHoldsEachOnce(t *testing.T) {
	x := rooms.New[int](nil)
	for _, in := range []struct {
		room    string
		members []int
	}{{"a", []int{1, 2, 3}}, {"b", []int{3, 4}}, {"c", []int{1, 5}}} {
		for _, m := range in.members {
			x.Join(m, in.room)
		}
	}
	for _, c := range []struct {
		rooms []string
		want  []int
	}{
		{nil, nil},
		{[]string{"none"}, nil},
		{[]string{"none", "a"}, []int{1, 2, 3}},
		{[]string{"a", "a"}, []int{1, 2, 3}},
		{[]string{"a", "none", "b"}, []int{1, 2, 3, 4}},
		{[]string{"none", "b", "c", "a"}, []int{1, 2, 3, 4, 5}},
	} {
		if got := sorted(x.Union(c.rooms)); !slices.Equal(got, c.want) {
			t.Errorf("union of %q is %v, want %v", c.rooms, got, c.want)
		}
	}
	members := x.Members("a")
	if got := sorted(x.Without(members, []string{"b", "c"})); !slices.Equal(got, []int{2}) {
		t.Errorf("a without b and c is %v", got)
	}
	if got := sorted(x.Without(members, nil)); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("a without nothing is %v", got)
	}
	if got := sorted(members); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("members changed to %v", got)
	}
}

// The index must agree with a plain map after any sequence of joins and leaves, whatever snapshots were taken.
func TestAgreesWithAPlainMap(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	x := rooms.New[int](nil)
	model := map[string]map[int]bool{}
	for range 20000 {
		room, m := fmt.Sprint("r", rnd.IntN(4)), rnd.IntN(100)
		switch rnd.IntN(5) {
		case 0, 1:
			if x.Join(m, room) == model[room][m] {
				t.Fatal("join disagrees")
			}
			if model[room] == nil {
				model[room] = map[int]bool{}
			}
			model[room][m] = true
		case 2, 3:
			if x.Leave(m, room) != model[room][m] {
				t.Fatal("leave disagrees")
			}
			delete(model[room], m)
		default:
			var want []int
			for m := range model[room] {
				want = append(want, m)
			}
			if got := sorted(x.Members(room)); !slices.Equal(got, sorted(want)) {
				t.Fatalf("%s: %v, want %v", room, got, want)
			}
			if x.Has(m, room) != model[room][m] {
				t.Fatal("has disagrees")
			}
		}
	}
}

// Each room's changes are noted in an order that makes sense: create first, delete last, members between.
func TestChangesOfARoomAreNotedInOrder(t *testing.T) {
	var mu sync.Mutex
	count := map[string]int{}
	x := rooms.New(func(c rooms.Change[int]) {
		mu.Lock()
		defer mu.Unlock()
		n := count[c.Room]
		switch c.Kind {
		case rooms.Created, rooms.Deleted:
			if n != 0 {
				t.Errorf("%v with %d members", c.Kind, n)
			}
		case rooms.Joined:
			count[c.Room]++
		case rooms.Left:
			count[c.Room]--
		}
	})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 500 {
				room := fmt.Sprint("r", i%3)
				x.Join(g, room)
				for _, m := range x.Members(room) {
					_ = m
				}
				x.Leave(g, room)
			}
		})
	}
	wg.Wait()
	if names := x.Names(); len(names) != 0 {
		t.Errorf("rooms left: %q", names)
	}
}

func TestSet(t *testing.T) {
	var s rooms.Set[string]
	if !s.Add("a") || s.Add("a") || !s.Add("b") {
		t.Error("add")
	}
	snap := s.Members()
	if !s.Remove("a") || s.Remove("a") || s.Len() != 1 {
		t.Error("remove")
	}
	if len(snap) != 2 {
		t.Errorf("snapshot became %q", snap)
	}
}
