package engineio

import (
	"net/url"
	"sync"
)

// targets shares the parsed URLs of handshakes. Nearly all clients of a server ask for the same one, and a session keeps
// it for life: sharing saves some 600 bytes for each that is idle (TestSharedTarget).
type targets struct {
	mu    sync.Mutex
	known map[string]target // by query. Guarded by mu.
}

// target is the URL of a request, and its query. Neither is changed.
type target struct {
	url   *url.URL
	query url.Values
}

const (
	maxTargets     = 64  // many more than an honest program has
	maxTargetQuery = 256 // a longer query is not worth comparing
)

// find returns the target of a path and a query if it is in use already, and its URL; else nil.
func (s *targets) find(path string, query []byte) (target, *url.URL) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.known[string(query)]
	if !ok || *t.url != (url.URL{Path: path, RawQuery: t.url.RawQuery}) {
		return target{}, nil
	}
	return t, t.url
}

// share returns the target of u, or what is equal to it and in use already.
func (s *targets) share(u *url.URL) target {
	if len(u.RawQuery) > maxTargetQuery {
		return target{u, u.Query()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.known[u.RawQuery]
	if ok && *known.url == *u { // the query comes from the URL, so it is equal as well
		return known
	}
	if s.known == nil || len(s.known) >= maxTargets {
		s.known = make(map[string]target) // others may be asked for now
	}
	t := target{u, u.Query()}
	s.known[u.RawQuery] = t
	return t
}
