package inmemory_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/adapter/inmemory"
)

func limits() inmemory.Limits {
	return inmemory.Limits{Age: 3 * time.Minute, Events: 1000, Bytes: 1 << 20, Sessions: 100, SessionBytes: 1 << 20}
}

func store(t testing.TB, l inmemory.Limits) *inmemory.Store {
	s := inmemory.New(l)
	t.Cleanup(s.Close)
	return s
}

// put stores an event for the rooms and returns its offset.
func put(t testing.TB, s *inmemory.Store, name string, rooms ...string) string {
	t.Helper()
	offset, err := s.Store(adapter.Message{Event: fmt.Appendf(nil, "[%q]", name), Rooms: rooms})
	if err != nil || offset == "" || offset != s.Offset() {
		t.Fatalf("offset %q, %v; then %q", offset, err, s.Offset())
	}
	return offset
}

// lost is the session of a socket that was in room "r" from the beginning, lost at that offset.
func lost(s *inmemory.Store, began, at string) adapter.Session {
	return adapter.Session{
		PID: "pid", ID: "id", Began: began, Sent: at, Exact: began, Lost: at, Until: time.Now().Add(2 * time.Minute),
		Rooms: []adapter.Membership{{Room: "id", From: began}, {Room: "r", From: began}},
	}
}

// gap takes the session and reads all that it missed.
func gap(s *inmemory.Store, pid string, offset *string) (names []string, err error) {
	session, from, err := s.Take(context.Background(), pid, offset)
	for more := true; more && err == nil; {
		var missed []adapter.Message
		missed, from, more, err = s.Missed(context.Background(), &session, from, s.Offset())
		for _, m := range missed {
			names = append(names, string(m.Event[2:len(m.Event)-2]))
			if m.Offset == "" {
				err = errors.New("a stored event without an offset")
			}
		}
	}
	return names, err
}

// Offsets grow, are never equal, and look like what our clients take for an offset.
func TestOffsets(t *testing.T) {
	s := store(t, limits())
	form := regexp.MustCompile(`^r[\w-]{7}\.(\d+)$`)
	seen := map[string]bool{s.Offset(): true}
	for i := range 100 {
		offset := put(t, s, "e")
		m := form.FindStringSubmatch(offset)
		if m == nil || m[1] != fmt.Sprint(i+1) || seen[offset] {
			t.Fatalf("offset %d: %s", i, offset)
		}
		seen[offset] = true
	}
	if other := store(t, limits()).Offset(); seen[other] {
		t.Errorf("two logs with the offset %s", other)
	}
}

// What is missed is what a room of the session should have received, at the time at which it was in it.
func TestMissedIsWhatARoomShouldHaveReceived(t *testing.T) {
	s := store(t, limits())
	began := s.Offset()
	put(t, s, "before the room", "late")
	joined := s.Offset()
	put(t, s, "late", "late")
	put(t, s, "early", "early")
	left := s.Offset()
	put(t, s, "left", "early")
	put(t, s, "all")
	put(t, s, "id", "id")
	put(t, s, "two rooms", "r", "id", "other")
	put(t, s, "others", "other")
	s.Store(adapter.Message{Event: []byte(`["except"]`), Except: []string{"r"}})
	s.Store(adapter.Message{Event: []byte(`["except the early"]`), Except: []string{"early"}})
	session := lost(s, began, began)
	session.Rooms = append(session.Rooms, adapter.Membership{Room: "late", From: joined}, adapter.Membership{Room: "early", From: began, To: left})
	s.Keep(session)
	got, err := gap(s, "pid", nil)
	want := []string{"late", "early", "all", "id", "two rooms", "except the early"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
}

// A client says what it received last: only what was given out counts.
func TestTheOffsetOfAClient(t *testing.T) {
	s := store(t, limits())
	old := put(t, s, "of an earlier session")
	began := s.Offset()
	first := put(t, s, "first")
	second := put(t, s, "second")
	other := store(t, limits()).Offset()
	epoch, _, _ := strings.Cut(first, ".")
	for _, tt := range []struct {
		offset *string
		want   []string
		err    error
	}{
		{nil, []string{"first", "second"}, nil},
		{&began, []string{"first", "second"}, nil},
		{&old, []string{"first", "second"}, nil},
		{&first, []string{"second"}, nil},
		{&second, nil, nil},
		{&other, nil, adapter.ErrOffsetUnknown},
		{new(""), nil, adapter.ErrOffsetUnknown},
		{new("a text"), nil, adapter.ErrOffsetUnknown},
		{new(epoch), nil, adapter.ErrOffsetUnknown},
		{new(epoch + "."), nil, adapter.ErrOffsetUnknown},
		{new(epoch + ".4"), nil, adapter.ErrOffsetUnknown},
		{new(epoch + ".+2"), nil, adapter.ErrOffsetUnknown},
		{new(epoch + ".02"), nil, adapter.ErrOffsetUnknown},
		{new(epoch + ".2 "), nil, adapter.ErrOffsetUnknown},
		{new(epoch + ".-1"), nil, adapter.ErrOffsetUnknown},
		{new(epoch + ".99999999999999999999"), nil, adapter.ErrOffsetUnknown},
		{new(epoch + strings.Repeat("9", 1<<20)), nil, adapter.ErrOffsetUnknown},
	} {
		s.Keep(lost(s, began, second))
		got, err := gap(s, "pid", tt.offset)
		if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) || !slices.Equal(got, tt.want) {
			t.Errorf("%.60q: %q, %v; want %q, %v", *cmpPtr(tt.offset), got, err, tt.want, tt.err)
		}
	}
}

