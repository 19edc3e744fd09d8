package shape

// Document is all that was found.
type Document struct {
	Packages   []string // import paths of the packages that were read
	Namespaces []Namespace
	Types      []*Named // in order of their names
}

// Namespace is a namespace of a server with its events, in the order of the source.
type Namespace struct {
	Name   string // as "/" or "/chat"
	Events []Event
}

// Side is an end of the connection.
type Side int

// The two ends.
const (
	Client Side = iota + 1
	Server
)

// Event is an event in one direction.
type Event struct {
	Name string
	Doc  string
	From Side // who sends it
	Arguments
	Answer *Answer // nil: it is one way
}

// Answer is what the other side answers a request with.
type Answer struct {
	Arguments
	Failure Type // what a handler that failed answers with instead; nil: none does
}

// Arguments are a list of values.
type Arguments struct {
	List []Argument
	Any  bool // there may be any others behind those of the list
}

// Argument is one value of a list.
type Argument struct {
	Name     string
	Type     Type
	Optional bool // may be left out, with all that follow
}

// Minimum is how many values there are at least.
func (a Arguments) Minimum() int {
	n := len(a.List)
	for n > 0 && a.List[n-1].Optional {
		n--
	}
	return n
}

// Sent gives the events that a side sends, in the order of the source.
func (n Namespace) Sent(from Side) []Event {
	var events []Event
	for _, e := range n.Events {
		if e.From == from {
			events = append(events, e)
		}
	}
	return events
}
