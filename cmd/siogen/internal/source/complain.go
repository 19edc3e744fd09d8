package source

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
)

// complaint is something wrong with the source.
type complaint struct {
	at   token.Position
	text string
}

func (c complaint) Error() string { return fmt.Sprintf("%s: %s", c.at, c.text) }

// complain notes what is wrong and where.
func (p *program) complain(pos token.Pos, format string, args ...any) {
	p.wrong = append(p.wrong, complaint{p.position(pos), fmt.Sprintf(format, args...)})
}

// complaints is everything that is wrong, each once, in the order of the source; nil if nothing is.
func (p *program) complaints() error {
	slices.SortStableFunc(p.wrong, func(a, b complaint) int {
		return cmp.Or(cmp.Compare(a.at.Filename, b.at.Filename), cmp.Compare(a.at.Offset, b.at.Offset), cmp.Compare(a.text, b.text))
	})
	var all []error
	for _, c := range slices.Compact(p.wrong) {
		all = append(all, c)
	}
	return errors.Join(all...)
}

// position is told from the folder of the go command.
func (p *program) position(pos token.Pos) token.Position { return p.relative(p.fset.Position(pos)) }

func (p *program) relative(at token.Position) token.Position {
	if dir, err := filepath.Abs(p.dir); err == nil {
		if rel, err := filepath.Rel(dir, at.Filename); err == nil {
			at.Filename = filepath.ToSlash(rel)
		}
	}
	return at
}
