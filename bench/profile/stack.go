package profile

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// frame is one line of a stack.
type frame struct {
	symbol string
	kernel bool
}

// stacks reads the output of perf script -F ip,sym,dso, and gives each stack from its leaf on.
func stacks(r io.Reader, each func([]frame)) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	var stack []frame
	end := func() {
		if len(stack) > 0 {
			each(stack)
		}
		stack = stack[:0]
	}
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			end()
			continue
		}
		_, rest, _ := strings.Cut(line, " ") // the address
		open := strings.LastIndex(rest, " (")
		if open < 0 {
			return fmt.Errorf("not a line of perf script: %q", line)
		}
		stack = append(stack, frame{rest[:open], strings.HasPrefix(rest[open:], " ([kernel")})
	}
	end()
	return lines.Err()
}
