package autobahn

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/engineio/transport/websocket"
	"github.com/socketio-go/socketio/test/raw"
)

// kind is one of the kinds of messages.
type kind struct {
	first byte
	data  string
}

// material is what messages are cut from, of the kinds that the suite has: JSON, a picture, a play, a page, a PDF.
func material() []kind {
	random := rand.New(rand.NewPCG(1, 2))
	make1 := func(piece func(*strings.Builder)) string {
		var b strings.Builder
		for b.Len() < 256*kib {
			piece(&b)
		}
		return b.String()
	}
	words := strings.Fields("Habe nun ach Philosophie Juristerei und Medizin und leider auch Theologie durchaus studiert mit heissem Bemuehn")
	return []kind{
		{raw.Text, make1(func(b *strings.Builder) {
			fmt.Fprintf(b, `{"id":%d,"name":"%s","tags":["%s"],"ok":true},`, random.Uint32(), words[random.IntN(len(words))], words[random.IntN(len(words))])
		})},
		{raw.Binary, make1(func(b *strings.Builder) { b.WriteByte(byte(128 + random.NormFloat64()*10)) })},
		{raw.Binary, make1(func(b *strings.Builder) { b.WriteString(words[random.IntN(len(words))] + " ") })},
		{raw.Text, make1(func(b *strings.Builder) {
			fmt.Fprintf(b, "<li class=\"item\">%s\u20ac %d</li>\n", words[random.IntN(len(words))], random.IntN(100))
		})},
		{raw.Binary, make1(func(b *strings.Builder) { b.WriteByte(byte(random.Uint32())) })},
	}
}

// sizes are the lengths of messages and of their fragments, 0 is whole.
var sizes = [][2]int{
	{16, 0}, {64, 0}, {256, 0}, {kib, 0}, {4 * kib, 0}, {8 * kib, 0}, {16 * kib, 0}, {32 * kib, 0}, {64 * kib, 0}, {128 * kib, 0},
	{8 * kib, 256}, {16 * kib, 256}, {32 * kib, 256}, {64 * kib, 256}, {128 * kib, 256}, {128 * kib, kib}, {128 * kib, 4 * kib}, {128 * kib, 32 * kib},
}

// squeezer compresses as a client does that starts each message afresh.
type squeezer struct {
	out bytes.Buffer
	w   *flate.Writer
}

func (s *squeezer) squeeze(m string) string {
	if s.w == nil {
		s.w, _ = flate.NewWriter(&s.out, flate.DefaultCompression)
	}
	s.out.Reset()
	s.w.Reset(&s.out)
	io.WriteString(s.w, m)
	s.w.Flush()
	return strings.TrimSuffix(s.out.String(), "\x00\x00\xff\xff")
}

// expand inflates what the server compressed, without anything from the message before.
func expand(b []byte) (string, error) {
	rest := "\x00\x00\xff\xff\x01\x00\x00\xff\xff"
	m, err := io.ReadAll(flate.NewReader(io.MultiReader(bytes.NewReader(b), strings.NewReader(rest))))
	return string(m), err
}

// exchange sends count messages of n characters, compressed, and wants each back.
func exchange(t *testing.T, c *raw.Conn, first byte, data string, n, fragment, count int) {
	t.Helper()
	runes := []rune(data)
	if first == raw.Binary {
		runes = nil
	}
	var s squeezer
	compressed := 0
	for k := range count {
		var m string
		if runes != nil {
			at := k * n % (len(runes) - n)
			m = string(runes[at : at+n])
		} else {
			at := k * n % (len(data) - n)
			m = data[at : at+n]
		}
		small := s.squeeze(m)
		pieces := len(small)
		if fragment > 0 {
			pieces = fragment
		}
		frames := fragments(first, small, max(1, pieces))
		frames[0][0] |= 0x40
		sent := make(chan error, 1)
		go func() { sent <- c.Send(bytes.Join(frames, nil)) }()
		got, err := c.Frame()
		if err == nil && got.First&0x40 != 0 {
			compressed++
			got.First &^= 0x40
			var plain string
			plain, err = expand(got.Payload)
			got.Payload = []byte(plain)
		}
		if err != nil || got.First != first || string(got.Payload) != m {
			t.Fatalf("message %d of %d bytes comes back as %d of %#02x, %v", k, len(m), len(got.Payload), got.First, err)
		}
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
	}
	if n >= kib && len(s.squeeze(data[:n])) < n*9/10 && compressed == 0 {
		t.Error("nothing came back compressed")
	}
	leave(t, c)
}

// Section 12: compressed messages of all kinds and sizes, with the offer that says nothing more.
func TestDeflate(t *testing.T) {
	kinds := material()
	for i, peer := range peers {
		if i > 0 {
			kinds = kinds[:size(2, len(kinds))] // the code is the same on both sides, but for the mask
		}
		compressed(t, peer.echo(t, websocket.Options{Deflate: &websocket.Deflate{Threshold: -1}}), peer.name, kinds)
	}
}

func compressed(t *testing.T, addr, name string, kinds []kind) {
	for i, m := range kinds {
		for k, s := range sizes {
			t.Run(fmt.Sprintf("%s12.%d.%d", name, i+1, k+1), func(t *testing.T) {
				c, header := open(t, addr, "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; client_max_window_bits")
				agreed(t, header.Get("Sec-WebSocket-Extensions"), "")
				exchange(t, c, m.first, m.data, s[0], s[1], size(3, 1000))
			})
		}
	}
}

// Section 13: what a client may ask of the server's compression. What the server can't do, a small window, it declines,
// which the suite takes for unimplemented.
func TestDeflateOffers(t *testing.T) {
	addr := echo(t, websocket.Options{Deflate: &websocket.Deflate{Threshold: -1}})
	const plain, fresh, small, large = "permessage-deflate", "; server_no_context_takeover", "; server_max_window_bits=9", "; server_max_window_bits=15"
	text := material()[0]
	for i, tt := range []struct {
		offer    string
		declined bool
		bits     string
	}{
		{plain, false, ""},
		{plain + fresh, false, ""},
		{plain + small, true, ""},
		{plain + large, false, "15"},
		{plain + fresh + small, true, ""},
		{plain + fresh + large, false, "15"},
		{plain + fresh + small + ", " + plain + fresh + ", " + plain, false, ""},
	} {
		for k, s := range sizes {
			t.Run(fmt.Sprintf("13.%d.%d", i+1, k+1), func(t *testing.T) {
				c, header := open(t, addr, "Sec-WebSocket-Extensions: "+tt.offer)
				answer := header.Get("Sec-WebSocket-Extensions")
				if tt.declined {
					if answer != "" {
						t.Errorf("answered with %q", answer)
					}
					leave(t, c)
					return
				}
				agreed(t, answer, tt.bits)
				exchange(t, c, text.first, text.data, s[0], s[1], size(1, 1000))
			})
		}
	}
}

// agreed wants the answer of a server that starts each message afresh, and asks the same of its client.
func agreed(t *testing.T, answer, bits string) {
	t.Helper()
	got := map[string]string{}
	for part := range strings.SplitSeq(answer, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		got[name] = value
	}
	_, deflate := got["permessage-deflate"]
	_, server := got["server_no_context_takeover"]
	_, client := got["client_no_context_takeover"]
	if !deflate || !server || !client || got["server_max_window_bits"] != bits {
		t.Fatalf("answered with %q", answer)
	}
}
