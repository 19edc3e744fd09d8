package inmemory

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// An offset is "<epoch>.<position>": the epoch names one life of a log, and the position counts its events over all
// lives. So a text that happens to stand last in an event is not taken for an offset, one of another server's log is
// known as such, and one that was given out after the state was saved is not taken for what came in its place later.
//
// An epoch is 8 characters of base64url and begins with "r": clients of ours tell offsets from other strings by their
// shape, their length and their first character.
const (
	epochLetter = "r"
	epochBytes  = 5 // 40 bits, 7 characters
	epochLength = 8
	maxEpochs   = 8 // that are remembered
)

// epoch is one life of a log. It has given out offsets behind the position start.
type epoch struct {
	name        string
	start, last uint64 // last is that of a life that is over
}

// epochs are the lives of a log, the present one last.
type epochs []epoch

func newEpoch() string {
	var b [epochBytes]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return epochLetter + base64.RawURLEncoding.EncodeToString(b[:])
}

// begin begins a life behind the position that the one before has reached.
func (e *epochs) begin(start uint64) {
	if n := len(*e); n > 0 {
		(*e)[n-1].last = start
	}
	*e = append(*e, epoch{name: newEpoch(), start: start})
	if n := len(*e); n > maxEpochs {
		*e = slices.Clone((*e)[n-maxEpochs:])
	}
}

// offset is the offset of a position. A position before the first life that is remembered counts to that one.
func (e epochs) offset(pos uint64) string {
	i := len(e) - 1
	for i > 0 && pos <= e[i].start {
		i--
	}
	b := make([]byte, 0, epochLength+12)
	b = append(append(b, e[i].name...), '.')
	return string(strconv.AppendUint(b, pos, 10))
}

// position is the position of an offset that was given out. Last is that of the log.
func (e epochs) position(offset string, last uint64) (pos uint64, ok bool) {
	name, digits, _ := strings.Cut(offset, ".")
	if len(name) != epochLength || len(digits) == 0 || len(digits) > 20 || len(digits) > 1 && digits[0] == '0' {
		return 0, false
	}
	pos, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || digits[0] == '+' {
		return 0, false
	}
	for i, life := range e {
		if life.name != name {
			continue
		}
		if i < len(e)-1 {
			last = life.last
		}
		return pos, life.start <= pos && pos <= last
	}
	return 0, false
}

// place is the position in an offset of our own making, whatever the life.
func place(offset string) uint64 {
	_, digits, _ := strings.Cut(offset, ".")
	pos, _ := strconv.ParseUint(digits, 10, 64) // none is the beginning
	return pos
}