func cmpPtr(s *string) *string {
	if s == nil {
		return new("nothing")
	}
	return s
}

// A session is handed out once.
func TestASessionIsTakenOnce(t *testing.T) {
	s := store(t, limits())
	began := s.Offset()
	s.Keep(lost(s, began, began))
	if _, err := gap(s, "pid", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := gap(s, "pid", nil); !errors.Is(err, adapter.ErrSessionUnknown) {
		t.Errorf("a second time: %v", err)
	}
}

// The log is bounded in number, and in bytes. A session that would need what was dropped is refused as a whole; one that
// was quiet until it was lost needs none of it.
func TestTheLogIsBounded(t *testing.T) {
	for name, l := range map[string]inmemory.Limits{
		"events": {Age: time.Minute, Events: 10, Bytes: 1 << 30, Sessions: 9, SessionBytes: 1 << 20},
		"bytes":  {Age: time.Minute, Events: 1 << 20, Bytes: 10 * 300, Sessions: 9, SessionBytes: 1 << 20},
	} {
		s := store(t, l)
		began := s.Offset()
		sent := put(t, s, "sent", "r")
		for range 100 {
			put(t, s, strings.Repeat("x", 10), "other")
		}
		st := s.Stats()
		if st.Events == 0 || st.Events > 10 || st.Bytes > 10*300 || st.DroppedEvents == 0 {
			t.Errorf("%s: %+v", name, st)
		}
		quiet := lost(s, began, s.Offset())
		quiet.Sent = sent
		s.Keep(quiet)
		put(t, s, "missed")
		if got, err := gap(s, "pid", &sent); err != nil || !slices.Equal(got, []string{"missed"}) {
			t.Errorf("%s: quiet: %q, %v", name, got, err)
		}
		s.Keep(quiet) // it did not get what was sent
		if got, err := gap(s, "pid", &began); !errors.Is(err, adapter.ErrGapLost) {
			t.Errorf("%s: under way: %q, %v", name, got, err)
		}
		// What is dropped while it is read is noticed as well.
		s.Keep(quiet)
		session, from, err := s.Take(t.Context(), "pid", &sent)
		for range 100 {
			put(t, s, strings.Repeat("x", 10), "other")
		}
		if _, _, _, err2 := s.Missed(t.Context(), &session, from, s.Offset()); err != nil || !errors.Is(err2, adapter.ErrGapLost) {
			t.Errorf("%s: dropped while it is read: %v, %v", name, err, err2)
		}
	}
}

// One event that is larger than the log is not kept, and hides nothing.
func TestAnEventLargerThanTheLog(t *testing.T) {
	l := limits()
	l.Bytes = 1000
	s := store(t, l)
	began := s.Offset()
	s.Keep(lost(s, began, began))
	put(t, s, strings.Repeat("x", 2000))
	if st := s.Stats(); st.Events != 0 || st.Bytes != 0 {
		t.Errorf("%+v", st)
	}
	if _, err := gap(s, "pid", nil); !errors.Is(err, adapter.ErrGapLost) {
		t.Errorf("%v", err)
	}
}

// What was forgotten of the rooms can't be made up for.
func TestRoomsThatAreNotKnownExactly(t *testing.T) {
	s := store(t, limits())
	began := s.Offset()
	first := put(t, s, "first")
	second := put(t, s, "second")
	session := lost(s, began, second)
	session.Exact = second
	s.Keep(session)
	if _, err := gap(s, "pid", &first); !errors.Is(err, adapter.ErrGapLost) {
		t.Error(err)
	}
	s.Keep(session)
	if _, err := gap(s, "pid", &second); err != nil {
		t.Error(err)
	}
}

// Sessions are bounded in number and in bytes; the oldest go.
func TestSessionsAreBounded(t *testing.T) {
	for name, l := range map[string]inmemory.Limits{
		"number": {Age: time.Minute, Events: 9, Bytes: 1 << 20, Sessions: 10, SessionBytes: 1 << 30},
		"bytes":  {Age: time.Minute, Events: 9, Bytes: 1 << 20, Sessions: 1 << 20, SessionBytes: 10 * 2000},
	} {
		s := store(t, l)
		for i := range 100 {
			session := lost(s, s.Offset(), s.Offset())
			session.PID = fmt.Sprint("pid", i)
			session.Rooms = append(session.Rooms, adapter.Membership{Room: strings.Repeat("r", 1000)})
			session.Data = adapter.Bytes(make([]byte, 200))
			s.Keep(session)
		}
		st := s.Stats()
		if st.Sessions < 9 || st.Sessions > 10 || st.SessionBytes > 10*2000 || st.DroppedSessions < 90 {
			t.Errorf("%s: %+v", name, st)
		}
		if _, err := gap(s, "pid0", nil); !errors.Is(err, adapter.ErrSessionUnknown) {
			t.Errorf("%s: the first: %v", name, err)
		}
		if _, err := gap(s, "pid99", nil); err != nil {
			t.Errorf("%s: the last: %v", name, err)
		}
	}
}

// Time takes sessions and events away, by itself, and leaves nothing running.
func TestTimeTakesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inmemory.New(limits())
		began := s.Offset()
		s.Keep(lost(s, began, began))
		put(t, s, "missed")
		time.Sleep(2*time.Minute - time.Second)
		if got, err := gap(s, "pid", nil); err != nil || len(got) != 1 {
			t.Errorf("shortly before: %q, %v", got, err)
		}
		s.Keep(lost(s, began, began))
		time.Sleep(2 * time.Minute)
		if _, err := gap(s, "pid", nil); err == nil {
			t.Error("a session after its time")
		}
		put(t, s, "one more")
		time.Sleep(time.Hour)
		if st := s.Stats(); st.Events != 0 || st.Bytes != 0 || st.Sessions != 0 || st.SessionBytes != 0 {
			t.Errorf("after an hour: %+v", st)
		}
	}) // a timer that runs on would keep the bubble from ending
}

