package rooms

// Kind says what happened to a room.
type Kind uint8

const (
	Created Kind = iota // the room came into being; Joined follows
	Joined              // the member came in
	Left                // the member went out
	Deleted             // the room is gone; Left went before
)

// Change is one thing that happened in an index.
type Change[M comparable] struct {
	Kind   Kind
	Room   string
	Member M // who caused it
}
