package attack

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/raw"
	"github.com/socketio-go/socketio/test/residue"
)

// TestShapes sends events whose arguments are nested and many in every way, to a server on which nobody hears them and to
// one with twenty handlers that decode them. What is within the limits of depth and number is answered; what is beyond ends
// its own session, and the witness is answered meanwhile. SHAPE_SEED repeats a run.
func TestShapes(t *testing.T) {
	seed := uint64(1)
	if full {
		seed = uint64(time.Now().UnixNano())
	}
	if text := os.Getenv("SHAPE_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SHAPE_SEED=%d", seed)
	shapes, part := 60, 10
	if full {
		shapes, part = 1_000, 1
	}
	for _, handlers := range []int{0, 20} {
		t.Run(fmt.Sprintf("%d handlers", handlers), func(t *testing.T) {
			io := socketio.NewServer(&socketio.Options{Logger: slog.New(slog.DiscardHandler)})
			io.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
			for range handlers / 4 {
				io.On("shape", func(context.Context, *socketio.Socket, any) error { return nil })
				io.On("shape", func(context.Context, *socketio.Socket, []any) error { return nil })
				io.On("shape", func(context.Context, *socketio.Socket, map[string]any) error { return nil })
				io.OnEvent("shape", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error {
					into := make([]any, e.Len())
					targets := make([]any, len(into))
					for i := range into {
						targets[i] = &into[i]
					}
					if err := e.Decode(targets...); err != nil {
						t.Errorf("%.100q does not decode: %v", e.Args(), err)
					}
					return nil
				})
			}
			if err := io.Listen("127.0.0.1:0"); err != nil {
				t.Fatal(err)
			}
			s := &site{addr: io.Addr().String(), sizes: sizes{part: part}}
			before := residue.Of(io)
			s.witness = startWitness(t, s.addr)
			random := rand.New(rand.NewPCG(seed, uint64(handlers)))
			inside, outside := 0, 0
			for n := range shapes {
				shape, within := newShape(random, s.sizes)
				if within {
					inside++
				} else {
					outside++
				}
				s.witness.watch(t, func() { send(t, s, transports[n%2], shape, within) })
				if t.Failed() {
					t.Fatalf("shape %d, within the limits: %v, %d bytes: %.300s", n, within, len(shape), shape)
				}
			}
			s.witness.leave(t)
			before.Await(t, io, heapGrowth)
			if err := io.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			if stats := io.Stats(); stats.Panics > 0 {
				t.Errorf("%d panics", stats.Panics)
			}
			if inside < shapes/5 || outside < shapes/5 {
				t.Errorf("%d shapes within the limits and %d beyond: the set tells little", inside, outside)
			}
		})
	}
}

// send sends an event with the arguments in shape.
func send(t *testing.T, s *site, transport, shape string, within bool) {
	p, err := raw.Connect(s.addr, transport)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	p.Say(`42["shape",` + shape + `]`) // the session may be over before it is written whole
	err = p.Ask(`4299["echo","after"]`, `399["after"]`)
	switch {
	case within && err != nil:
		t.Errorf("the session is hurt: %v", err)
	case !within && err == nil:
		t.Error("the session goes on")
	case !within && !ended(err):
		t.Errorf("no end: %v", err)
	}
}

// Limits of docs/limits.md.
const (
	deepest       = 512     // JSON
	mostArguments = 1_000   // of an event
	largest       = 900_000 // bytes, at full size
)

// newShape makes the arguments of an event, and says whether they are within the limits.
func newShape(random *rand.Rand, size sizes) (args string, within bool) {
	count, depth := 1, 0
	switch random.IntN(4) {
	case 0: // few, nested
		count, depth = 1+random.IntN(5), deepest/2+random.IntN(deepest)
	case 1: // many, flat
		count, depth = mostArguments-200+random.IntN(400), random.IntN(3)
	case 2: // both, to the limit of the size
		count, depth = 1+random.IntN(2*mostArguments), random.IntN(deepest)
	case 3: // very deep
		count, depth = 1, deepest+random.IntN(size.of(100_000))
	}
	var all strings.Builder
	made, reached := 0, 0
	for made < count && (made == 0 || all.Len() < size.of(largest)-8*(depth+1)) {
		if made > 0 {
			all.WriteByte(',')
		}
		d := depth
		if made > 0 && depth > 0 {
			d = random.IntN(depth + 1)
		}
		nest(&all, random, d)
		reached = max(reached, d)
		made++
	}
	// The arguments stand in the array of the event, which is a level too, and beside its name.
	return all.String(), made <= mostArguments && reached+1 <= deepest
}

// nest writes a value of the depth, of arrays and objects in a random order, with siblings here and there.
func nest(all *strings.Builder, random *rand.Rand, depth int) {
	closing := make([]byte, 0, depth)
	for range depth {
		if random.IntN(2) == 0 {
			all.WriteByte('[')
			if random.IntN(4) == 0 {
				all.WriteString(`0,`)
			}
			closing = append(closing, ']')
		} else {
			all.WriteString(`{"a":`)
			closing = append(closing, '}')
		}
	}
	all.WriteString([]string{`1`, `"x"`, `null`, `true`, `-0.5e3`}[random.IntN(5)])
	for i := len(closing) - 1; i >= 0; i-- {
		all.WriteByte(closing[i])
	}
}
