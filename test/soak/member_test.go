package soak

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/socketio-go/socketio/test/raw"
)

// member is a client of the mixed soak. One goroutine acts, another reads.
type member struct {
	id   int
	peer *raw.Peer

	// Owned by who acts.
	rooms map[string]bool
	seq   int // of the last message, over all rounds
	asked int // the last acknowledgement id

	expected  chan expectation // what the reader must see, beside messages, in this order
	upgrading atomic.Bool      // move to WebSocket at the next packet
	ended     chan struct{}    // closed when the reader is done
	err       error            // why it is; fixed when ended is closed

	mu       sync.Mutex
	received []message // in this round; guarded by mu
}

// message is one message of a member, as its sender or a receiver knows it.
type message struct{ sender, seq int }

// expectation is a packet that the reader waits for.
type expectation struct {
	prefix string
	seen   chan<- struct{} // told, unless nil; has room
}

// enter connects a new member.
func enter(addr, transport string, id int) (*member, error) {
	p, err := raw.Connect(addr, transport)
	if err != nil {
		return nil, err
	}
	m := &member{id: id, peer: p, rooms: make(map[string]bool), expected: make(chan expectation, 4096), ended: make(chan struct{})}
	go m.read()
	return m, nil
}

// leave ends the member and waits for its reader. A RST may come in the middle of anything.
func (m *member) leave(reset bool) {
	if reset {
		m.peer.Reset()
	} else {
		m.peer.Close()
	}
	<-m.ended
}

// ask sends an event, "name",args…, and makes the reader expect its answer; %d in answer stands for the id.
func (m *member) ask(event, answer string, attachments ...[]byte) error {
	m.asked++
	m.expected <- expectation{prefix: fmt.Sprintf(answer, m.asked)}
	header := fmt.Sprintf("42%d", m.asked)
	if len(attachments) > 0 {
		header = fmt.Sprintf("45%d-%d", len(attachments), m.asked)
	}
	return m.peer.Say(header+"["+event+"]", attachments...)
}

// barrier waits until everything this member asked so far has been answered. As its messages are sent before they are
// acknowledged, whatever was acknowledged to anybody before the barrier began has come when it ends.
func (m *member) barrier() error {
	m.asked++
	seen := make(chan struct{}, 1)
	m.expected <- expectation{fmt.Sprintf(`3%d["barrier"]`, m.asked), seen}
	if err := m.peer.Say(fmt.Sprintf(`42%d["echo","barrier"]`, m.asked)); err != nil {
		return err
	}
	select {
	case <-seen:
		return nil
	case <-m.ended:
		return fmt.Errorf("member %d at a barrier: %w", m.id, m.err)
	}
}

// rejoin leaves the namespace and joins it again, on the same connection. The rooms are lost.
func (m *member) rejoin() error {
	clear(m.rooms)
	seen := make(chan struct{}, 1)
	m.expected <- expectation{`0{"sid":"`, seen}
	if err := m.peer.SayAll("41", "40"); err != nil {
		return err
	}
	select {
	case <-seen:
		return nil
	case <-m.ended:
		return fmt.Errorf("member %d rejoins: %w", m.id, m.err)
	}
}

// say sends message seq; way is how the server passes it on.
func (m *member) say(seq int, way string, rooms []string) error {
	list, err := json.Marshal(rooms)
	if err != nil {
		return err
	}
	payload, attachments := content(message{m.id, seq})
	event := fmt.Sprintf(`"say",%d,%d,%q,%s,%s`, m.id, seq, way, list, payload)
	return m.ask(event, fmt.Sprintf("3%%d[%d]", seq), attachments...)
}

// takeReceived gives what was received since it was last called.
func (m *member) takeReceived() []message {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.received
	m.received = nil
	return all
}

// content is what a message carries, by its sender and number: text of some length, or bytes.
func content(msg message) (payload string, attachments [][]byte) {
	n := (msg.sender*31 + msg.seq*17) % 300
	if msg.seq%5 == 0 {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(msg.sender + msg.seq + i)
		}
		return `{"_placeholder":true,"num":0}`, [][]byte{b}
	}
	return `"` + strings.Repeat("é€", n/5) + fmt.Sprint(msg.sender, ":", msg.seq) + `"`, nil
}

func (m *member) read() {
	defer close(m.ended)
	for {
		if m.upgrading.CompareAndSwap(true, false) {
			if m.err = m.peer.Upgrade(); m.err != nil {
				return
			}
		}
		packet, err := m.peer.Next()
		if err == nil {
			err = m.take(packet)
		}
		if err != nil {
			m.err = err
			return
		}
	}
}

// take sorts out what came.
func (m *member) take(p raw.Packet) error {
	if body, ok := strings.CutPrefix(p.Text, `2["m",`); ok {
		return m.receive(body, p.Attachments)
	}
	if body, ok := strings.CutPrefix(p.Text, `51-["m",`); ok {
		return m.receive(body, p.Attachments)
	}
	if head, isQuestion := strings.CutSuffix(p.Text, `["question"]`); isQuestion {
		return m.peer.Say("43" + head[1:] + `["answer"]`)
	}
	select {
	case e := <-m.expected:
		if !strings.HasPrefix(p.Text, e.prefix) {
			return fmt.Errorf("got %.200q; want %s", p.Text, e.prefix)
		}
		if e.seen != nil {
			e.seen <- struct{}{}
		}
		return nil
	default:
		return fmt.Errorf("got %.200q and expected nothing", p.Text)
	}
}

// receive notes a message and checks that it is whole.
func (m *member) receive(body string, attachments [][]byte) error {
	var msg message
	if _, err := fmt.Sscanf(body, "%d,%d,", &msg.sender, &msg.seq); err != nil {
		return fmt.Errorf("the message %.200q: %w", body, err)
	}
	payload, want := content(msg)
	if body != fmt.Sprintf("%d,%d,%s]", msg.sender, msg.seq, payload) || len(attachments) != len(want) {
		return fmt.Errorf("the message %.300q with %d attachments is not what was said", body, len(attachments))
	}
	for i := range want {
		if string(attachments[i]) != string(want[i]) {
			return errors.New("an attachment is not what was said")
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.received = append(m.received, msg)
	return nil
}
