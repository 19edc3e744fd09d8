package inmemory

import (
	"bufio"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"
	"time"

	"github.com/socketio-go/socketio/adapter"
)

// A saved store is
//
//	"sio-log" version(1)
//	n { epoch start last }                     lives of the log
//	last n { at flags event [attachments] [rooms] [except] }   the events, up to the position last
//	n { pid id until began sent exact lost [room from to] data }   the sessions
//	crc                                        CRC-32C of all that, 4 bytes, big-endian
//
// Numbers are varints, signed for times, which are Unix nanoseconds; a text is its length and its bytes; a list is its
// length and its elements.
const (
	magic   = "sio-log"
	version = 1

	flagNoCompress = 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Save writes the log and the sessions. Unsaved is how many sessions were left out, as their data can't be bytes. The
// store may be in use meanwhile.
func (s *Store) Save(w io.Writer) (unsaved int, err error) {
	s.mu.Lock()
	lives, last := append(epochs(nil), s.epochs...), s.log.last
	entries := make([]entry, 0, s.log.count)
	for p := s.log.first(); p <= last; p++ {
		entries = append(entries, *s.log.at(p))
	}
	sessions := make([]adapter.Session, 0, len(s.kept.byPID))
	for e := s.kept.order.Front(); e != nil; e = e.Next() {
		sessions = append(sessions, e.Value.(*kept).session)
	}
	s.mu.Unlock()
	lives[len(lives)-1].last = last

	data := make([][]byte, 0, len(sessions)) // asked for without a lock: it may be user code
	known := sessions[:0]
	for _, session := range sessions {
		var b []byte
		if session.Data != nil {
			if b, err = session.Data.MarshalBinary(); err != nil {
				unsaved++
				continue
			}
		}
		known, data = append(known, session), append(data, b)
	}

	e := &encoder{w: bufio.NewWriter(w), sum: crc32.New(castagnoli)}
	e.write([]byte(magic))
	e.write([]byte{version})
	e.number(uint64(len(lives)))
	for _, l := range lives {
		e.text(l.name)
		e.number(l.start)
		e.number(l.last)
	}
	e.number(last)
	e.number(uint64(len(entries)))
	for i := range entries {
		e.event(&entries[i])
	}
	e.number(uint64(len(known)))
	for i := range known {
		e.session(&known[i], data[i])
	}
	var crc [4]byte
	binary.BigEndian.PutUint32(crc[:], e.sum.Sum32())
	e.write(crc[:])
	if e.err == nil {
		e.err = e.w.Flush()
	}
	return unsaved, e.err
}

// encoder writes until the first error.
type encoder struct {
	w   *bufio.Writer
	sum hash.Hash32
	err error
}

func (e *encoder) event(x *entry) {
	m := &x.message
	e.time(x.at)
	var flags uint64
	if m.NoCompress {
		flags |= flagNoCompress
	}
	e.number(flags)
	e.bytes(m.Event)
	e.number(uint64(len(m.Attachments)))
	for _, a := range m.Attachments {
		e.bytes(a)
	}
	e.texts(m.Rooms)
	e.texts(m.Except)
}

func (e *encoder) session(s *adapter.Session, data []byte) {
	e.text(s.PID)
	e.text(s.ID)
	e.time(s.Until)
	e.text(s.Began)
	e.text(s.Sent)
	e.text(s.Exact)
	e.text(s.Lost)
	e.number(uint64(len(s.Rooms)))
	for _, m := range s.Rooms {
		e.text(m.Room)
		e.text(m.From)
		e.text(m.To)
	}
	e.bytes(data)
}

func (e *encoder) write(b []byte) {
	if e.err == nil {
		e.sum.Write(b)
		_, e.err = e.w.Write(b)
	}
}

func (e *encoder) number(n uint64)  { e.write(binary.AppendUvarint(nil, n)) }
func (e *encoder) time(t time.Time) { e.write(binary.AppendVarint(nil, t.UnixNano())) }
func (e *encoder) bytes(b []byte)   { e.number(uint64(len(b))); e.write(b) }
func (e *encoder) text(s string)    { e.bytes([]byte(s)) }
func (e *encoder) texts(all []string) {
	e.number(uint64(len(all)))
	for _, s := range all {
		e.text(s)
	}
}
