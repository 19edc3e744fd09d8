package raw

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// polling is the wire of a Peer over HTTP long-polling: one connection for GETs, one for POSTs, both kept alive.
type polling struct {
	sid       string
	get, post *Conn
}

var _ wire = (*polling)(nil)

func dialPolling(addr string) (*polling, error) {
	get, err := Dial(addr)
	if err != nil {
		return nil, err
	}
	post, err := Dial(addr)
	if err != nil {
		get.Close()
		return nil, err
	}
	return &polling{get: get, post: post}, nil
}

// open makes the handshake and gives what followed the open packet.
func (p *polling) open() (h handshake, rest []record, err error) {
	first, err := p.poll(PollingTarget)
	if err != nil {
		return h, nil, err
	}
	h, err = parseOpen(first[0].text)
	p.sid = h.SID
	return h, first[1:], err
}

func (p *polling) read() ([]record, error) { return p.poll(Poll(p.sid)) }

func (p *polling) poll(target string) ([]record, error) {
	if err := p.get.Send(Request("GET", target, nil)); err != nil {
		return nil, err
	}
	r, err := p.get.Response()
	if err != nil {
		return nil, err
	}
	if r.Status != 200 {
		return nil, fmt.Errorf("%w: a poll answered by %d %.200q", ErrClosed, r.Status, r.Body)
	}
	return parsePayload(string(r.Body))
}

// parsePayload splits the body of a poll into its packets.
func parsePayload(body string) ([]record, error) {
	var all []record
	for one := range strings.SplitSeq(body, "\x1e") {
		encoded, isBinary := strings.CutPrefix(one, "b")
		if !isBinary {
			all = append(all, text(one))
			continue
		}
		data, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, fmt.Errorf("the packet %.200q: %w", one, err)
		}
		all = append(all, record{binary: data})
	}
	return all, nil
}

// postLimit is the maxPayload that servers announce by default; packets that do not fit in one POST go in several, as
// client libraries send them.
const postLimit = 1_000_000

func (p *polling) write(records []record) error {
	var body []byte
	for _, r := range records {
		encoded := r.text
		if r.binary != nil {
			encoded = "b" + base64.StdEncoding.EncodeToString(r.binary)
		}
		switch {
		case body == nil:
			body = []byte(encoded)
		case len(body)+1+len(encoded) > postLimit:
			if err := p.send(body); err != nil {
				return err
			}
			body = []byte(encoded)
		default:
			body = append(append(body, 0x1e), encoded...)
		}
	}
	return p.send(body)
}

// send makes one POST and awaits its answer.
func (p *polling) send(body []byte) error {
	if err := p.post.Send(Request("POST", Poll(p.sid), body, "Content-Type: text/plain;charset=UTF-8")); err != nil {
		return err
	}
	r, err := p.post.Response()
	if err != nil {
		return err
	}
	if r.Status != 200 || string(r.Body) != "ok" {
		return fmt.Errorf("a POST answered by %d %.200q", r.Status, r.Body)
	}
	return nil
}

func (p *polling) close(reset bool) {
	for _, c := range []*Conn{p.get, p.post} {
		if reset {
			c.Reset()
		} else {
			c.Close()
		}
	}
}
