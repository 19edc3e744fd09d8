package socketio

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"slices"
	"sync"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// A client that sends an event again until it is answered may do so under the same acknowledgement id, and say so in its
// CONNECT: {"resends":true}. Then the server remembers, for as long as the client's session, which ids it has seen and
// what they were answered with, and the handlers of an event run once however often it comes. See ADR 0033.

const (
	maxAnswered      = 64      // events a session
	maxAnsweredBytes = 1 << 20 // of their answers
)

// answered is what a session remembers of the events that its client may send again. It goes with the session from
// socket to socket, as the socket's data do.
type answered struct {
	mu    sync.Mutex
	list  []*asked // Guarded by mu. The oldest first.
	bytes int      // Guarded by mu. Of the answers.
}

// asked is an event that came, and its answer once there is one. Guarded by answered.mu.
type asked struct {
	id     uint64
	socket *Socket // that heard of it last, and gets the answer
	done   bool
	answer ackPayload
}

// ackPayload is what an acknowledgement carries.
type ackPayload struct {
	Data        jsontext.Value `json:"data"` // an array
	Attachments [][]byte       `json:"attachments,omitempty"`
}

func (p ackPayload) size() int {
	n := len(p.Data)
	for _, a := range p.Attachments {
		n += len(a)
	}
	return n
}

// answeredKey is where a socket has it: with its data, so that it is kept and saved with them.
var answeredKey = Key[*answered]{&key{name: "\x00answered", saved: true}}

var resendsWord = []byte(`"resends"`)

// resends reads from the payload of a CONNECT whether the client sends events again under the same id.
func resends(auth Value) bool {
	if !bytes.Contains(auth.Raw(), resendsWord) {
		return false
	}
	var a struct {
		Resends any `json:"resends"`
	}
	return auth.Decode(&a) == nil && a.Resends == true
}

// remembered is what the session of a client that resends remembers.
func (s *Socket) remembered() *answered {
	return answeredKey.Update(s, func(a *answered) *answered {
		if a == nil {
			a = new(answered)
		}
		return a
	})
}

// repeated reports whether an event that asks for an answer has come before. Then whoever answers it answers this one, or
// did so already and the answer is sent again. If it has not, a is where it is to be remembered. It is called by the reader.
func (s *Socket) repeated(e *Event) (a *answered, again bool) {
	a = s.remembered()
	a.mu.Lock()
	i := slices.IndexFunc(a.list, func(known *asked) bool { return known.id == e.id })
	if i < 0 {
		a.mu.Unlock()
		return a, false
	}
	known := a.list[i]
	known.socket = s
	answer, done := known.answer, known.done
	a.mu.Unlock()
	s.conn.server.repeatedEvents.Add(1)
	if done && s.conn.eio.AwaitRoom() { // who asks faster than it reads is slowed down
		if ps, err := s.acknowledgement(e.id, answer); err == nil {
			s.reply(ps) // an error is that of a socket which is gone
		}
	}
	return nil, true
}

// knows reports whether the event of this id has come, and its answer did or will.
func (a *answered) knows(id uint64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.ContainsFunc(a.list, func(known *asked) bool { return known.id == id })
}

// remember notes an event that is going to be handled. When there is no room the oldest goes. It is called with conn.mu held.
func (a *answered) remember(e *Event) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.list) >= maxAnswered {
		a.forget(0)
	}
	a.list = append(a.list, &asked{id: e.id, socket: e.socket})
}

func (a *answered) forget(i int) {
	a.bytes -= a.list[i].answer.size()
	a.list = slices.Delete(a.list, i, i+1)
}

// keep remembers the answer to an event, and returns the socket that is to get it. When there is no room the oldest answers
// go; one that is too large by itself is not kept.
func (a *answered) keep(e *Event, answer ackPayload) *Socket {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.list, func(known *asked) bool { return known.id == e.id })
	if i < 0 || a.list[i].done { // it was forgotten, and maybe came again as another, which was quicker
		return e.socket
	}
	known := a.list[i]
	to := known.socket
	known.answer, known.done, known.socket = answer, true, nil
	a.bytes += answer.size()
	if answer.size() > maxAnsweredBytes {
		a.forget(i)
	}
	for a.bytes > maxAnsweredBytes {
		a.forget(slices.IndexFunc(a.list, func(known *asked) bool { return known.done }))
	}
	return to
}

// ackOnce answers an event of a client that resends.
func (s *Socket) ackOnce(e *Event, args []any) error {
	data, attachments, err := event.AppendArgs(args)
	if err != nil {
		return err
	}
	for i, b := range attachments {
		attachments[i] = bytes.Clone(b) // the caller's, who may use them again
	}
	answer := ackPayload{data, attachments}
	ps, err := s.acknowledgement(e.id, answer)
	if err != nil {
		return err
	}
	if e.acked.Swap(true) {
		s.conn.server.repeatedAcks.Add(1)
		return ErrAcknowledged
	}
	return s.remembered().keep(e, answer).reply(ps)
}

func (s *Socket) acknowledgement(id uint64, answer ackPayload) ([]*packet.Prepared, error) {
	return s.conn.server.prepareSingle(parser.Packet{
		Type: parser.Ack, Namespace: s.namespace.name, ID: id, HasID: true, Data: answer.Data, Attachments: answer.Attachments,
	}, false)
}

// size is what it weighs when sessions are weighed.
func (a *answered) size() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return valueCost/4*len(a.list) + a.bytes
}

// savedAnswer is an answer in a file.
type savedAnswer struct {
	ID uint64 `json:"id,string"`
	ackPayload
}

// MarshalJSON makes a list of the answers. What is not answered yet never will be, where this is read.
func (a *answered) MarshalJSON() ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := make([]savedAnswer, 0, len(a.list))
	for _, known := range a.list {
		if known.done {
			list = append(list, savedAnswer{known.id, known.answer})
		}
	}
	return json.Marshal(list)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *answered) UnmarshalJSON(b []byte) error {
	var list []savedAnswer
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	for _, saved := range list[max(0, len(list)-maxAnswered):] {
		if a.bytes += saved.size(); a.bytes > maxAnsweredBytes {
			return errors.New("socketio: answers of more than 1 MiB")
		}
		a.list = append(a.list, &asked{id: saved.ID, done: true, answer: saved.ackPayload})
	}
	return nil
}
