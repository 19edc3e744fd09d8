package raw

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// Packet is a Socket.IO packet as it travels: the text after the Engine.IO type, and the attachments that followed it.
type Packet struct {
	Text        string
	Attachments [][]byte
}

// ErrClosed says that the server ended the session.
var ErrClosed = errors.New("the server ended the session")

// wire is what a Peer needs from a transport.
type wire interface {
	// read waits for what the server sends and gives at least one Engine.IO packet.
	read() ([]record, error)
	// write sends packets in one frame each, or in one POST. Safe beside read.
	write([]record) error
	// close ends the connections, by RST or FIN. A read under way returns.
	close(reset bool)
}

// record is an Engine.IO packet: the text with its type digit, or binary data.
type record struct {
	text   string
	binary []byte
}

func text(s string) record { return record{text: s} }

// Peer is a Socket.IO client connected to the default namespace. One goroutine may read (Next, Ask, Upgrade) while
// others write.
type Peer struct {
	// SID is the id of the Engine.IO session, ID the one of the socket.
	SID, ID string

	addr    string
	mu      sync.Mutex // guards wire, and keeps the frames of one packet together
	wire    wire
	pending []record // read and not yet given; owned by the reader
	pings   int      // heartbeats answered; owned by the reader
}

// handshake is the JSON of an open packet.
type handshake struct {
	SID        string   `json:"sid"`
	Upgrades   []string `json:"upgrades"`
	MaxPayload int      `json:"maxPayload"`
}

func parseOpen(packet string) (handshake, error) {
	var h handshake
	body, ok := strings.CutPrefix(packet, "0")
	if !ok {
		return h, fmt.Errorf("want an open packet, got %.200q", packet)
	}
	if err := json.Unmarshal([]byte(body), &h); err != nil {
		return h, fmt.Errorf("open packet %q: %w", packet, err)
	}
	return h, nil
}

// Connect opens a session over transport, "polling" or "websocket", and joins the default namespace.
func Connect(addr, transport string) (*Peer, error) {
	p := &Peer{addr: addr}
	var err error
	if transport == "polling" {
		err = p.openPolling()
	} else {
		err = p.openWebSocket()
	}
	if err == nil {
		err = p.join()
	}
	if err != nil {
		p.Reset()
		return nil, fmt.Errorf("connect over %s: %w", transport, err)
	}
	return p, nil
}

// Open opens a session over transport and leaves CONNECT to the caller.
func Open(addr, transport string) (*Peer, error) {
	p := &Peer{addr: addr}
	open := p.openWebSocket
	if transport == "polling" {
		open = p.openPolling
	}
	if err := open(); err != nil {
		p.Reset()
		return nil, fmt.Errorf("open over %s: %w", transport, err)
	}
	return p, nil
}

// OpenPolling opens a session over polling and leaves CONNECT to the caller.
func OpenPolling(addr string) (*Peer, error) {
	p := &Peer{addr: addr}
	if err := p.openPolling(); err != nil {
		p.Reset()
		return nil, fmt.Errorf("open over polling: %w", err)
	}
	return p, nil
}

func (p *Peer) openPolling() error {
	w, err := dialPolling(p.addr)
	if err != nil {
		return err
	}
	p.wire = w
	h, rest, err := w.open()
	p.SID, p.pending = h.SID, rest
	return err
}

func (p *Peer) openWebSocket() error {
	w, err := dialWebSocket(p.addr, WebSocketTarget)
	if err != nil {
		return err
	}
	p.wire = w
	first, err := w.read()
	if err != nil {
		return err
	}
	h, err := parseOpen(first[0].text)
	p.SID, p.pending = h.SID, first[1:]
	return err
}

// Transport names the transport the session is on now.
func (p *Peer) Transport() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.wire.(*polling); ok {
		return "polling"
	}
	return "websocket"
}

// join sends CONNECT and waits for its answer.
func (p *Peer) join() error {
	if err := p.Say("40"); err != nil {
		return err
	}
	answer, err := p.Next()
	if err != nil {
		return err
	}
	var socket struct{ SID string }
	body, ok := strings.CutPrefix(answer.Text, "0")
	if !ok {
		return fmt.Errorf("CONNECT answered by %.200q", answer.Text)
	}
	if err := json.Unmarshal([]byte(body), &socket); err != nil {
		return fmt.Errorf("CONNECT answered by %q: %w", answer.Text, err)
	}
	p.ID = socket.SID
	return nil
}

// Say sends one Engine.IO text packet as it is ("42[…]"), followed by attachments.
func (p *Peer) Say(packet string, attachments ...[]byte) error {
	records := make([]record, 1, 1+len(attachments))
	records[0].text = packet
	for _, a := range attachments {
		records = append(records, record{binary: a})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wire.write(records)
}

// SayAll sends many text packets in one write, or one POST.
func (p *Peer) SayAll(packets ...string) error {
	records := make([]record, len(packets))
	for i, s := range packets {
		records[i].text = s
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wire.write(records)
}

// Next gives the next Socket.IO packet, and answers heartbeats while it waits.
func (p *Peer) Next() (Packet, error) {
	for {
		r, err := p.nextRecord()
		if err != nil {
			return Packet{}, err
		}
		switch {
		case r.binary != nil:
			return Packet{}, fmt.Errorf("an attachment of %d bytes that nothing announced", len(r.binary))
		case r.text == "":
			return Packet{}, errors.New("an empty packet")
		case r.text[0] == '2':
			if err := p.Say("3"); err != nil {
				return Packet{}, err
			}
			p.pings++
		case r.text[0] == '6':
		case r.text[0] == '1':
			return Packet{}, ErrClosed
		case r.text[0] == '4':
			return p.assemble(r.text[1:])
		default:
			return Packet{}, fmt.Errorf("an unexpected packet %.200q", r.text)
		}
	}
}

// assemble reads the attachments that text announces.
func (p *Peer) assemble(text string) (Packet, error) {
	packet := Packet{Text: text}
	if text == "" || text[0] != '5' && text[0] != '6' {
		return packet, nil
	}
	var n int
	if _, err := fmt.Sscanf(text[1:], "%d-", &n); err != nil {
		return packet, fmt.Errorf("the header of %.200q: %w", text, err)
	}
	for len(packet.Attachments) < n {
		r, err := p.nextRecord()
		if err != nil {
			return packet, err
		}
		if r.binary == nil {
			return packet, fmt.Errorf("%.200q among the attachments of %.200q", r.text, text)
		}
		packet.Attachments = append(packet.Attachments, r.binary)
	}
	return packet, nil
}

func (p *Peer) nextRecord() (record, error) {
	for len(p.pending) == 0 {
		more, err := p.wire.read()
		if err != nil {
			return record{}, err
		}
		p.pending = more
	}
	r := p.pending[0]
	p.pending = p.pending[1:]
	return r, nil
}

// Ask sends packet and checks that the next packet that comes is want.
func (p *Peer) Ask(packet, want string) error {
	if err := p.Say(packet); err != nil {
		return err
	}
	got, err := p.Next()
	if err != nil {
		return err
	}
	if got.Text != want || len(got.Attachments) > 0 {
		return fmt.Errorf("%.100q answered by %.200q and %d attachments; want %.200q", packet, got.Text, len(got.Attachments), want)
	}
	return nil
}

// Close leaves politely: it ends the session with a close packet and the connections with FIN.
func (p *Peer) Close() {
	if p.wire == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wire.write([]record{text("1")})
	p.wire.close(false)
}

// Reset leaves as a process that is killed: every connection ends with a RST.
func (p *Peer) Reset() {
	if p.wire == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wire.close(true)
}
