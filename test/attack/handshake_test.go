package attack

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// Engine.IO error codes.
const (
	unknownTransport = 0
	unknownSID       = 1
	badMethod        = 2
	badRequest       = 3
	badVersion       = 5
)

// handshakeAttacks aim at the query and the headers that open a session.
func handshakeAttacks() []attack {
	all := []attack{
		{"ids can't be guessed", guess},
		{"a version that is none", refuses(raw.Request("GET", raw.Path+"?EIO=abc&transport=polling", nil), badVersion)},
		{"no version", refuses(raw.Request("GET", raw.Path+"?transport=polling", nil), badVersion)},
		{"version 3", refuses(raw.Request("GET", raw.Path+"?EIO=3&transport=polling", nil), badVersion)},
		{"version 4 in other words", refuses(raw.Request("GET", raw.Path+"?EIO=04&transport=polling", nil), badVersion)},
		{"no query", refuses(raw.Request("GET", raw.Path, nil), unknownTransport)},
		{"a query of separators", refuses(raw.Request("GET", raw.Path+"?"+strings.Repeat("&", 20_000), nil), unknownTransport)},
		{"a query of bad escapes", requests(raw.Request("GET", raw.PollingTarget+"&t="+strings.Repeat("%zz", 5_000), nil), 200, 400)},
		{"a query of semicolons", requests(raw.Request("GET", raw.Path+"?EIO=4;transport=polling", nil), 400)},
		{"a query of 10,000 fields", requests(raw.Request("GET", raw.PollingTarget+strings.Repeat("&a=b", 10_000), nil), 200, 400)},
		{"a callback for JSONP", callback},
		{"WebSocket without an upgrade", requests(raw.Request("GET", raw.WebSocketTarget, nil), 400)},
		{"an upgrade for polling", requests(raw.Handshake(raw.PollingTarget), 400)},
		{"an upgrade to something else", requests(raw.Request("GET", raw.WebSocketTarget, nil, "Connection: Upgrade", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"), 400)},
		{"markup in the transport", markup},
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "get"} {
		all = append(all, attack{method + " without a session", refuses(raw.Request(method, raw.PollingTarget, nil), badMethod)})
	}
	for _, transport := range []string{
		"transport=__proto__", "transport=constructor", "transport=toString", "transport=", "transport", "transport=flash",
		"transport[]=websocket", "transport=WebSocket", "transport=websocket%00", "transport=websocket,polling",
		"transport=websocket&transport=polling", "transport=polling&transport=websocket",
		"transport=websocket&transport=websocket", "transport=webtransport", "transport=" + strings.Repeat("a", 50_000),
	} {
		target := raw.Path + "?EIO=4&" + transport
		all = append(all,
			attack{fmt.Sprintf("GET with %.40s", transport), refuses(raw.Request("GET", target, nil), unknownTransport)},
			attack{fmt.Sprintf("upgrade with %.40s", transport), requests(raw.Handshake(target), 400)},
		)
	}
	for _, sid := range []string{"__proto__", "constructor", "toString", "hasOwnProperty", "unknown", "%00", "..%2f..", strings.Repeat("a", 50_000)} {
		all = append(all,
			attack{fmt.Sprintf("GET with the sid %.20s", sid), refuses(raw.Request("GET", raw.Poll(sid), nil), unknownSID)},
			attack{fmt.Sprintf("POST with the sid %.20s", sid), refuses(raw.Request("POST", raw.Poll(sid), []byte("4a")), unknownSID)},
			attack{fmt.Sprintf("upgrade with the sid %.20s", sid), requests(raw.Handshake(raw.Upgrade(sid)), 400)},
		)
	}
	return join(all, upgradeHeaders())
}

// upgradeHeaders are WebSocket handshakes with headers that are wrong (RFC 6455, section 4.2.1) or too many.
func upgradeHeaders() []attack {
	const target = raw.WebSocketTarget
	upgrade := func(connection, version, key string, more ...string) []byte {
		var headers []string
		for _, h := range []string{connection, "Upgrade: websocket", version, key} {
			if h != "" {
				headers = append(headers, h)
			}
		}
		return raw.Request("GET", target, nil, append(headers, more...)...)
	}
	const (
		connection = "Connection: Upgrade"
		version    = "Sec-WebSocket-Version: 13"
		key        = "Sec-WebSocket-Key: " + raw.Key
	)
	many := func(n int) []string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf("X-%d: a", i)
		}
		return all
	}
	return []attack{
		{"upgrade without a key", requests(upgrade(connection, version, ""), 400)},
		{"upgrade with a short key", requests(upgrade(connection, version, "Sec-WebSocket-Key: YQ=="), 400)},
		{"upgrade with a key that is no base64", requests(upgrade(connection, version, "Sec-WebSocket-Key: ????????????????????????"), 400)},
		{"upgrade with two keys", requests(upgrade(connection, version, key, key), 101, 400)},
		{"upgrade without a version", requests(upgrade(connection, "", key), 400, 426)},
		{"upgrade with version 8", requests(upgrade(connection, "Sec-WebSocket-Version: 8", key), 400, 426)},
		{"upgrade with version 130", requests(upgrade(connection, "Sec-WebSocket-Version: 130", key), 400, 426)},
		{"upgrade that does not say so", requests(upgrade("", version, key), 400)},
		{"upgrade that keeps alive only", requests(upgrade("Connection: keep-alive", version, key), 400)},
		{"upgrade by POST", requests(raw.Request("POST", target, nil, connection, "Upgrade: websocket", version, key), 400, 405)},
		{"upgrade over HTTP 1.0", requests(bytes.Replace(raw.Handshake(target), []byte("HTTP/1.1"), []byte("HTTP/1.0"), 1), cut, 400, 426, 505)},
		{"upgrade with a body", requests(raw.Request("GET", target, []byte("hello"), connection, "Upgrade: websocket", version, key), 101, 400)},
		{"upgrade with 2,000 headers", requests(raw.Handshake(target, many(2_000)...), 101, 431)},
		{"upgrade with 5,000 headers", requests(raw.Handshake(target, many(5_000)...), 101, 431)},
		{"upgrade with an extension named constructor", requests(raw.Handshake(target, "Sec-WebSocket-Extensions: constructor"), 101, 400)},
		{"upgrade with 6,000 empty extensions", requests(raw.Handshake(target, "Sec-WebSocket-Extensions: "+strings.Repeat("a;", 6_000)), 101, 400)},
		{"upgrade with an open quote", requests(raw.Handshake(target, `Sec-WebSocket-Extensions: a; b="`+strings.Repeat(`\"`, 5_000)), 101, 400)},
		{"upgrade with a subprotocol of 12 kB of blanks", requests(raw.Handshake(target, "Sec-WebSocket-Protocol: a"+strings.Repeat(" ", 12_000)+"b"), 101, 400)},
		{"upgrade with 3,000 subprotocols", requests(raw.Handshake(target, "Sec-WebSocket-Protocol: a"+strings.Repeat(", a", 3_000)), 101, 400)},
		{"upgrade that offers deflate with windows out of range", requests(raw.Handshake(target, "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99999999999; client_max_window_bits=-1"), 101, 400)},
	}
}

// guess opens 200 sessions and looks at their ids: 20 characters of base64url, every one of the 120 bits as often 1 as
// 0, and no bit that depends on the id before. The bounds are seven standard deviations wide.
func guess(t *testing.T, s *site) {
	const n = 200
	var ones, changes [120]int
	var before []byte
	seen := make(map[string]bool)
	for range n {
		r, err := raw.Exchange(s.addr, raw.Request("GET", raw.PollingTarget, nil))
		if err != nil {
			t.Fatal(err)
		}
		var open struct{ SID string }
		if err := json.Unmarshal(bytes.TrimPrefix(r.Body, []byte("0")), &open); err != nil {
			t.Fatalf("%q: %v", r.Body, err)
		}
		id, err := base64.RawURLEncoding.DecodeString(open.SID)
		if err != nil || len(open.SID) != 20 || seen[open.SID] {
			t.Fatalf("id %q, decoded with %v, seen before: %v", open.SID, err, seen[open.SID])
		}
		seen[open.SID] = true
		for bit := range ones {
			one := int(id[bit/8] >> (bit % 8) & 1)
			ones[bit] += one
			if before != nil {
				changes[bit] += one ^ int(before[bit/8]>>(bit%8)&1)
			}
		}
		before = id
		if _, err := raw.Exchange(s.addr, raw.Request("POST", raw.Poll(open.SID), []byte("1"))); err != nil {
			t.Fatal(err)
		}
	}
	for bit := range ones {
		if min(ones[bit], changes[bit]) < n/2-50 || max(ones[bit], changes[bit]) > n/2+50 {
			t.Errorf("bit %d is 1 in %d of %d ids and changes %d times", bit, ones[bit], n, changes[bit])
		}
	}
}

// callback asks for a script that calls a function of the attacker's choice.
func callback(t *testing.T, s *site) {
	r, err := raw.Exchange(s.addr, raw.Request("GET", raw.PollingTarget+"&j=alert(1)//", nil))
	if err != nil {
		t.Fatal(err)
	}
	checkHeaders(t, r)
	if bytes.Contains(r.Body, []byte("alert")) || bytes.Contains(r.Body, []byte("___eio")) {
		t.Errorf("answered by %d %.200q", r.Status, r.Body)
	}
}

// markup must not come back as something that a browser would run.
func markup(t *testing.T, s *site) {
	for _, request := range [][]byte{
		raw.Request("GET", raw.Path+"?EIO=4&transport=%3Cscript%3Ealert(1)%3C/script%3E", nil),
		raw.Handshake(raw.Path + "?EIO=4&transport=%3Cscript%3Ealert(1)%3C/script%3E"),
		raw.Request("GET", raw.Poll("%3Cscript%3Ealert(1)%3C/script%3E"), nil),
		raw.Request("GET", raw.Path+"%3Cscript%3Ealert(1)%3C/script%3E", nil),
	} {
		r, err := raw.Exchange(s.addr, request)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status < 400 || bytes.Contains(r.Body, []byte("<script>")) {
			t.Errorf("%.80q answered by %d %.200q", request, r.Status, r.Body)
		}
	}
}
