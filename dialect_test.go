package socketio_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/parser"
	"github.com/socketio-go/socketio/parser/msgpack"
)

// speaker speaks a dialect: it sends packets and prints those that come as text would have them.
type speaker struct {
	*peer
	dialect parser.Dialect
	decoder parser.MessageDecoder
}

func speak(p *peer, d parser.Dialect) *speaker {
	return &speaker{p, d, d.NewDecoder(parser.Limits{})}
}

func (c *speaker) say(p parser.Packet) {
	c.t.Helper()
	ms, err := c.dialect.AppendMessages(nil, p)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, m := range ms {
		c.write(packet.Packet{Type: packet.Message, Binary: m.Binary, Data: m.Data})
	}
}

// hear returns the next packet as protocol 5 has it, its attachments in angle brackets.
func (c *speaker) hear() string {
	c.t.Helper()
	for {
		got := c.next()
		data, binary := strings.CutPrefix(got, "<")
		take := c.decoder.Text
		if binary {
			data, take = data[:len(data)-1], c.decoder.Binary
		}
		p, done, err := take([]byte(data))
		if err != nil {
			c.t.Fatalf("%q: %v", got, err)
		}
		if done {
			text := p.AppendText(nil)
			for _, a := range p.Attachments {
				text = append(append(append(text, '<'), a...), '>')
			}
			return string(text)
		}
	}
}

func (c *speaker) enter(namespace string) {
	c.t.Helper()
	c.say(parser.Packet{Type: parser.Connect, Namespace: namespace})
	if got := c.hear(); !strings.Contains(got, `{"sid":"`) {
		c.t.Fatalf("answer to CONNECT: %s", got)
	}
}

// signed is the dialect of JSON with a signature in front of each message, as a program may bring it.
type signed struct{ key string }

func (d signed) sign(data []byte) []byte {
	mac := hmac.New(sha256.New, []byte(d.key))
	mac.Write(data)
	return mac.Sum(nil)
}

func (d signed) AppendMessages(dst []parser.Message, p parser.Packet) ([]parser.Message, error) {
	ms, err := parser.JSON{}.AppendMessages(nil, p)
	for _, m := range ms {
		dst = append(dst, parser.Message{Binary: true, Data: bytes.Join([][]byte{d.sign(m.Data), m.Data}, nil)})
	}
	return dst, err
}

func (d signed) NewDecoder(l parser.Limits) parser.MessageDecoder {
	return &verifying{parser.Decoder{Limits: l}, d}
}

type verifying struct {
	parser.Decoder
	signed
}

func (v *verifying) Text([]byte) (parser.Packet, bool, error) {
	return parser.Packet{}, false, errors.New("not signed")
}

func (v *verifying) Binary(data []byte) (parser.Packet, bool, error) {
	if len(data) < sha256.Size || !hmac.Equal(data[:sha256.Size], v.sign(data[sha256.Size:])) {
		return parser.Packet{}, false, errors.New("wrong signature")
	}
	if data = data[sha256.Size:]; v.Pending() {
		return v.Decoder.Binary(data)
	}
	return v.Decoder.Text(data)
}

