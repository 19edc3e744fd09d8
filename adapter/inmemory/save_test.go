package inmemory_test

import (
	"bufio"
	"bytes"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/adapter"
	"github.com/socketio-go/socketio/adapter/inmemory"
)

// full is a store with some of everything.
func full(t testing.TB) (s *inmemory.Store, offset string) {
	s = store(t, limits())
	began := s.Offset()
	offset = put(t, s, "received", "r")
	session := lost(s, began, offset)
	session.Data = adapter.Bytes(`{"a":1}`)
	session.Rooms = append(session.Rooms, adapter.Membership{Room: "ünï", From: began, To: offset})
	s.Keep(session)
	put(t, s, "missed", "r", "other")
	s.Store(adapter.Message{
		Event: []byte(`["bytes",{"_placeholder":true,"num":0}]`), Attachments: [][]byte{{1, 2, 3}, {}}, Except: []string{"x"}, NoCompress: true,
	})
	return s, offset
}

func saved(t testing.TB, s *inmemory.Store) []byte {
	t.Helper()
	var b bytes.Buffer
	if unsaved, err := s.Save(&b); err != nil || unsaved != 0 {
		t.Fatalf("save: %d, %v", unsaved, err)
	}
	return b.Bytes()
}

func load(s *inmemory.Store, b []byte) error { return s.Load(bufio.NewReader(bytes.NewReader(b))) }

// What was saved is there in the next life of the log: the sessions, what they missed, and what was stored since.
func TestSaveAndLoad(t *testing.T) {
	s, offset := full(t)
	file := saved(t, s)
	next := store(t, limits())
	if err := load(next, file); err != nil {
		t.Fatal(err)
	}
	put(t, next, "since")
	session, from, err := next.Take(t.Context(), "pid", &offset)
	if err != nil || string(session.Data.(adapter.Bytes)) != `{"a":1}` || len(session.Rooms) != 3 {
		t.Fatalf("%+v, %v", session, err)
	}
	missed, _, _, err := next.Missed(t.Context(), &session, from, next.Offset())
	if err != nil || len(missed) != 3 || string(missed[0].Event) != `["missed"]` || string(missed[2].Event) != `["since"]` {
		t.Fatalf("%+v, %v", missed, err)
	}
	if m := missed[1]; !m.NoCompress || len(m.Attachments) != 2 || !bytes.Equal(m.Attachments[0], []byte{1, 2, 3}) || !slices.Equal(m.Except, []string{"x"}) {
		t.Errorf("%+v", m)
	}
	if missed[1].Offset[0] != missed[2].Offset[0] || len(missed[1].Offset) != len(missed[2].Offset) || missed[1].Offset[:8] == missed[2].Offset[:8] {
		t.Errorf("offsets of two lives: %s, %s", missed[1].Offset, missed[2].Offset)
	}
}

// An offset that was given out after the state was saved belongs to events that are not there any more, though others have
// their places by now.
func TestAnOffsetYoungerThanTheFile(t *testing.T) {
	s, _ := full(t)
	file := saved(t, s)
	younger := put(t, s, "forgotten")
	next := store(t, limits())
	if err := load(next, file); err != nil {
		t.Fatal(err)
	}
	for range 9 {
		put(t, next, "since")
	}
	if _, _, err := next.Take(t.Context(), "pid", &younger); !errors.Is(err, adapter.ErrOffsetUnknown) {
		t.Error(err)
	}
}

// A store may live many lives.
func TestManyLives(t *testing.T) {
	s, offset := full(t)
	for range 6 {
		next := store(t, limits())
		if err := load(next, saved(t, s)); err != nil {
			t.Fatal(err)
		}
		put(t, next, "one more", "r")
		s = next
	}
	if got, err := gap(s, "pid", &offset); err != nil || len(got) != 8 {
		t.Errorf("%q, %v", got, err)
	}
}

// What has expired while nobody ran is not brought back.
func TestLoadAfterTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, offset := full(t)
		s.Close()
		file := saved(t, s)
		time.Sleep(time.Hour)
		next := inmemory.New(limits())
		if err := load(next, file); err != nil {
			t.Fatal(err)
		}
		if st := next.Stats(); st.Events != 0 || st.Sessions != 0 {
			t.Errorf("%+v", st)
		}
		if _, err := gap(next, "pid", &offset); !errors.Is(err, adapter.ErrSessionUnknown) {
			t.Error(err)
		}
	})
}

