package inmemory

import (
	"sync"
	"time"

	"github.com/socketio-go/socketio/adapter"
)

// Limits of a [Store]. Each must be more than zero.
type Limits struct {
	Age          time.Duration // of an event, from when it was stored
	Events       int           // in the log
	Bytes        int           // of the events in the log, their rooms and what keeping them takes
	Sessions     int           // of lost sockets
	SessionBytes int           // of all sessions; what a Go value takes can't be known, so data count by the number of values
	Shared       *Budget       // with other stores; nil is none
}

// Store is the log and the sessions of one namespace. Make one with [New].
type Store struct {
	limits Limits

	mu     sync.Mutex
	epochs epochs // Guarded by mu, as all that follows.
	log    ring
	kept   sessions
	timer  *time.Timer // runs while there is anything to forget
	closed bool        // nothing is forgotten by time any more
	stats  Stats
}

var _ adapter.Recovery = (*Store)(nil)

// Stats are counts of a store.
type Stats struct {
	Events, Bytes          int    // in the log now
	Sessions, SessionBytes int    // kept now
	DroppedEvents          uint64 // for want of room, since it was made
	DroppedSessions        uint64
}

// New returns an empty store.
func New(l Limits) *Store {
	s := &Store{limits: l}
	s.epochs.begin(0)
	s.kept.byPID = make(map[string]*kept)
	return s
}

// Store puts m behind all that was stored before. It never fails.
func (s *Store) Store(m adapter.Message) (offset string, err error) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgetEvents(now)
	s.push(entry{message: m, at: now, size: sizeOf(&m)})
	s.trim()
	s.schedule()
	return s.epochs.offset(s.log.last), nil
}

func (s *Store) push(e entry) {
	s.log.push(e)
	s.limits.Shared.addEvent(e.size)
}

func (s *Store) shift() {
	s.limits.Shared.addEvent(-s.log.oldest().size)
	s.log.shift()
}

// trim makes room for what was stored last.
func (s *Store) trim() {
	for s.log.count > s.limits.Events || s.log.bytes > s.limits.Bytes || s.log.count > 0 && s.limits.Shared.eventsOver() {
		s.shift()
		s.stats.DroppedEvents++
	}
}

// Offset is that of the event that was stored last.
func (s *Store) Offset() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epochs.offset(s.log.last)
}

// Stats returns the counts as they are now.
func (s *Store) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Events, st.Bytes = s.log.count, s.log.bytes
	st.Sessions, st.SessionBytes = len(s.kept.byPID), s.kept.bytes
	return st
}

// Close stops the timer. What is stored stays, and can be saved.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

// Discard forgets everything, and closes.
func (s *Store) Discard() {
	s.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.log.count > 0 {
		s.shift()
	}
	s.log.shrink()
	for e := s.kept.order.Front(); e != nil; e = s.kept.order.Front() {
		s.remove(e.Value.(*kept))
	}
}

// Open undoes Close.
func (s *Store) Open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = false
	s.schedule()
}
