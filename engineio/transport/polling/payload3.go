package polling

import (
	"iter"
	"net/http"
	"slices"

	"github.com/socketio-go/socketio/engineio/packet"
)

// encode3 is the payload of one response for a client of protocol 3: binary if there is something binary in it that the
// client takes as such, else text.
func (t *Transport) encode3(r *http.Request, batch []*packet.Prepared) (body []byte, contentType []string) {
	j, scripted := callback(r)
	form, build := packet.Record3, record3
	if !scripted && !t.peer.Base64 && slices.ContainsFunc(batch, func(p *packet.Prepared) bool { return p.Binary }) {
		form, build = packet.BytesRecord3, bytesRecord3
	}
	size := 0
	for _, p := range batch {
		size += len(p.Form(form, build))
	}
	body = make([]byte, 0, size)
	for _, p := range batch {
		body = append(body, p.Form(form, build)...)
	}
	switch {
	case scripted:
		return appendScript(nil, j, body), javaScript
	case form == packet.BytesRecord3:
		return body, octets
	}
	return body, plainText
}

func record3(p packet.Packet) []byte      { return p.AppendRecord3(nil) }
func bytesRecord3(p packet.Packet) []byte { return p.AppendBytesRecord3(nil) }

// receive3 delivers the packets of a body of protocol 3. It returns the status of the response.
func (t *Transport) receive3(r *http.Request, body []byte) (status int) {
	for p, err := range decode3(r, body) {
		if status, more := t.take(r.Header, len(body), p, err); !more {
			return status
		}
	}
	return http.StatusOK
}

// decode3 walks the packets of a body of protocol 3.
func decode3(r *http.Request, body []byte) iter.Seq2[packet.Packet, error] {
	if isBinary(r.Header.Get("Content-Type")) {
		return packet.SplitBytesPayload3(body, packet.MaxRecords)
	}
	if _, scripted := callback(r); scripted {
		body = formData(body)
	}
	return packet.SplitPayload3(readable(body), packet.MaxRecords)
}
