package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

const (
	maxWaiting = 1024                 // changes that wait for the writer
	maxGroup   = 256                  // changes in one transaction
	maxGather  = 2 * time.Millisecond // how long a transaction takes in more changes
	maxUntold  = 4                    // transactions whose answers wait for the teller
)

// busyWait is what a client is told to wait when the queue is full.
const busyWait = time.Second

// change is something to write and someone to tell.
type change struct {
	run  func(*tx) error
	done func(error) // called once by the teller
	err  error       // owned by the writer, then by the teller
}

// writer owns the one connection that writes.
type writer struct {
	queue  chan *change
	untold chan []*change
	ended  sync.WaitGroup

	accepting sync.RWMutex // held for reading while a change is put into the queue
	closed    bool         // guarded by accepting

	tx    *tx       // owned by the writer goroutine
	swept time.Time // owned by the writer goroutine: when ended sessions were last looked for
}

func startWriter(conn *sql.Conn) *writer {
	w := &writer{
		queue:  make(chan *change, maxWaiting),
		untold: make(chan []*change, maxUntold),
		tx:     &tx{conn: conn, statements: make(map[string]*sql.Stmt)},
	}
	w.ended.Go(w.work)
	w.ended.Go(w.tell)
	return w
}

// put hands a change to the writer. An error means that it was not taken. The lock is held for reading while the queue is
// full, which only keeps close waiting, and no longer than the writer needs to make room.
func (w *writer) put(ctx context.Context, c *change) error {
	w.accepting.RLock()
	defer w.accepting.RUnlock()
	if w.closed {
		return store.ErrClosed
	}
	select {
	case w.queue <- c:
		return nil
	default:
	}
	select {
	case w.queue <- c:
		return nil
	case <-ctx.Done():
		return &chat.Error{Code: chat.CodeBusy, RetryAfter: busyWait}
	}
}

// close waits until all that was put is committed and told.
func (w *writer) close() error {
	w.accepting.Lock()
	if w.closed {
		w.accepting.Unlock()
		return store.ErrClosed
	}
	w.closed = true
	close(w.queue)
	w.accepting.Unlock()
	w.ended.Wait()
	return w.tx.close()
}

// work commits group after group until the queue is closed and empty.
func (w *writer) work() {
	defer close(w.untold)
	for first := range w.queue {
		w.untold <- w.commit(first)
	}
}

// tell gives out the answers in the order of commit.
func (w *writer) tell() {
	for group := range w.untold {
		for _, c := range group {
			c.done(c.err)
		}
	}
}

// commit writes one group: first and all that wait behind it, up to the limits. Each change stands or falls alone, by a
// savepoint; the commit decides on all of them.
func (w *writer) commit(first *change) []*change {
	group := []*change{first}
	if err := w.tx.exec("BEGIN IMMEDIATE"); err != nil {
		first.err = fmt.Errorf("begin: %w", err)
		return group
	}
	w.sweep()
	first.err = w.tx.nested(first.run)
	for began := time.Now(); len(group) < maxGroup && time.Since(began) < maxGather; {
		select {
		case c, ok := <-w.queue:
			if ok {
				c.err = w.tx.nested(c.run)
				group = append(group, c)
				continue
			}
		default:
		}
		break
	}
	if err := w.tx.exec("COMMIT"); err != nil {
		w.tx.exec("ROLLBACK") // the error of the commit is the one that tells
		for _, c := range group {
			c.err = fmt.Errorf("commit: %w", err)
		}
	}
	return group
}

// sweep ends what is over, with the first change of each day.
func (w *writer) sweep() {
	if now := time.Now(); now.Sub(w.swept) >= 24*time.Hour {
		w.swept = now
		// A sweep that fails changes nothing and is tried again tomorrow; what made it fail meets the changes as well.
		w.tx.nested(func(t *tx) error { return endSessions(t, now.Add(-store.SessionLife)) })
	}
}

// write puts run into the next transaction and returns its result after the commit.
func write[T any](ctx context.Context, s *Store, run func(*tx) (T, error)) (T, error) {
	var result T // written by the writer, read after done
	done := make(chan error, 1)
	err := s.writer.put(ctx, &change{
		run: func(t *tx) (err error) {
			if err := ctx.Err(); err != nil {
				return err
			}
			result, err = run(t)
			return err
		},
		done: func(err error) { done <- err },
	})
	var none T
	if err != nil {
		return none, err
	}
	select {
	case err := <-done:
		if err != nil {
			return none, err
		}
		return result, nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
