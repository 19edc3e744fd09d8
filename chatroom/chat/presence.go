package chat

import (
	"slices"
	"sync"
	"time"
)

// Grace is how long a person stays here after the last tab has gone, so that a reload or a reconnect makes no noise.
const Grace = 10 * time.Second

// Presence knows who is here. It counts people, not tabs: a person arrives with the first connection and has left when
// the grace period after the last one is over. Safe for use by several goroutines.
type Presence struct {
	grace time.Duration
	left  func(UserID)

	mu      sync.Mutex
	stays   map[UserID]*stay // guarded by mu
	closed  bool             // guarded by mu
	news    []func()         // guarded by mu: announcements that wait for their turn; at most one or two a person
	telling bool             // guarded by mu: somebody is making the announcements
	quiet   *sync.Cond       // on mu: telling became false
}

// stay is one person's time here. Guarded by Presence.mu.
type stay struct {
	connections int
	arrivals    int         // how often someone connected: tells a grace period from the one before
	leaving     *time.Timer // set while connections is 0
}

// NewPresence returns a presence with nobody here. left is called once for each person who is gone, after the grace
// period, in order with the announcements of [Presence.Arrive] and never two at a time.
func NewPresence(grace time.Duration, left func(UserID)) *Presence {
	p := &Presence{grace: grace, left: left, stays: make(map[UserID]*stay)}
	p.quiet = sync.NewCond(&p.mu)
	return p
}

// Arrive counts one more connection of the person. If it is the first one, announce is called. Arrivals and departures
// are announced in the order in which they happened; no lock is held meanwhile.
func (p *Presence) Arrive(user UserID, announce func()) {
	p.mu.Lock()
	s := p.stays[user]
	if s == nil {
		s = &stay{}
		p.stays[user] = s
		p.news = append(p.news, announce)
	}
	if s.leaving != nil {
		s.leaving.Stop()
		s.leaving = nil
	}
	s.connections++
	s.arrivals++
	p.tell()
}

// Depart counts one connection less. After the last one the grace period begins.
func (p *Presence) Depart(user UserID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stays[user]
	if s == nil || s.connections == 0 {
		panic("chat: more departures than arrivals")
	}
	s.connections--
	if s.connections > 0 || p.closed {
		return
	}
	arrivals := s.arrivals
	s.leaving = time.AfterFunc(p.grace, func() { p.expire(user, s, arrivals) })
}

// expire ends the stay unless the person has come back since then.
func (p *Presence) expire(user UserID, s *stay, arrivals int) {
	p.mu.Lock()
	if s.arrivals != arrivals || p.closed {
		p.mu.Unlock()
		return
	}
	delete(p.stays, user)
	p.news = append(p.news, func() { p.left(user) })
	p.tell()
}

// tell makes the announcements that wait, unless somebody is at it already and will make these too. It is called with mu
// locked and unlocks it.
func (p *Presence) tell() {
	if p.telling {
		p.mu.Unlock()
		return
	}
	p.telling = true
	for len(p.news) > 0 {
		news := p.news
		p.news = nil
		p.mu.Unlock()
		for _, announce := range news {
			announce()
		}
		p.mu.Lock()
	}
	p.telling = false
	p.quiet.Broadcast()
	p.mu.Unlock()
}

// Here returns who is here, in ascending order of id.
func (p *Presence) Here() []UserID {
	p.mu.Lock()
	defer p.mu.Unlock()
	users := make([]UserID, 0, len(p.stays))
	for user := range p.stays {
		users = append(users, user)
	}
	slices.Sort(users)
	return users
}

// IsHere tells whether the person is here.
func (p *Presence) IsHere(user UserID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stays[user] != nil
}

// Count is the number of people here.
func (p *Presence) Count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.stays)
}

// Close stops the grace periods: nobody is announced as gone because the server stops. It waits for announcements that
// are being made.
func (p *Presence) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, s := range p.stays {
		if s.leaving != nil {
			s.leaving.Stop()
		}
	}
	for p.telling {
		p.quiet.Wait()
	}
}
