package adapter

import "context"

// New makes the adapter of one namespace. It must not block: what has to be connected is connected meanwhile.
type New func(node Node) Adapter

// Adapter carries broadcasts to the other nodes, and hands theirs to its own [Node]. The methods are safe for use by
// several goroutines.
type Adapter interface {
	// Publish queues m for every other node. It is called in the order in which the local receivers get the broadcasts,
	// under the lock that keeps that order: so it must not block and must not call the node. It may keep m, and must not
	// change it. An error means that m reaches no other node.
	Publish(m Message) error
	// Close lets go of everything. What is queued is sent as long as ctx allows.
	Close(ctx context.Context) error
}

// Node is a namespace of this process, as its adapter sees it.
type Node interface {
	// Namespace is the name, such as "/".
	Namespace() string
	// Deliver hands a broadcast of another node to the receivers on this one. It must be called in the order in which
	// that node published, and keeps m.
	Deliver(m Message) error
	// Obey does what another node told, in the order of [Requester.Tell] and its broadcasts. It does not wait for handlers.
	Obey(r Request) error
	// Answer answers what another node asked. It takes the question in the order of [Requester.Ask] and returns; then it
	// calls answer for each answer, one call at a time, and done once when no more will come, which is at the latest when
	// the question's Timeout is over. An error means that the question can't be answered, and done is not called.
	Answer(r Request, answer func(Answer), done func()) error
}

// Message is one event on its way to the sockets of a namespace. It must not be changed.
type Message struct {
	Rooms  []string // receivers are the members of any of them; none means everybody
	Except []string // but for the members of these
	// Event is the JSON array of the name and the arguments; each attachment stands in it as a placeholder
	// (Socket.IO protocol 5, "Packet encoding").
	Event       []byte
	Attachments [][]byte

	Volatile   bool // a receiver that can't take it at once does not get it
	NoCompress bool // transports are asked to send it as it is

	Offset string // its place in the log, see [Recovery]; empty if it has none
}
