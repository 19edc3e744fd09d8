package check

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// What can be wrong with a message.
var (
	ErrSkipped  = errors.New("messages before it were lost or come later")
	ErrRepeated = errors.New("it was there before")
	ErrAltered  = errors.New("its content is not what was sent")
)

// Filling is what messages are made of besides their numbers.
type Filling struct {
	table  []byte
	period int
}

// NewFilling repeats a pattern.
func NewFilling(pattern string) *Filling {
	const longest = 128 << 10
	return &Filling{bytes.Repeat([]byte(pattern), longest/len(pattern)+2), len(pattern)}
}

// Patterns: Letters need no escape in JSON, Octets are no UTF-8.
const (
	Letters = "the quick brown fox jumps over the lazy dog while 5 wizards quietly box "
	Octets  = "\x00\x01\x02\xff\xfe\x80\n\r\xc3\x28\"\\\x07\xa0\xa1\xe2\x82"
)

// Append appends message k of sender who, size bytes in all: both numbers and a piece of the filling that depends on
// them. The size is at least 24 and at most 64 KiB.
func (f *Filling) Append(dst []byte, who, k uint64, size int) []byte {
	from := len(dst)
	dst = strconv.AppendUint(dst, who, 10)
	dst = append(dst, '.')
	dst = strconv.AppendUint(dst, k, 10)
	dst = append(dst, ':')
	shift := int((who + k) % uint64(f.period))
	return append(dst, f.table[shift:shift+size-(len(dst)-from)]...)
}

// Checker tells whether a message is the one that is due. It is for one goroutine.
type Checker struct {
	filling *Filling
	size    int
	due     [16]due // the last ones, by number: many receivers wait for the same
	scratch []byte
}

type due struct {
	who, k uint64
	text   []byte // nil: none yet
}

// NewChecker makes one for messages of a size.
func NewChecker(f *Filling, size int) *Checker { return &Checker{filling: f, size: size} }

// Check compares got with message k of sender who.
func (c *Checker) Check(got []byte, who, k uint64) error {
	d := &c.due[(who+k)%uint64(len(c.due))]
	if d.text == nil || d.who != who || d.k != k {
		d.who, d.k, d.text = who, k, c.filling.Append(d.text[:0], who, k, c.size)
	}
	if bytes.Equal(got, d.text) {
		return nil
	}
	return c.explain(got, who, k)
}

// explain says what is wrong with got, which is not message k of sender who.
func (c *Checker) explain(got []byte, who, k uint64) error {
	reason := ErrAltered
	if from, number, ok := numbers(got); ok && from == who && number != k {
		c.scratch = c.filling.Append(c.scratch[:0], from, number, c.size)
		switch {
		case !bytes.Equal(got, c.scratch):
		case number > k:
			reason = ErrSkipped
		default:
			reason = ErrRepeated
		}
	}
	return fmt.Errorf("%.40q (%d bytes) where message %d of sender %d is due: %w", got, len(got), k, who, reason)
}

// numbers reads the sender and the number that a message begins with.
func numbers(text []byte) (who, k uint64, ok bool) {
	first, rest, _ := bytes.Cut(text, []byte("."))
	second, _, _ := bytes.Cut(rest, []byte(":"))
	who, err := strconv.ParseUint(string(first), 10, 64)
	if err != nil {
		return 0, 0, false
	}
	k, err = strconv.ParseUint(string(second), 10, 64)
	return who, k, err == nil
}
