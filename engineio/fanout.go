package engineio

import "github.com/socketio-go/socketio/engineio/packet"

// FanOut queues packets to many sessions of one server, one after the other, and then sees to it that they are written: at
// once if that is a single one, otherwise by the flushers, which take over all of them together. Between Enqueue and Flush
// it takes one turn of the session's lock for a delivery, where [Conn.Enqueue] and [Conn.FlushSoon] take two and one of
// the flusher's. It belongs to one goroutine.
type FanOut struct {
	server *Server
	due    [][]due // by flusher
	size   int     // of all in due
	dense  []*Conn // so much waits in these that nothing more could share the system call
}

// FanOut begins one, which the caller ends with [FanOut.Flush].
func (s *Server) FanOut() *FanOut {
	if f, ok := s.fanOuts.Get().(*FanOut); ok {
		return f
	}
	return &FanOut{server: s, due: make([][]due, len(s.flushers))}
}

// Ahead is how many sessions to call [Conn.Prefetch] of before the first of them is queued to.
const Ahead = 16

// Prefetch has the processor fetch what [FanOut.Enqueue] is about to touch, and does not wait for it. With thousands of
// sessions that is in no cache, and who fetches for several waits once for all of them.
func (c *Conn) Prefetch() { c.told.Load() }

// Enqueue is [Conn.EnqueueThrough] for one of the receivers. What that wants its caller to do is left to Flush.
func (f *FanOut) Enqueue(c *Conn, g Gate, volatile bool, ps []*packet.Prepared) error {
	c.mu.Lock()
	err := c.put(ps, volatile, g)
	switch {
	case err != nil || c.writing:
	case c.dense():
		f.dense = append(f.dense, c)
	case !c.soon:
		c.soon = true
		if f.size++; f.size == 1 {
			f.server.running.Add(1) // until Flush. The count is not zero, as this session is open.
		}
		f.due[c.flusher.number] = append(f.due[c.flusher.number], due{c, c.transport})
	}
	c.mu.Unlock()
	if err == ErrBufferFull {
		c.cutOff()
	}
	return err
}

// Flush has everything written that Enqueue queued, now or soon. It ends the fan-out.
func (f *FanOut) Flush() {
	for _, c := range f.dense {
		c.Flush()
	}
	clear(f.dense)
	f.dense = f.dense[:0]
	if f.size > 0 {
		for i, list := range f.due {
			switch {
			case len(list) == 0:
				continue
			case f.size == 1:
				list[0].conn.flushDue()
			default:
				f.server.flushers[i].take(list)
			}
			clear(list)
			f.due[i] = list[:0]
		}
		f.size = 0
		f.server.running.Done()
	}
	f.server.fanOuts.Put(f)
}
