package differential

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/parser"
)

// full says whether the tests run at full size.
func full() bool { return os.Getenv("SOAK") != "" }

// size picks the size of a test.
func size(small, large int) int {
	if full() {
		return large
	}
	return small
}

// usedSeed is where the tests begin: 1, at full size any other; SOAK_SEED repeats a run.
var usedSeed = func() string {
	switch text := os.Getenv("SOAK_SEED"); {
	case text != "":
		return text
	case full():
		return strconv.FormatInt(time.Now().UnixNano(), 10)
	}
	return "1"
}()

func seed(t *testing.T) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(usedSeed, 10, 64)
	if err != nil {
		t.Fatalf("SOAK_SEED: %v", err)
	}
	t.Logf("SOAK_SEED=%d", n)
	return n
}

// take gives a sequence to our decoder, up to what it refuses.
func take(frames []frame) (taken []reading) {
	var d parser.Decoder
	for _, f := range frames {
		step := d.Text
		if f.binary {
			step = d.Binary
		}
		p, done, err := step(f.data)
		if taken = append(taken, reading{p, done, err}); err != nil {
			break
		}
	}
	return taken
}

// reading is what comes of one message.
type reading struct {
	packet parser.Packet
	done   bool
	err    error
}

// decode is what our decoder makes of a sequence, in the words of parser.js.
func decode(frames []frame) (words []string) {
	for _, r := range take(frames) {
		p, done, err := r.packet, r.done, r.err
		switch {
		case err != nil:
			return append(words, "refused")
		case done:
			words = append(words, packetWord(p))
		default:
			words = append(words, "wait")
		}
	}
	return words
}

// parting is where two readings of a sequence part, and the packet that was being read then; -1 if they agree.
func parting(frames []frame, ours, theirs []string) (at int, h header) {
	at = -1
	for i := range max(len(ours), len(theirs)) {
		if i >= len(ours) || i >= len(theirs) || ours[i] != theirs[i] {
			at = i
			break
		}
	}
	if at < 0 {
		return at, h
	}
	bytes := 0
	for i := at; i >= 0; i-- {
		if !frames[i].binary {
			return at, takeApart(string(frames[i].data), bytes)
		}
		bytes += len(frames[i].data)
	}
	return at, h
}

// difference that a parting is, or nil.
func explain(h header) *difference {
	for i := range differences {
		if differences[i].fits(h) {
			return &differences[i]
		}
	}
	return nil
}

func words(answer string) []string {
	if answer == "" {
		return nil
	}
	return strings.Split(answer, "\t")
}

// Both decoders make the same of what a connection sends, except as listed.
func TestDecode(t *testing.T) {
	n := size(20_000, 1_000_000)
	start := time.Now()
	first := seed(t)
	asked, checked := newGenerator(first, 0), newGenerator(first, 0)
	seen := map[string]int{}
	packets, refused, frames, disagreements := 0, 0, 0, 0
	ask(t, n, func(int) []any {
		q := []any{"d"}
		for _, f := range asked.sequence() {
			q = append(q, f)
		}
		return q
	}, func(i int, answer string) {
		sequence := checked.sequence()
		frames += len(sequence)
		ours, theirs := decode(sequence), words(answer)
		for _, w := range ours {
			switch w {
			case "refused":
				refused++
			case "wait":
			default:
				packets++
			}
		}
		at, h := parting(sequence, ours, theirs)
		if at < 0 {
			return
		}
		d := explain(h)
		if d != nil && !(at < len(theirs) && theirs[at] == "refused") { // nothing is accepted here that is refused there
			seen[d.id]++
			return
		}
		if disagreements++; disagreements <= 20 {
			t.Errorf("sequence %d parts at message %d, which is in no list:\n  %s\n  ours   %q\n  theirs %q", i, at, show(sequence), ours, theirs)
		}
	})
	listed := 0
	for _, d := range differences {
		listed += seen[d.id]
	}
	result(t, start, "%d sequences, %d messages: %d packets, %d refusals; %d sequences part as listed, %d otherwise",
		n, frames, packets, refused, listed, disagreements)
	if packets < n/2 || refused < n/5 {
		t.Errorf("only %d packets and %d refusals in %d sequences: the generator makes too little of one", packets, refused, n)
	}
	counted(seen)
}

// show writes a sequence so that it can be read.
func show(frames []frame) string {
	var b strings.Builder
	for _, f := range frames {
		if f.binary {
			fmt.Fprintf(&b, "<% x> ", f.data)
		} else {
			fmt.Fprintf(&b, "%.300q ", f.data)
		}
	}
	return b.String()
}

// Each listed difference is one: on its examples the two part, and in that way alone.
func TestEveryListedDifferenceIsReal(t *testing.T) {
	type example struct {
		*difference
		frames []frame
	}
	var all []example
	for i := range differences {
		for _, frames := range differences[i].examples {
			all = append(all, example{&differences[i], frames})
		}
	}
	ask(t, len(all), func(i int) []any {
		q := []any{"d"}
		for _, f := range all[i].frames {
			q = append(q, f)
		}
		return q
	}, func(i int, answer string) {
		e := all[i]
		ours, theirs := decode(e.frames), words(answer)
		at, h := parting(e.frames, ours, theirs)
		switch {
		case at < 0:
			t.Errorf("%s: %s: no difference: %q", e.id, show(e.frames), ours)
		case !e.fits(h):
			t.Errorf("%s: %s: another difference: ours %q, theirs %q", e.id, show(e.frames), ours, theirs)
		}
	})
}
