package engineio

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/socketio-go/socketio/engineio/transport/polling"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// TransportOptions are what is different for one transport, see [DialOptions].TransportOptions. A zero field changes
// nothing.
type TransportOptions struct {
	// Path takes the place of another path. The default is that of DialOptions.
	Path string
	// Query and Header are added to those of DialOptions; a name that is in both has the values from here, and a header
	// without any is not sent. The default adds nothing.
	Query  url.Values
	Header http.Header
	// HTTP makes the requests of this transport: another proxy, TLS, dialer, or other cookies. The default is that of
	// DialOptions.
	HTTP *http.Client
	// ForceBase64 asks the server for text only over this transport. The default is what DialOptions say.
	ForceBase64 bool
}

// with is o with what is different for a transport.
func (o *DialOptions) with(t TransportOptions) *DialOptions {
	f := *o
	if t.Path != "" {
		f.Path = t.Path
	}
	if len(t.Query) > 0 {
		f.Query = merged(f.Query, t.Query)
	}
	if len(t.Header) > 0 {
		f.Header = make(http.Header, len(o.Header)+len(t.Header))
		for _, from := range []http.Header{o.Header, t.Header} {
			for name, values := range from {
				f.Header[http.CanonicalHeaderKey(name)] = values
			}
		}
	}
	if t.HTTP != nil {
		f.HTTP = t.HTTP
	}
	f.ForceBase64 = f.ForceBase64 || t.ForceBase64
	return &f
}

func merged(a, b map[string][]string) map[string][]string {
	m := make(map[string][]string, len(a)+len(b))
	maps.Copy(m, a)
	maps.Copy(m, b)
	return m
}

// road is how a transport gets to the server.
type road struct {
	o       *DialOptions
	address address
	http    *http.Client
	plain   *http.Client // for WebSocket, which needs HTTP/1.1
}

// newRoads makes those of the transports that may be used. Transports that nothing is different for share one.
func newRoads(rawURL string, o *DialOptions) (map[string]*road, error) {
	for name := range o.TransportOptions {
		if !o.has(name) {
			return nil, fmt.Errorf("engineio: TransportOptions: %w", o.unknown(name))
		}
	}
	common, err := newRoad(rawURL, o)
	if err != nil {
		return nil, err
	}
	roads := make(map[string]*road, len(o.Transports))
	for _, name := range o.Transports {
		if !o.has(name) {
			return nil, fmt.Errorf("engineio: Transports: %w", o.unknown(name))
		}
		roads[name] = common
		if special, ok := o.TransportOptions[name]; ok {
			if roads[name], err = newRoad(rawURL, o.with(special)); err != nil {
				return nil, err
			}
		}
	}
	return roads, nil
}

// has reports whether there is such a transport.
func (o *DialOptions) has(name string) bool {
	return name == polling.Name || name == websocket.Name || o.brings(name)
}

func (o *DialOptions) unknown(name string) error {
	if name == "webtransport" {
		return fmt.Errorf("%q needs a dialer in the option WebTransport", name)
	}
	return fmt.Errorf("no transport %q: there are polling, websocket and webtransport", name)
}

// newRoad makes the HTTP clients. The caller's is used as it is, but for WebSocket a copy of its transport: one that would
// rather speak HTTP/2 can't upgrade.
func newRoad(rawURL string, o *DialOptions) (*road, error) {
	r := &road{o: o, http: o.HTTP}
	var err error
	if r.address, err = newAddress(rawURL, o); err != nil {
		return nil, err
	}
	if r.http == nil {
		r.http = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	}
	plain := *r.http
	if plain.Transport == nil {
		plain.Transport = http.DefaultTransport
	}
	if t, ok := plain.Transport.(*http.Transport); ok {
		t = t.Clone()
		t.ForceAttemptHTTP2 = false
		t.Protocols = new(http.Protocols)
		t.Protocols.SetHTTP1(true)
		t.TLSNextProto = nil
		if t.TLSClientConfig != nil {
			t.TLSClientConfig.NextProtos = slices.DeleteFunc(slices.Clone(t.TLSClientConfig.NextProtos), func(p string) bool { return p == "h2" })
		}
		plain.Transport = t
	}
	r.plain = &plain
	return r, nil
}

// tidy lets go of connections that nothing uses any more.
func (d *dialer) tidy() {
	for _, r := range d.roads {
		if r.o.HTTP == nil {
			r.http.CloseIdleConnections()
		}
		if r.plain.Transport != r.http.Transport {
			r.plain.CloseIdleConnections()
		}
	}
}

func (r *road) websocketHeader() http.Header {
	h := r.o.Header.Clone()
	if len(r.o.Protocols) == 0 {
		return h
	}
	if h == nil {
		h = http.Header{}
	}
	for _, p := range r.o.Protocols {
		h.Add("Sec-WebSocket-Protocol", p)
	}
	return h
}
