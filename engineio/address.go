package engineio

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/engineio/transport/polling"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// address is where a session's requests go (Engine.IO protocol 4, "Handshake").
type address struct {
	url   url.URL    // http or https; without query
	own   url.Values // the caller's part of the query
	query url.Values // of every request
	o     *DialOptions
}

func newAddress(rawURL string, o *DialOptions) (address, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return address{}, fmt.Errorf("engineio: address: %w", err)
	}
	switch u.Scheme {
	case "http", "https":
	case "ws":
		u.Scheme = "http"
	case "wss":
		u.Scheme = "https"
	default:
		return address{}, fmt.Errorf("engineio: address %q: the scheme is none of http, https, ws, wss", u.Redacted())
	}
	if u.Host == "" {
		return address{}, fmt.Errorf("engineio: address %q has no host", u.Redacted())
	}
	query := u.Query()
	maps.Copy(query, o.Query)
	own := maps.Clone(query)
	query.Set("EIO", "4")
	if o.ForceBase64 {
		query.Set("b64", "1")
	}
	path := "/" + strings.Trim(o.Path, "/")
	if !o.NoTrailingSlash && path != "/" {
		path += "/"
	}
	return address{url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host, Path: path}, own, query, o}, nil
}

// polling is the URL of polling requests, but for the session id.
func (a *address) polling() *url.URL {
	u := a.url
	q := maps.Clone(a.query)
	q["transport"] = []string{polling.Name}
	u.RawQuery = q.Encode()
	return &u
}

// websocket is the URL of a WebSocket handshake; sid is "" for a new session.
func (a *address) websocket(sid string) string {
	u := a.url
	q := maps.Clone(a.query)
	q["transport"] = []string{websocket.Name}
	if sid != "" {
		q["sid"] = []string{sid}
	}
	if stamp := a.stamper(); stamp != nil && a.o.TimestampAll {
		name, value := stamp()
		q[name] = []string{value}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// webtransport is the URL of a WebTransport session. The protocol has no query there, so there is none but the caller's.
func (a *address) webtransport() *url.URL {
	u := a.url
	u.Scheme, u.RawQuery = "https", a.own.Encode()
	return &u
}

// stamps counts the requests of the process, so that no two have one stamp.
var stamps atomic.Uint64

// stamper makes the parameter that tells requests apart, or is nil.
func (a *address) stamper() func() (name, value string) {
	name := a.o.TimestampParam
	if name == "-" {
		return nil
	}
	return func() (string, string) {
		return name, strconv.FormatInt(time.Now().UnixMilli(), 36) + "." + strconv.FormatUint(stamps.Add(1), 36)
	}
}

// offers reports whether a client may use the transport.
func (o *DialOptions) offers(name string) bool { return slices.Contains(o.Transports, name) }
