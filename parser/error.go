package parser

import "strconv"

// Reason says what is wrong with a packet, in few fixed words: fit for a log field or a label of a metric.
type Reason string

// The reasons a [MessageDecoder] gives. All of them mean that the peer broke the protocol.
const (
	UnknownType         Reason = "unknown packet type"
	IllegalAttachments  Reason = "illegal attachments"  // the number of attachments is none, zero or not a number
	TooManyAttachments  Reason = "too many attachments" // more than Limits.Attachments
	IllegalPlaceholder  Reason = "illegal placeholder"  // not one placeholder for each attachment
	AttachmentsTooLarge Reason = "attachments too large"
	IllegalID           Reason = "illegal id"      // an acknowledgement id that overflows
	InvalidPayload      Reason = "invalid payload" // not JSON, or not what this packet type may bear
	ReservedEvent       Reason = "reserved event name"
	TooDeep             Reason = "payload too deep"
	TooManyArguments    Reason = "too many arguments"
	UnexpectedText      Reason = "text while attachments are pending"
	UnexpectedBinary    Reason = "binary message without a packet"

	// Those of other dialects.
	IllegalNamespace Reason = "illegal namespace" // does not begin with a slash
	NotBinary        Reason = "text where every message is binary"
	Malformed        Reason = "malformed message" // not in the dialect at all
)

// Error is the error of a [MessageDecoder]. The connection it came from should be closed.
type Error struct {
	Reason Reason
	Offset int // in bytes of the message, where the fault was noticed
}

// Error returns the reason and the place. It never quotes the message.
func (e *Error) Error() string {
	return "socket.io packet: " + string(e.Reason) + " at byte " + strconv.Itoa(e.Offset)
}
