package soak

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// However TCP cuts the requests of a polling client, the session goes the same way.
func TestCutsAtEveryByteOfRequests(t *testing.T) {
	var total int
	talk := func(c *raw.Conn) (string, error) { return poll(c, &total) }
	if _, err := replayer(t)(talk, nil); err != nil {
		t.Fatal(err)
	}
	cutEverywhere(t, total, 3, talk, `431["plain"]`, `432["é€😀"]`, "462-3[", `434["€`, `44/nowhere,`, "POST 400", "POST 200 ok")
}

// poll has a whole session on one connection, each request after the answer to the one before: handshake, CONNECT,
// events of all kinds in one payload, a payload that breaks the rules at its end; and writes down what comes back. It
// counts the bytes it sends.
func poll(c *raw.Conn, sent *int) (string, error) {
	*sent = 0
	var lines []string
	ask := func(request []byte) (*raw.Response, error) {
		*sent += len(request)
		if err := c.Send(request); err != nil {
			return nil, err
		}
		return c.Response()
	}
	r, err := ask(raw.Request("GET", raw.PollingTarget, nil))
	if err != nil {
		return "", err
	}
	var open struct{ SID string }
	if err := json.Unmarshal(bytes.TrimPrefix(r.Body, []byte("0")), &open); err != nil {
		return "", fmt.Errorf("%q: %w", r.Body, err)
	}
	post := func(records ...string) error {
		r, err := ask(raw.Request("POST", raw.Poll(open.SID), []byte(strings.Join(records, "\x1e")), "Content-Type: text/plain;charset=UTF-8"))
		if err == nil {
			lines = append(lines, fmt.Sprintf("POST %d %s", r.Status, r.Body))
		}
		return err
	}
	get := func(n int) error {
		for n > 0 { // how many come together is up to chance
			r, err := ask(raw.Request("GET", raw.Poll(open.SID), nil))
			if err != nil {
				return err
			}
			for record := range bytes.SplitSeq(r.Body, []byte{0x1e}) {
				lines = append(lines, fmt.Sprintf("GET %d %s", r.Status, secret.ReplaceAll(record, []byte(`"sid":…`))))
				n--
			}
		}
		return nil
	}
	for _, step := range []func() error{
		func() error { return post("40") },
		func() error { return get(1) },
		func() error {
			return post(`421["echo","plain"]`, `42["nobody listens"]`, `422["echo","é€😀"]`,
				`452-3["echo",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]`, "bAAEC/w==", "b",
				`424["echo","`+strings.Repeat("€", 60)+`"]`, "40/nowhere,", "3")
		},
		func() error { return get(7) }, // four answers, one with two attachments; a refusal
		func() error { return post(`425["echo"]`, "x") },
	} {
		if err := step(); err != nil {
			return "", fmt.Errorf("%w, after %q", err, lines)
		}
	}
	slices.Sort(lines) // nothing is promised about when the refusal comes between the answers
	return strings.Join(lines, "\n"), nil
}