// A session that nothing was sent to for a day is recovered, and again.
func TestQuietForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inmemory.New(limits())
		began := s.Offset()
		sent := put(t, s, "sent", "r")
		for range 3 {
			time.Sleep(24 * time.Hour)
			for range 2000 {
				put(t, s, "others", "other")
			}
			session := lost(s, began, s.Offset())
			session.Sent = sent
			s.Keep(session)
			put(t, s, "others", "other")
			if got, err := gap(s, "pid", &sent); err != nil || len(got) != 0 {
				t.Errorf("%q, %v", got, err)
			}
		}
		s.Close()
	})
}

// Stores that share a budget hold no more than it together, and give back what they let go of.
func TestStoresShareABudget(t *testing.T) {
	b := &inmemory.Budget{Bytes: 30 * 300, SessionBytes: 30 * 2000}
	l := limits()
	l.Shared = b
	var all []*inmemory.Store
	for i := range 10 {
		s := store(t, l)
		all = append(all, s)
		for j := range 20 {
			put(t, s, strings.Repeat("x", 10))
			session := lost(s, s.Offset(), s.Offset())
			session.PID = fmt.Sprint(i, " ", j)
			session.Rooms = append(session.Rooms, adapter.Membership{Room: strings.Repeat("r", 1000)})
			s.Keep(session)
		}
		var bytes, sessionBytes int64
		for _, s := range all {
			bytes, sessionBytes = bytes+int64(s.Stats().Bytes), sessionBytes+int64(s.Stats().SessionBytes)
		}
		heldBytes, heldSessions := b.Held()
		if bytes != heldBytes || sessionBytes != heldSessions || bytes > b.Bytes || sessionBytes > b.SessionBytes {
			t.Fatalf("%d stores hold %d and %d, by the budget %d and %d", i+1, bytes, sessionBytes, heldBytes, heldSessions)
		}
	}
	file := saved(t, all[0])
	loaded := store(t, l)
	if err := load(loaded, file); err != nil {
		t.Fatal(err)
	}
	for _, s := range append(all, loaded) {
		s.Discard()
	}
	if bytes, sessionBytes := b.Held(); bytes != 0 || sessionBytes != 0 {
		t.Errorf("%d and %d are left", bytes, sessionBytes)
	}
}