// Whatever the dialect, as long as both ends have it: all kinds of packets, one client or many, text or binary.
func TestDialects(t *testing.T) {
	for name, dialect := range map[string]parser.Dialect{"json": parser.JSON{}, "msgpack": msgpack.Dialect{}, "signed": signed{"secret"}} {
		transports(t, func(t *testing.T, dial dialer) {
			t.Run(name, func(t *testing.T) {
				server, web := serve(t, &socketio.Options{Parser: dialect})
				chat := server.Of("/chat")
				chat.Use(func(_ ctx, s *socketio.Socket) error {
					var auth struct{ Token []byte }
					if err := s.Handshake().Auth(&auth); err != nil {
						return err
					}
					return &socketio.ConnectError{Message: "no", Data: len(auth.Token)}
				})
				server.OnEvent("echo", func(_ ctx, s *socketio.Socket, e *socketio.Event) error { return s.Emit("back", e.Args()...) })
				server.OnCall("sum", func(_ ctx, _ *socketio.Socket, a socketio.Args2[int, int]) (int, error) { return a.A + a.B, nil })
				server.OnEvent("ask", func(ctx ctx, s *socketio.Socket, _ *socketio.Event) error {
					answer, err := s.EmitWithAck(ctx, "question")
					if err != nil {
						return err
					}
					return server.Emit("answer", answer...)
				})
				server.On("leave", func(_ ctx, s *socketio.Socket, _ struct{}) error { s.Disconnect(false); return nil })

				one, two := speak(dial(t, web), dialect), speak(dial(t, web), dialect)
				expect := func(c *speaker, want string) {
					t.Helper()
					if got := c.hear(); got != want {
						t.Fatalf("got %s\nwant %s", got, want)
					}
				}
				one.say(parser.Packet{Type: parser.Connect, Namespace: "/nowhere"})
				expect(one, `4/nowhere,{"message":"Invalid namespace"}`)
				one.say(parser.Packet{Type: parser.Connect, Namespace: "/chat", Data: []byte(`{"token":null}`)})
				expect(one, `4/chat,{"message":"no","data":0}`)
				one.enter("/")
				two.enter("/")

				event := parser.Packet{Type: parser.Event, Namespace: "/"}
				event.Data, event.Attachments = []byte(`["echo",{"_placeholder":true,"num":0},["é",-1.5]]`), [][]byte{[]byte("data")}
				one.say(event)
				expect(one, `51-["back",{"_placeholder":true,"num":0},["é",-1.5]]<data>`)
				one.say(parser.Packet{Type: parser.Event, Namespace: "/", ID: 7, HasID: true, Data: []byte(`["sum",1,2]`)})
				expect(one, `37[3]`)
				one.say(parser.Packet{Type: parser.Event, Namespace: "/", Data: []byte(`["ask"]`)})
				expect(one, `20["question"]`)
				one.say(parser.Packet{Type: parser.Ack, Namespace: "/", HasID: true, Data: []byte(`["because"]`)})
				expect(one, `2["answer","because"]`)
				expect(two, `2["answer","because"]`)
				one.say(parser.Packet{Type: parser.Event, Namespace: "/", Data: []byte(`["leave"]`)})
				expect(one, `1`)
			})
		})
	}
}

type dialer = func(testing.TB, *httptest.Server) *peer

// Binary credentials have no place in JSON's CONNECT; a dialect may have one.
func TestBinaryCredentials(t *testing.T) {
	server, web := serve(t, &socketio.Options{Parser: msgpack.Dialect{}})
	tokens := make(chan string, 1)
	server.Use(func(_ ctx, s *socketio.Socket) error {
		var auth struct{ Token []byte }
		err := s.Handshake().Auth(&auth)
		tokens <- string(auth.Token)
		return err
	})
	p := dialWebSocket(t, web)
	p.write(packet.Packet{Type: packet.Message, Binary: true, Data: []byte("\x83\xa4type\x00\xa3nsp\xa1/\xa4data\x81\xa5token\xc4\x03abc")})
	if got := <-tokens; got != "abc" {
		t.Errorf("token %q", got)
	}
}

// How many attachments there may be is for the dialect to say.
func TestAttachmentsOfADialect(t *testing.T) {
	for _, c := range []struct {
		dialect parser.Dialect
		max     int
	}{{nil, 10}, {msgpack.Dialect{}, 1000}} {
		server, _ := serve(t, &socketio.Options{Parser: c.dialect})
		args := make([]any, c.max)
		for i := range args {
			args[i] = []byte{}
		}
		if err := server.Emit("e", args...); err != nil {
			t.Errorf("%d: %v", c.max, err)
		}
		if err := server.Emit("e", append(args, []byte{})...); !errors.Is(err, socketio.ErrTooManyAttachments) {
			t.Errorf("one more than %d: %v", c.max, err)
		}
	}
}

