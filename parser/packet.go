package parser

// Type is the kind of a Socket.IO packet (Socket.IO protocol 5, "Packet types").
type Type byte

const (
	Connect      Type = iota // 0: join a namespace
	Disconnect               // 1: leave a namespace
	Event                    // 2: an event, maybe with an acknowledgement id
	Ack                      // 3: the answer to an event
	ConnectError             // 4: a namespace refused
	BinaryEvent              // 5: an event with attachments
	BinaryAck                // 6: an answer with attachments
)

// Packet is one Socket.IO packet. Decoded packets bear the type Event or Ack whether or not they had attachments;
// encoding picks the binary type by itself when there are some.
type Packet struct {
	Type      Type
	Namespace string // "/" is the default; "" means the same
	ID        uint64 // acknowledgement id, when HasID
	HasID     bool
	// Data is the payload as JSON: an array for Event and Ack, an object or a string or nothing for the others.
	// An attachment stands in it as {"_placeholder":true,"num":i}.
	Data        []byte
	Attachments [][]byte
}
