package lane

import (
	"net/http"
	"sync/atomic"
	"time"
)

// clock makes the Date of responses, once a second.
type clock struct{ now atomic.Pointer[stamp] }

type stamp struct {
	second int64
	text   string
}

// date is the value of a Date header for t (RFC 9110 section 6.6.1).
func (c *clock) date(t time.Time) string {
	second := t.Unix()
	if s := c.now.Load(); s != nil && s.second == second {
		return s.text
	}
	s := &stamp{second, t.UTC().Format(http.TimeFormat)}
	c.now.Store(s)
	return s.text
}