// rewriting rewrites the JSON of every packet, as a replacer and a reviver do.
type rewriting struct{ parser.JSON }

func (d rewriting) AppendMessages(dst []parser.Message, p parser.Packet) ([]parser.Message, error) {
	p.Data = bytes.ReplaceAll(p.Data, []byte("secret"), []byte("******"))
	return d.JSON.AppendMessages(dst, p)
}

func (d rewriting) NewDecoder(l parser.Limits) parser.MessageDecoder {
	return &revived{parser.Decoder{Limits: l}}
}

type revived struct{ parser.Decoder }

func (r *revived) Text(data []byte) (parser.Packet, bool, error) {
	p, done, err := r.Decoder.Text(data)
	p.Data = bytes.ReplaceAll(p.Data, []byte(`"@now"`), []byte(`12`))
	return p, done, err
}

func TestDialectRewritesJSON(t *testing.T) {
	server, web := serve(t, &socketio.Options{Parser: rewriting{}})
	server.On("echo", func(_ ctx, s *socketio.Socket, at int) error { return s.Emit("back", at, "secret") })
	p := dialWebSocket(t, web)
	p.join("/")
	p.send(`2["echo","@now"]`)
	p.expect(`2["back",12,"******"]`)
}

// broken is a dialect that panics, or says nothing, when told to.
type broken struct{ parser.JSON }

func (d broken) AppendMessages(dst []parser.Message, p parser.Packet) ([]parser.Message, error) {
	switch {
	case bytes.Contains(p.Data, []byte("panic")) || p.Namespace == "/panic":
		panic("out")
	case bytes.Contains(p.Data, []byte("silence")):
		return dst, nil
	}
	return d.JSON.AppendMessages(dst, p)
}

func (d broken) NewDecoder(l parser.Limits) parser.MessageDecoder {
	return &breaking{parser.Decoder{Limits: l}}
}

type breaking struct{ parser.Decoder }

func (b *breaking) Text(data []byte) (parser.Packet, bool, error) {
	if bytes.Contains(data, []byte("panic-in")) {
		panic("in")
	}
	return b.Decoder.Text(data)
}

func (b *breaking) Reset() { panic("reset") }

// A dialect is user code: its panic is an error of the packet, and ends a connection at most.
func TestDialectThatPanics(t *testing.T) {
	server, web := serve(t, &socketio.Options{Parser: broken{}})
	server.Of("/panic")
	healthy := dialWebSocket(t, web)
	healthy.join("/")
	for _, name := range []string{"panic", "silence"} {
		if err := server.Emit(name); err == nil {
			t.Errorf("%s is no error of a broadcast", name)
		}
		if err := server.Sockets()[0].Emit(name); err == nil {
			t.Errorf("%s is no error of an emit", name)
		}
	}
	p := dialWebSocket(t, web)
	p.join("/")
	p.send(`0/panic`) // neither of its answers can be said
	eventually(t, func() bool { return server.Stats().Panics == 4 })
	p.send(`2["panic-in"]`)
	p.closed()
	healthy.nothingMore(server)
	eventually(t, func() bool { return server.Stats().Panics == 6 }) // at the message, and at the end
}

// mute makes no decoder.
type mute struct{ parser.JSON }

func (mute) NewDecoder(parser.Limits) parser.MessageDecoder { panic("no decoder") }

// Such a server closes each connection, and lives.
func TestDialectWithoutDecoder(t *testing.T) {
	server, web := serve(t, &socketio.Options{Parser: mute{}})
	for range 2 {
		p := dialWebSocket(t, web)
		p.send(`0`)
		p.closed()
	}
	if server.Stats().Panics < 2 {
		t.Error("panics are not counted")
	}
}
