package event_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/socketio-go/socketio/internal/event"
)

func TestHandlersComeInTheOrderOfRegistration(t *testing.T) {
	var table event.Table[string]
	if table.Has("e") {
		t.Error("an empty table has a handler")
	}
	table.Add("e", "first", false)
	off := table.Add("e", "second", false)
	table.Add("other", "elsewhere", false)
	table.Add("e", "third", false)
	if got := slices.Collect(table.For("e")); !slices.Equal(got, []string{"first", "second", "third"}) {
		t.Errorf("handlers %q", got)
	}
	off()
	off()
	if got := slices.Collect(table.For("e")); !slices.Equal(got, []string{"first", "third"}) {
		t.Errorf("after one was taken off: %q", got)
	}
	table.Remove("e")
	if table.Has("e") || !table.Has("other") {
		t.Error("Remove took off too little or too much")
	}
	table.Clear()
	if table.Has("other") {
		t.Error("Clear left a handler")
	}
}

func TestAPrependedHandlerComesFirst(t *testing.T) {
	var table event.Table[string]
	table.Add("e", "b", false)
	table.Add("e", "c", false)
	off := table.Prepend("e", "a")
	table.Prepend("other", "x")
	if got := slices.Collect(table.For("e")); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("handlers %q", got)
	}
	off()
	off()
	if got := slices.Collect(table.For("e")); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("handlers %q", got)
	}
	if got := slices.Collect(table.For("other")); !slices.Equal(got, []string{"x"}) {
		t.Errorf("handlers %q", got)
	}
}

func TestOnceIsForOneEvent(t *testing.T) {
	var table event.Table[int]
	table.Add("e", 1, true)
	table.Add("e", 2, false)
	if got := slices.Collect(table.For("e")); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("first event: %v", got)
	}
	if got := slices.Collect(table.For("e")); !slices.Equal(got, []int{2}) {
		t.Errorf("second event: %v", got)
	}
}

func TestOnceIsForOneOfManyAtTheSameTime(t *testing.T) {
	for range 100 {
		var table event.Table[int]
		table.Add("e", 1, true)
		var ran atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range table.For("e") {
					ran.Add(1)
				}
			})
		}
		wg.Wait()
		if ran.Load() != 1 {
			t.Fatalf("ran %d times", ran.Load())
		}
	}
}

// A walk sees the handlers of its beginning, but none that was taken off before its turn.
func TestChangesDuringAWalk(t *testing.T) {
	var table event.Table[string]
	table.Add("e", "first", false)
	off := table.Add("e", "second", false)
	table.Add("e", "third", false)
	var got []string
	for h := range table.For("e") {
		got = append(got, h)
		off()
		table.Add("e", "late", false)
	}
	if !slices.Equal(got, []string{"first", "third"}) {
		t.Errorf("walked %q", got)
	}
	for range table.For("e") {
		break // leaves the walk early
	}
}

func TestLookingUpCostsNothing(t *testing.T) {
	var table event.Table[int]
	table.Add("e", 1, false)
	sum := 0
	if n := testing.AllocsPerRun(100, func() {
		for h := range table.For("e") {
			sum += h
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
