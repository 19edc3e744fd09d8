package inmemory

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"time"

	"github.com/socketio-go/socketio/adapter"
)

var (
	// ErrDamaged means that what was to be loaded is not what was saved.
	ErrDamaged = errors.New("inmemory: not a saved log, or damaged")
	// ErrInUse means that a store has something already, so that nothing can be loaded into it.
	ErrInUse = errors.New("inmemory: the store is in use")
)

// Load fills a new store with what was saved, and begins another life of its log behind that. It reads no further than
// that goes. What is too old is left out, and what is too much, the oldest first; memory for more than the limits is never
// taken. After an error the store is as it was.
func (s *Store) Load(r *bufio.Reader) error {
	limits := s.limits
	limits.Shared = nil
	loaded := New(limits)
	d := &decoder{r: r, sum: crc32.New(castagnoli), budget: s.limits.Bytes + s.limits.SessionBytes + slack}
	d.store(loaded)
	if d.err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, d.err)
	}
	now := time.Now()
	loaded.forgetEvents(now)
	loaded.forgetSessions(now)
	loaded.log.shrink()
	loaded.epochs.begin(loaded.log.last)

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log.last > 0 || len(s.kept.byPID) > 0 {
		return ErrInUse
	}
	s.epochs, s.log, s.kept = loaded.epochs, loaded.log, sessions{byPID: make(map[string]*kept)}
	s.limits.Shared.addEvent(s.log.bytes)
	s.trim()
	for e := loaded.kept.order.Front(); e != nil; e = e.Next() {
		s.put(e.Value.(*kept).session)
	}
	s.trimSessions()
	s.schedule()
	return nil
}

// slack is what a file may hold beside what the limits are about.
const slack = 1 << 20

const (
	maxOffset = 64 // bytes of an offset
	maxID     = 64 // bytes of an id
)

var (
	errBudget = errors.New("too much")
	errShape  = errors.New("malformed")
)

// decoder reads until the first error. It takes no memory on the word of a length: what it takes is taken off the budget
// before, and comes as the bytes do.
type decoder struct {
	r      *bufio.Reader
	sum    hash.Hash32
	budget int
	err    error
}

func (d *decoder) store(s *Store) {
	head := make([]byte, len(magic)+1)
	d.read(head)
	if d.err == nil && (string(head[:len(magic)]) != magic || head[len(magic)] != version) {
		d.fail(errShape)
	}
	s.epochs = nil
	for range d.count(maxEpochs) {
		e := epoch{name: d.text(epochLength), start: d.number(), last: d.number()}
		if len(e.name) != epochLength || e.last < e.start || len(s.epochs) > 0 && s.epochs[len(s.epochs)-1].last != e.start {
			d.fail(errShape)
		}
		s.epochs = append(s.epochs, e)
	}
	last, n := d.number(), d.number()
	if d.err == nil && (len(s.epochs) == 0 || s.epochs[len(s.epochs)-1].last != last || n > last || last > maxPosition) {
		d.fail(errShape)
	}
	s.log.last = last - n
	for ; n > 0 && d.err == nil; n-- {
		if e := d.event(); d.err == nil {
			s.push(e)
			s.trim()
			d.budget = max(d.budget, s.limits.SessionBytes+slack) // what was trimmed counts no more
		}
	}
	for n := d.number(); n > 0 && d.err == nil; n-- {
		if session := d.session(); d.err == nil {
			s.put(session)
			s.trimSessions()
			d.budget = max(d.budget, slack)
		}
	}
	sum := d.sum.Sum32()
	var crc [4]byte
	d.read(crc[:])
	if d.err == nil && binary.BigEndian.Uint32(crc[:]) != sum {
		d.fail(errors.New("wrong checksum"))
	}
}

// maxPosition leaves room to count on.
const maxPosition = 1 << 62

func (d *decoder) event() entry {
	var e entry
	m := &e.message
	e.at = d.time()
	m.NoCompress = d.number()&flagNoCompress != 0
	m.Event = d.bytes(d.budget)
	if n := len(m.Event); n < 4 || string(m.Event[:2]) != `["` || m.Event[n-1] != ']' {
		d.fail(errShape)
	}
	for n := d.number(); n > 0 && d.err == nil; n-- {
		m.Attachments = append(m.Attachments, d.bytes(d.budget))
	}
	m.Rooms = d.texts()
	m.Except = d.texts()
	e.size = sizeOf(m)
	return e
}

func (d *decoder) session() adapter.Session {
	s := adapter.Session{PID: d.text(maxID), ID: d.text(maxID), Until: d.time()}
	s.Began, s.Sent, s.Exact, s.Lost = d.text(maxOffset), d.text(maxOffset), d.text(maxOffset), d.text(maxOffset)
	for n := d.number(); n > 0 && d.err == nil; n-- {
		s.Rooms = append(s.Rooms, adapter.Membership{Room: d.text(d.budget), From: d.text(maxOffset), To: d.text(maxOffset)})
	}
	if b := d.bytes(d.budget); len(b) > 0 {
		s.Data = adapter.Bytes(b)
	}
	return s
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *decoder) read(b []byte) {
	if d.err != nil {
		return
	}
	if _, err := io.ReadFull(d.r, b); err != nil {
		d.fail(err)
		return
	}
	d.sum.Write(b)
}

// ReadByte is for the numbers.
func (d *decoder) ReadByte() (byte, error) {
	b, err := d.r.ReadByte()
	if err == nil {
		d.sum.Write([]byte{b})
	}
	return b, err
}

func (d *decoder) number() uint64 {
	if d.err != nil {
		return 0
	}
	n, err := binary.ReadUvarint(d)
	if err != nil {
		d.fail(err)
		return 0
	}
	return n
}

func (d *decoder) time() time.Time {
	if d.err != nil {
		return time.Time{}
	}
	n, err := binary.ReadVarint(d)
	if err != nil {
		d.fail(err)
	}
	return time.Unix(0, n)
}

// count reads the length of a list that has a limit of its own.
func (d *decoder) count(most int) int {
	n := d.number()
	if n > uint64(most) {
		d.fail(errBudget)
		return 0
	}
	return int(n)
}

// piece is how much memory is taken before its bytes have come.
const piece = 64 << 10

// header is what a text or a list weighs beside its bytes.
const header = 24

func (d *decoder) bytes(most int) []byte {
	n := d.number()
	if d.err != nil {
		return nil
	}
	if n > uint64(max(0, most)) || int(n) > d.budget-header {
		d.fail(errBudget)
		return nil
	}
	d.budget -= int(n) + header
	b := make([]byte, 0, min(int(n), piece))
	for len(b) < int(n) && d.err == nil {
		more := min(int(n)-len(b), piece)
		b = append(b, make([]byte, more)...)
		d.read(b[len(b)-more:])
	}
	return b
}

func (d *decoder) text(most int) string { return string(d.bytes(most)) }

func (d *decoder) texts() (all []string) {
	for n := d.number(); n > 0 && d.err == nil; n-- {
		all = append(all, d.text(d.budget))
	}
	return all
}