// A store that has something already is left alone.
func TestLoadIntoAStoreInUse(t *testing.T) {
	s, _ := full(t)
	other, _ := full(t)
	if err := load(other, saved(t, s)); !errors.Is(err, inmemory.ErrInUse) {
		t.Error(err)
	}
}

// Every bit counts: no file that was damaged is loaded, and none that was cut.
func TestADamagedFileIsNotLoaded(t *testing.T) {
	s, _ := full(t)
	file := saved(t, s)
	for i := range file {
		for bit := range 8 {
			damaged := bytes.Clone(file)
			damaged[i] ^= 1 << bit
			next := inmemory.New(limits())
			if err := load(next, damaged); !errors.Is(err, inmemory.ErrDamaged) {
				t.Errorf("byte %d, bit %d: %v", i, bit, err)
			}
			if st := next.Stats(); st.Events != 0 || st.Sessions != 0 {
				t.Errorf("byte %d, bit %d: %+v", i, bit, st)
			}
		}
		if err := load(inmemory.New(limits()), file[:i]); !errors.Is(err, inmemory.ErrDamaged) {
			t.Errorf("%d bytes: %v", i, err)
		}
	}
}

// A file with more than the limits is loaded with the youngest that fit.
func TestLoadKeepsTheLimits(t *testing.T) {
	large := limits()
	large.Events, large.Bytes, large.Sessions = 1<<20, 1<<30, 1<<20
	s := store(t, large)
	for range 5000 {
		put(t, s, "event")
	}
	small := limits()
	small.Events = 10
	next := store(t, small)
	if err := load(next, saved(t, s)); err != nil {
		t.Fatal(err)
	}
	if st := next.Stats(); st.Events != 10 {
		t.Errorf("%+v", st)
	}
}

type unsaveable struct{}

func (unsaveable) MarshalBinary() ([]byte, error) { return nil, errors.New("not for a file") }

// A session whose data can't be saved is left out, and counted.
func TestDataThatCannotBeSaved(t *testing.T) {
	s, _ := full(t)
	session := lost(s, s.Offset(), s.Offset())
	session.PID, session.Data = "other", unsaveable{}
	s.Keep(session)
	var b bytes.Buffer
	if unsaved, err := s.Save(&b); unsaved != 1 || err != nil {
		t.Errorf("%d, %v", unsaved, err)
	}
	next := store(t, limits())
	if err := load(next, b.Bytes()); err != nil || next.Stats().Sessions != 1 {
		t.Errorf("%v, %+v", err, next.Stats())
	}
}

// FuzzLoad: no file makes Load panic or keep more than the limits, and what is loaded can be saved, loaded and read.
func FuzzLoad(f *testing.F) {
	s, offset := full(f)
	file := saved(f, s)
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Add([]byte("sio-log\x01\x00\x00\x00\x00"))
	l := inmemory.Limits{Age: 1 << 62, Events: 50, Bytes: 1 << 16, Sessions: 10, SessionBytes: 1 << 16}
	f.Fuzz(func(t *testing.T, b []byte) {
		s := inmemory.New(l)
		defer s.Close()
		if err := load(s, inmemory.WithChecksum(b)); err != nil {
			return
		}
		st := s.Stats()
		if st.Events > l.Events || st.Bytes > l.Bytes || st.Sessions > l.Sessions || st.SessionBytes > l.SessionBytes {
			t.Fatalf("%+v", st)
		}
		again := inmemory.New(l)
		defer again.Close()
		if err := load(again, saved(t, s)); err != nil {
			t.Fatalf("what was loaded can't be loaded again: %v", err)
		}
		if now := again.Stats(); now.Events != st.Events || now.Bytes != st.Bytes || now.Sessions > st.Sessions {
			t.Fatalf("%+v, then %+v", st, now)
		}
		gap(again, "pid", &offset)
		gap(again, "pid", nil)
	})
}
