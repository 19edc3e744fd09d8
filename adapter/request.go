package adapter

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Requester is an [Adapter] that also carries requests: commands and questions to the other nodes. A namespace whose
// adapter is none sees its own node only.
type Requester interface {
	// Tell queues a request without answers for every other node, under the same rules and in the same order as Publish.
	Tell(r Request) error
	// Ask queues a question likewise. Until it calls done, it calls answer for each answer that comes, with the name of
	// the node that gave it; the calls come one at a time, from any goroutine, after Ask has returned. It calls done
	// once: when every other node has finished, with the error of a node if there was one, or as soon as ctx ends, with a
	// [*MissingError] if there are nodes that were not heard of. An error of Ask itself means that nothing was queued,
	// and that done is not called.
	Ask(ctx context.Context, r Request, answer func(node string, a Answer), done func(error)) error
}

// Kind says what a [Request] is about.
type Kind uint8

// The commands, for Tell, and the questions, for Ask. ServerSideEmit is both.
const (
	SocketsJoin       Kind = iota + 1 // the sockets join the rooms Targets
	SocketsLeave                      // the sockets leave the rooms Targets
	DisconnectSockets                 // the sockets are disconnected
	ServerSideEmit                    // Event goes to the handlers of the node; one answer a node, if asked
	FetchSockets                      // which sockets are there: one answer a socket
	EmitWithAck                       // Event goes to the sockets: an answer with Receivers first, then one a socket
)

// Request is what one node wants of the others, beside broadcasts. It must not be changed.
type Request struct {
	Kind Kind

	Rooms  []string // whose sockets: see Message; not for ServerSideEmit
	Except []string

	Targets []string // of SocketsJoin and SocketsLeave
	Close   bool     // of DisconnectSockets: the connections end too

	Event       []byte // of ServerSideEmit and EmitWithAck: see Message
	Attachments [][]byte
	Volatile    bool
	NoCompress  bool

	// Timeout is how long answers to a question are waited for.
	Timeout time.Duration
}

// Answer is one answer to a question.
type Answer struct {
	// Receivers are the ids of the sockets that an EmitWithAck goes to. It comes first, even if there are none, and alone.
	Receivers []string

	ID        string   // of the socket, for FetchSockets and EmitWithAck
	Rooms     []string // of the socket, for FetchSockets
	Handshake []byte   // of the socket, for FetchSockets: the JSON object of the reference implementation
	// Data is JSON: an object of the socket's data for FetchSockets, else the array of the arguments that were answered,
	// with a placeholder for each attachment.
	Data        []byte
	Attachments [][]byte
	Err         string // there is no answer: "timeout", "disconnected", or the reason in words
}

// MissingError names the nodes that a question got no answer from in time. What the others answered is there.
type MissingError struct {
	Nodes []string // by name; empty if only their number is known
	Count int
}

func (e *MissingError) Error() string {
	if len(e.Nodes) == 0 {
		return fmt.Sprintf("socketio: no answer of %d nodes", e.Count)
	}
	return "socketio: no answer of nodes: " + strings.Join(e.Nodes, ", ")
}
